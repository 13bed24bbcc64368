// tests/imports/read-digits.test.ts
// Purpose: digits.pack holds exactly what the MLflow store of the 27 digits runs says, value by value.
// Why: the seed shows real runs; a rounded value or a lost NaN would make them unreal.
// Relevant files: imports/pack.ts, imports/digits.pack, tests/fixtures/mlflow/digits-truth.json.gz

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openSource } from '../../imports/detect.ts';
import type { SourcePoint } from '../../imports/records.ts';
import { RunStatus } from '../../runs/models.ts';
import { DIGITS_PACK, FIXTURES, readAll, runNamed, valuesOf, type ReadExperiment } from './read-support.ts';

/**
 * digits-truth.json.gz was made by a Python script that shares no code with the readers: it walks the original
 * mlruns/ with os.walk, parses values with float() and, for each metric, takes the sha256 over its points sorted by
 * (step, timestamp): one line `step,timestamp,hex` each, hex being struct.pack('>d', value).hex(), or `nan`.
 */
const texts = z.record(z.string(), z.string());
const truthShape = z.object({
  experiment: z.string(),
  runs: z.record(
    z.string(),
    z.object({
      name: z.string(),
      status: z.int(),
      start_time: z.int(),
      end_time: z.int(),
      lifecycle_stage: z.literal('active'),
      params: texts,
      tags: texts,
      metrics: z.record(z.string(), z.object({ count: z.int(), sha256: z.string() })),
      artifacts: texts,
    }),
  ),
});
const MLFLOW_STATUS: Record<number, RunStatus> = { 3: RunStatus.Finished, 4: RunStatus.Failed, 5: RunStatus.Killed };

let truth: z.infer<typeof truthShape>;
let digits: ReadExperiment[];

beforeAll(async () => {
  const json = gunzipSync(await readFile(join(FIXTURES, 'digits-truth.json.gz'))).toString();
  truth = truthShape.parse(JSON.parse(json));
  digits = await readAll(await openSource(DIGITS_PACK));
});

function digest(points: SourcePoint[]): Record<string, { count: number; sha256: string }> {
  const lines = new Map<string, string[]>();
  for (const { key, step, timestamp, value } of points.toSorted(
    (a, b) => a.step - b.step || a.timestamp - b.timestamp,
  )) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    const line = `${step},${timestamp},${Number.isNaN(value) ? 'nan' : bytes.toString('hex')}\n`;
    lines.set(key, [...(lines.get(key) ?? []), line]);
  }
  const sums = [...lines].map(([key, all]) => {
    return [key, { count: all.length, sha256: createHash('sha256').update(all.join('')).digest('hex') }] as const;
  });
  return Object.fromEntries(sums);
}

describe('digits.pack', () => {
  it('is one experiment of 27 runs and 15,696 points, in at most 400 KiB', async () => {
    expect(digits.map(({ name }) => name)).toEqual([truth.experiment]);
    expect(digits[0]?.description).toMatch(/grid over learning rate/i);
    expect(digits[0]?.runs).toHaveLength(27);
    expect(digits[0]?.runs.flatMap(({ points }) => points)).toHaveLength(15_696);
    expect((await stat(DIGITS_PACK)).size).toBeLessThanOrEqual(400 * 1024);
  });

  it('has every run of the store and no other', () => {
    const ids = digits.flatMap(({ runs }) => runs.map(({ id }) => id));
    expect(ids.toSorted()).toEqual(Object.keys(truth.runs).toSorted());
  });

  it('equals the store in facts, params, tags, artifacts and every point', () => {
    for (const run of digits.flatMap(({ runs }) => runs)) {
      const expected = truth.runs[run.id];
      if (!expected) throw new Error(`${run.id} is not in the store`);
      const {
        'mlflow.runName': name,
        'mlflow.note.content': notes,
        'mlflow.parentRunId': parent,
        ...tags
      } = expected.tags;
      expect(run).toMatchObject({ name, notes: notes ?? '', parent_id: parent ?? null, trashed_at: null });
      expect(run).toMatchObject({ name: expected.name, start_time: expected.start_time, end_time: expected.end_time });
      expect(run.status).toBe(MLFLOW_STATUS[expected.status]);
      expect([run.params, run.tags, run.artifacts]).toEqual([expected.params, tags, expected.artifacts]);
      expect(digest(run.points), run.name).toEqual(expected.metrics);
    }
  });

  it('keeps NaN and Infinity as they were logged', () => {
    const diverged = valuesOf(runNamed(digits, 'diverged'), 'train/loss');
    expect(diverged[0]?.[2]).toBe(2.378959894180298);
    expect(diverged.slice(1).map(([, , value]) => value)).toEqual(Array(99).fill(NaN));
    expect(valuesOf(runNamed(digits, 'interrupted'), 'train/loss').map(([, , value]) => value)).toEqual([Infinity]);
  });
});
