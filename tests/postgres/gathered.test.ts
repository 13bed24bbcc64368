// tests/postgres/gathered.test.ts
// Purpose: requests that only log and share a transaction: few statements for all of them, and the same rows as one by one.
// Why: points and summaries of many runs go out together at the end; late, repeated and failing ones must notice nothing of it.
// Relevant files: shared/db/gathered.ts, shared/db/postgres-lane.ts, runs/point-rows.ts, runs/series-state.ts

import { Client } from 'pg';
import { expect, it, vi } from 'vitest';
import { createRun } from '../../runs/changes.ts';
import { HEARD_PRECISION_MS, logBatch } from '../../runs/ingest.ts';
import { metricsOf } from '../../runs/metric-queries.ts';
import { requireLoggedRun } from '../../runs/logged-run-queries.ts';
import { recount } from '../../runs/recount.ts';
import type { LogBody, Receipt } from '../../runs/schemas.ts';
import { randomFrom } from '../support/random.ts';
import { useStore } from '../support/use.ts';

const { store } = useStore();

async function newRuns(count: number): Promise<string[]> {
  const runs: string[] = [];
  for (let i = 0; i < count; i++)
    runs.push((await store.write((tx) => createRun(tx, { experiment: 'gathered' }, 1))).run.id);
  return runs;
}

type Points = LogBody['metrics'];

function log(run: string, metrics: Points, fails = false): Promise<Receipt> {
  return store.write(
    async (tx) => {
      const batch = { metrics, params: {}, tags: {} };
      const receipt = await logBatch(tx, await requireLoggedRun(tx, run), batch, 1, HEARD_PRECISION_MS);
      if (fails) throw new Error('no');
      return receipt;
    },
    { run },
  );
}

async function expectExact(run: string, points: number): Promise<void> {
  const rows = await metricsOf(store.read, [run]);
  for (const row of rows) expect(await recount(store.read, row), row.key).toEqual([]);
  expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(points);
}

it('a point each of 32 runs is a few statements, not a few for each', async () => {
  const runs = await newRuns(32);
  const logAll = (step: number): Promise<Receipt[]> =>
    Promise.all(runs.map((run) => log(run, [{ key: 'loss', value: step / 3, step }])));
  // The key is new, then each writer meets its runs.
  await logAll(0);
  await logAll(1);
  const asked = vi.spyOn(Client.prototype, 'query');
  const receipts = await logAll(2);
  const statements = asked.mock.calls.length;
  asked.mockRestore();
  expect(receipts.map(({ accepted }) => accepted)).toEqual(runs.map(() => 1));
  // Of each of four writers: begin, runs, points, summaries, experiment, commit; and now and then what others are told.
  expect(statements).toBeLessThan(runs.length);
  for (const run of runs) await expectExact(run, 3);
});

it('late, repeated, unlike large and failing batches, several of one run at once: the same as the points say', async () => {
  const random = randomFrom(7);
  const pick = (n: number): number => Math.floor(random() * n);
  const runs = (await newRuns(12)).map((id) => ({ id, end: 0, accepted: 0, sent: new Set<string>() }));
  const one = async (): Promise<void> => {
    const run = runs[pick(runs.length)]!;
    const key = `m${pick(3)}`;
    const count = random() < 0.05 ? 2_000 : 1 + pick(14);
    const from = random() < 0.3 ? pick(run.end + 1) : run.end;
    run.end = Math.max(run.end, from + count);
    const special = random() < 0.1 ? [Number.NaN, -0, Number.NEGATIVE_INFINITY][pick(3)] : undefined;
    const metrics = Array.from({ length: count }, (_, i) => {
      const step = from + i;
      // What a step is worth never changes, so that the same step again is the same point.
      return { key, value: step % 50 === 7 ? Number.NaN : Math.sin(step), step, timestamp: 1 };
    });
    if (special !== undefined) metrics.push({ key, value: special, step: run.end + 1_000_000, timestamp: 1 });
    if (random() < 0.03) return expect(log(run.id, metrics, true)).rejects.toThrow('no');
    const receipt = await log(run.id, metrics);
    expect(receipt.accepted + receipt.duplicates).toBe(metrics.length);
    run.accepted += receipt.accepted;
    for (const { step, value } of metrics) run.sent.add(`${key} ${step} ${Object.is(value, -0) ? '-0' : value}`);
  };
  for (let round = 0; round < 30; round++) await Promise.all(Array.from({ length: 40 }, one));
  for (const { id, accepted, sent } of runs) {
    expect(accepted).toBe(sent.size);
    await expectExact(id, sent.size);
  }
});

it('of several that share a transaction the one whose run is not there is told so, the others are stored once', async () => {
  const runs = await newRuns(6);
  const points: Points = [{ key: 'loss', value: 1, step: 1, timestamp: 1 }];
  const asked = [...runs, 'f'.repeat(32), ...runs];
  const results = await Promise.allSettled(asked.map((run) => log(run, points)));
  expect(results.map(({ status }) => status)).toEqual(
    asked.map((run) => (runs.includes(run) ? 'fulfilled' : 'rejected')),
  );
  for (const run of runs) await expectExact(run, 1);
});
