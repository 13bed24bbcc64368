// tests/api/bad-requests.test.ts
// Purpose: sends every wrong request of the table and looks at status, named field and the whole database afterwards.
// Why: a wrong request is told what is wrong and changes nothing.
// Relevant files: tests/api/bad-rows.ts, tests/api/bad-page-rows.ts, tests/api/dump.ts, shared/http/problems.ts

import { beforeAll, describe, expect, test } from 'vitest';
import { ExperimentStatus } from '../../experiments/models.ts';
import { RunStatus } from '../../runs/models.ts';
import { raw } from '../support/raw.ts';
import { useTracker } from '../support/use.ts';
import { PAGE_ROWS } from './bad-page-rows.ts';
import { API_ROWS, type BadRow } from './bad-rows.ts';
import { dumpOf } from './dump.ts';

interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors: { path: string; message: string }[];
}

const tracker = useTracker();
let before: Awaited<ReturnType<typeof dumpOf>>;
const places: Record<string, string | number> = {};

beforeAll(async () => {
  const create = async (path: string, body: object): Promise<string | number> => {
    const answer = await tracker.api<{ id: string | number }>('POST', path, body);
    expect(answer.status).toBe(201);
    return answer.body.id;
  };
  places['exp'] = await create('/api/experiments', { name: 'first', tags: { model: 'mlp' } });
  places['run'] = await create('/api/runs', { experiment: 'first', params: { lr: 1 }, tags: { other: '' } });
  places['ended'] = await create('/api/runs', { experiment: 'first', status: RunStatus.Finished });
  places['trash'] = await create('/api/runs', { experiment: 'first' });
  places['gone'] = await create('/api/experiments', { name: 'gone' });
  places['lost'] = await create('/api/runs', { experiment: 'gone' });
  places['tag'] = await create('/api/tags', { key: 'lonely' });
  places['reused'] = await create('/api/tags', { key: 'reused' });
  await tracker.api('DELETE', `/api/tags/${places['reused']}`);
  await create('/api/tags', { key: 'reused' });
  await create('/api/experiments', { name: 'archive', status: ExperimentStatus.Archived });
  const run = `/api/runs/${places['run']}`;
  await tracker.api('POST', `${run}/log`, { metrics: [0, 1, 2].map((step) => ({ key: 'loss', value: 1, step })) });
  for (const name of ['kept.txt', 'folder/inner.txt']) {
    expect((await raw(tracker.url, 'PUT', `${run}/artifacts/${name}`, { body: 'kept' })).status).toBe(201);
  }
  await tracker.api('DELETE', `/api/runs/${places['trash']}`);
  await tracker.api('DELETE', `/api/experiments/${places['gone']}`);
  before = await dumpOf(tracker.folder);
});

function fill(text: string): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole));
}

async function send(row: BadRow): ReturnType<typeof raw> {
  const headers = { ...row.headers };
  let body: string | undefined;
  if (row.form) {
    headers['content-type'] = 'application/x-www-form-urlencoded';
    body = fill(decodeURIComponent(new URLSearchParams(row.form as Record<string, string>).toString()));
  } else if (typeof row.body === 'object') {
    headers['content-type'] = 'application/json';
    body = fill(JSON.stringify(row.body));
  } else if (row.body !== undefined) body = fill(row.body);
  return raw(tracker.url, row.method, fill(row.path), { headers, ...(body === undefined ? {} : { body }) });
}

function nameOf({ method, path, body, form, headers, status, field, says }: BadRow): string {
  const sent = JSON.stringify(form ?? body ?? headers ?? '').slice(0, 70);
  return `${method} ${path.slice(0, 60)} ${sent} → ${status} ${field ?? says ?? ''}`;
}

const ROWS = [...API_ROWS, ...PAGE_ROWS];

test('the table is large and has every row once', () => {
  const keys = ROWS.map((row) => JSON.stringify(row));
  expect(new Set(keys).size).toBe(keys.length);
  expect(ROWS.length).toBeGreaterThanOrEqual(60);
});

describe('each wrong request is told what is wrong', () => {
  test.each(ROWS.map((row) => [nameOf(row), row] as const))('%s', async (_name, row) => {
    const answer = await send(row);
    expect(answer.status, answer.text.slice(0, 500)).toBe(row.status);
    if (row.headers?.['accept'] === 'text/html') {
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.text).toContain(row.says);
      return;
    }
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const problem = answer.json as ProblemBody;
    expect(problem).toMatchObject({ type: 'about:blank', status: row.status });
    expect(problem.title).not.toBe('');
    // A row about an endpoint that is not there must not pass.
    expect(problem.detail).not.toContain('There is nothing at');
    if (row.field !== null) expect(problem.errors.map((error) => error.path)).toContain(row.field);
    if (row.says !== undefined) expect(problem.detail).toContain(row.says);
    expect(row.field !== null || row.says !== undefined, 'a row must expect something').toBe(true);
  });
});

test('after all of them, every table and every file is as before', async () => {
  expect(Object.keys(before)).toContain('points');
  expect(before['files']).not.toEqual([]);
  expect(await dumpOf(tracker.folder)).toEqual(before);
});
