// tests/mlflow/support.ts
// Purpose: short ways to ask MLflow's API and to say what an error must be.
// Why: the tests of the calls read as what was asked and what came.
// Relevant files: tests/mlflow/transport.test.ts, tests/support/tracker.ts, mlflow/errors.ts

import { expect } from 'vitest';
import type { Answer, Tracker } from '../support/tracker.ts';

type Body = Record<string, unknown>;

export interface Mlflow {
  /** Below `/api/2.0/mlflow`, answered with 200. */
  get: <T = Body>(path: string, query?: Record<string, string | string[]>) => Promise<T>;
  post: <T = Body>(path: string, body?: unknown) => Promise<T>;
  /** The same, refused with this code. */
  refused: (code: string, method: string, path: string, body?: unknown) => Promise<Body>;
  /** A new experiment's id, a new run's id. */
  experiment: (body?: Body) => Promise<string>;
  run: (body?: Body) => Promise<string>;
}

const API = '/api/2.0/mlflow';
let made = 0;

export function mlflowOf(tracker: Tracker): Mlflow {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await tracker.api<T>(method, API + path, body);
    expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBe(200);
    return answer.body;
  };
  const mlflow: Mlflow = {
    get: (path, query = {}) => ask('GET', path + queryOf(query)),
    post: (path, body = {}) => ask('POST', path, body),
    refused: async (code, method, path, body) => expectError(await tracker.api(method, API + path, body), code),
    experiment: async (body = {}) => {
      const name = `experiment ${++made}`;
      return (await mlflow.post<{ experiment_id: string }>('/experiments/create', { name, ...body })).experiment_id;
    },
    run: async (body = {}) => {
      const experiment_id = body['experiment_id'] ?? (await mlflow.experiment());
      const { run } = await mlflow.post<{ run: { info: { run_id: string } } }>('/runs/create', {
        experiment_id,
        ...body,
      });
      return run.info.run_id;
    },
  };
  return mlflow;
}

function queryOf(query: Record<string, string | string[]>): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  return pairs.length > 0 ? `?${new URLSearchParams(pairs).toString()}` : '';
}

const STATUSES: Record<string, number> = { RESOURCE_DOES_NOT_EXIST: 404, ENDPOINT_NOT_FOUND: 404 };

export function expectError({ status, headers, body }: Answer, code: string, as?: number): Body {
  expect(body, JSON.stringify(body)).toEqual({ error_code: code, message: expect.stringMatching(/./) as string });
  expect(status).toBe(as ?? STATUSES[code] ?? 400);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  return body as Body;
}
