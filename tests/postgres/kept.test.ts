// tests/postgres/kept.test.ts
// Purpose: what a writer keeps of a run's series: used again while nobody else wrote them, read again after that.
// Why: without it each batch reads thousands of rows back; with it wrong, summaries and roll-ups would lie from then on.
// Relevant files: runs/series-state.ts, shared/db/postgres-lane.ts, runs/recount.ts

import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createRun } from '../../runs/changes.ts';
import { logBatch } from '../../runs/ingest.ts';
import { metricsOf } from '../../runs/metric-queries.ts';
import { requireLoggedRun } from '../../runs/logged-run-queries.ts';
import { recount } from '../../runs/recount.ts';
import type { LogBody, Receipt } from '../../runs/schemas.ts';
import { growSummary, startSummary, toRow, type SummaryRow } from '../../runs/summary.ts';
import type { Db, Store } from '../../shared/db/store.ts';
import { openAt, rowsOf } from '../support/database.ts';
import { randomFrom } from '../support/random.ts';
import { useStore } from '../support/use.ts';

const { store, folder } = useStore();
let other: Store;
beforeAll(async () => {
  // As another process has it.
  other = await openAt(folder);
});
afterAll(() => other.close());

async function newRun(): Promise<string> {
  return (await store.write((tx) => createRun(tx, { experiment: 'kept' }, 1))).run.id;
}

type Points = LogBody['metrics'];

function steps(count: number, from: number, key = 'loss'): Points {
  return Array.from({ length: count }, (_, i) => ({ key, value: Math.sin(from + i), step: from + i, timestamp: 1 }));
}

/** `texts`: the statements that asked for rows are put there. */
function log(on: Store, run: string, metrics: Points, texts: string[] = []): Promise<Receipt> {
  const work = async (tx: Db): Promise<Receipt> => {
    const execute: Db['execute'] = (text, values) => {
      texts.push(text);
      return tx.execute(text, values);
    };
    const seen = Object.assign(Object.create(tx) as Db, { execute });
    return logBatch(seen, await requireLoggedRun(seen, run), { metrics, params: {}, tags: {} }, 1);
  };
  return on.write(work, { run });
}

const readsOf = (texts: string[], table: string): string[] => texts.filter((text) => text.includes(`from ${table}`));

function summaryAfter(points: Points): SummaryRow {
  const [first, ...others] = points.map(({ step = 0, timestamp = 0, value }) => ({ step, timestamp, value: Number(value) })); // prettier-ignore
  const summary = startSummary(first ?? { step: 0, timestamp: 0, value: 0 });
  for (const point of others) growSummary(summary, point);
  return toRow(summary);
}

async function expectExact(run: string, points: number): Promise<void> {
  const rows = await metricsOf(store.read, [run]);
  for (const row of rows) expect(await recount(store.read, row), row.key).toEqual([]);
  expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(points);
}

it('is not read again while nobody else writes; is after somebody did', async () => {
  const run = await newRun();
  // New keys are made by another writer; this one then reads summary and points back, once.
  await log(store, run, steps(10, 0));
  await log(store, run, steps(10, 10));
  for (let turn = 0; turn < 4; turn++) {
    const texts: string[] = [];
    // Each is more than one roll-up takes.
    await log(store, run, steps(9_000, 20 + turn * 9_000), texts);
    expect(texts.length).toBeGreaterThan(0);
    expect(readsOf(texts, 'metrics')).toEqual([]);
    expect(readsOf(texts, 'points')).toHaveLength(turn === 0 ? 1 : 0);
  }
  await log(other, run, steps(10, 36_020));
  const texts: string[] = [];
  const receipt = await log(store, run, steps(20, 36_020), texts);
  expect([receipt.accepted, receipt.duplicates]).toEqual([10, 10]);
  expect(readsOf(texts, 'metrics')).toHaveLength(1);
  await expectExact(run, 36_040);
});

it('a batch that fails leaves nothing behind, not even in memory', async () => {
  const run = await newRun();
  await log(store, run, steps(10, 0));
  const failing = store.write(
    async (tx) => {
      await logBatch(tx, await requireLoggedRun(tx, run), { metrics: steps(10, 10), params: {}, tags: {} }, 1);
      throw new Error('no');
    },
    { run },
  );
  await expect(failing).rejects.toThrow('no');
  const statement = store.write(
    async (tx) => {
      await logBatch(tx, await requireLoggedRun(tx, run), { metrics: steps(10, 20), params: {}, tags: {} }, 1);
      await tx.send('select 1 / ?::int', [0]);
    },
    { run },
  );
  await expect(statement).rejects.toThrow('division by zero');
  expect((await log(store, run, steps(30, 0))).accepted).toBe(20);
  await expectExact(run, 30);
});

it('a run that was read in an earlier transaction does not count as read in this one', async () => {
  const run = await newRun();
  await log(store, run, steps(10, 0));
  await log(store, run, steps(10, 10));
  const early = await store.write((tx) => requireLoggedRun(tx, run), { run });
  expect(early.kept_by).toBeTypeOf('number');
  await log(other, run, steps(10, 20));
  const batch = { metrics: steps(20, 20), params: {}, tags: {} };
  expect((await store.write((tx) => logBatch(tx, early, batch, 1), { run })).accepted).toBe(10);
  await expectExact(run, 40);
});

it('a server that lost what was committed (an older copy, a replica that was behind) is believed', async () => {
  const run = await newRun();
  for (let turn = 0; turn < 3; turn++) await log(store, run, steps(10, turn * 10));
  const [{ seq = 0 } = {}] = await rowsOf<{ seq: number }>(folder, 'select seq from runs where id = ?', run);
  await rowsOf(folder, 'delete from points where run_seq = ? and step >= 20', seq);
  const known = summaryAfter(steps(20, 0));
  const set = Object.keys(known).map((column) => `${column} = ?`);
  await rowsOf(folder, `update metrics set ${set.join(', ')} where run_seq = ?`, ...Object.values(known), seq);
  await rowsOf(
    folder,
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  const again = async (): Promise<Receipt> => log(store, run, steps(20, 15)).catch(again);
  expect((await again()).accepted).toBe(15);
  await expectExact(run, 35);
});

it('two processes in turn, with late, repeated and failing batches: the same as the points say', async () => {
  const random = randomFrom(5);
  const pick = (n: number): number => Math.floor(random() * n);
  const third = await openAt(folder);
  onTestFinished(() => third.close());
  for (let round = 0; round < 6; round++) {
    const run = await newRun();
    const sent = new Set<string>();
    let [end, at, accepted] = [0, store, 0];
    for (let batch = 0; batch < 25; batch++) {
      // Mostly the same one goes on.
      if (random() < 0.3) at = [store, other, third][pick(3)] ?? store;
      const isLate = random() < 0.2;
      const key = `m${pick(2)}`;
      const metrics = steps(1 + pick(1_500), isLate ? pick(end + 1) : end, key);
      if (!isLate) end += metrics.length;
      if (random() < 0.1) {
        const failing = at.write(
          async (tx) => {
            await logBatch(tx, await requireLoggedRun(tx, run), { metrics, params: {}, tags: {} }, 1);
            throw new Error('no');
          },
          { run },
        );
        await expect(failing).rejects.toThrow('no');
      }
      accepted += (await log(at, run, metrics)).accepted;
      for (const { step } of metrics) sent.add(`${key} ${step}`);
    }
    expect(accepted).toBe(sent.size);
    await expectExact(run, sent.size);
  }
});
