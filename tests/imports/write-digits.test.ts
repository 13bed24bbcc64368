// tests/imports/write-digits.test.ts
// Purpose: the 27 digits runs, imported, equal the MLflow store value by value as our HTTP API gives them.
// Why: this is the promise of an import; it is checked at the far end, against numbers our readers never touched.
// Relevant files: imports/write.ts, tests/fixtures/mlflow/digits-truth.json.gz, tests/imports/read-digits.test.ts

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';
import { DIGITS_PACK, FIXTURES } from './read-support.ts';
import { manage } from './write-support.ts';

interface Truth {
  experiment: string;
  runs: Record<string, TruthRun>;
}
interface TruthRun {
  name: string;
  status: number;
  start_time: number;
  end_time: number;
  params: Record<string, string>;
  tags: Record<string, string>;
  metrics: Record<string, { count: number; sha256: string }>;
  artifacts: Record<string, string>;
}
interface Points {
  items: { step: number; timestamp: number; value: number | string }[];
  next_cursor: string | null;
  total: number;
}
const MLFLOW_STATUS: Record<number, RunStatus> = { 3: RunStatus.Finished, 4: RunStatus.Failed, 5: RunStatus.Killed };

let tracker: Tracker;
let truth: Truth;

beforeAll(async () => {
  truth = JSON.parse(gunzipSync(await readFile(join(FIXTURES, 'digits-truth.json.gz'))).toString()) as Truth;
  tracker = await startTracker();
  // The server runs meanwhile: two processes on one database.
  const { code, out } = await manage('import', DIGITS_PACK, '--data', tracker.folder);
  expect(out).toMatch(/points +15,696 +15,696 +0 +0/);
  expect(code).toBe(0);
});
afterAll(() => tracker.stop());

/** All pages of a metric, as the lines that the truth's sha256 is taken over (see read-digits.test.ts). */
async function linesOf(id: string, key: string): Promise<string[]> {
  const lines: string[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const url = `/api/runs/${id}/points?key=${encodeURIComponent(key)}&limit=37${after}`;
    const { body } = await tracker.api<Points>('GET', url);
    for (const { step, timestamp, value } of body.items) {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(Number(value));
      lines.push(`${step},${timestamp},${value === 'NaN' ? 'nan' : bytes.toString('hex')}\n`);
    }
    cursor = body.next_cursor;
  } while (cursor !== null);
  return lines;
}

describe('the imported digits runs', () => {
  it('are 27 in the experiment of their name', async () => {
    const { body } = await tracker.api<{ items: { id: string }[]; total: number }>('GET', '/api/runs?limit=100');
    expect(body.total).toBe(27);
    expect(body.items.map(({ id }) => id).toSorted()).toEqual(Object.keys(truth.runs).toSorted());
    const experiments = await tracker.api<{ items: object[] }>('GET', '/api/experiments');
    const ends = Object.values(truth.runs).map(({ end_time }) => end_time);
    expect(experiments.body.items).toMatchObject([{ name: truth.experiment, last_activity_at: Math.max(...ends) }]);
  });

  it('have the times, states, params and tags of the store', async () => {
    for (const [id, expected] of Object.entries(truth.runs)) {
      const {
        'mlflow.runName': name,
        'mlflow.parentRunId': parent,
        'mlflow.note.content': notes,
        ...tags
      } = expected.tags;
      const { body } = await tracker.api('GET', `/api/runs/${id}`);
      const { start_time, end_time, params } = expected;
      expect(body).toMatchObject({ name, start_time, end_time, heard_at: end_time, trashed_at: null });
      expect(body).toMatchObject({
        status: MLFLOW_STATUS[expected.status],
        parent_id: parent ?? null,
        notes: notes ?? '',
      });
      expect([body['params'], body['tags']]).toEqual([params, tags]);
    }
  });

  it('have every point of the store, bit by bit, NaN and Infinity too', async () => {
    let points = 0;
    for (const [id, { metrics, name }] of Object.entries(truth.runs)) {
      const { body } = await tracker.api<{ metrics: object }>('GET', `/api/runs/${id}`);
      expect(Object.keys(body.metrics).toSorted()).toEqual(Object.keys(metrics).toSorted());
      for (const [key, { count, sha256 }] of Object.entries(metrics)) {
        const lines = await linesOf(id, key);
        expect([lines.length, createHash('sha256').update(lines.join('')).digest('hex')], `${name} ${key}`).toEqual([
          count,
          sha256,
        ]);
        points += count;
      }
    }
    expect(points).toBe(15_696);
  });

  it('have the artifacts of the store, byte by byte', async () => {
    let files = 0;
    for (const [id, { artifacts }] of Object.entries(truth.runs)) {
      for (const [path, sha256] of Object.entries(artifacts)) {
        const response = await fetch(
          `${tracker.url}/api/runs/${id}/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`,
        );
        const bytes = Buffer.from(await response.arrayBuffer());
        expect(createHash('sha256').update(bytes).digest('hex'), path).toBe(sha256);
        files += 1;
      }
    }
    expect(files).toBe(12);
  });
});
