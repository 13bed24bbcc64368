// tests/runs/usual.test.ts
// Purpose: the quick way of the usual log request leaves and answers what the general way does, whatever came before.
// Why: two ways into the same rows must not drift apart; on SQLite nearly every request takes the quick one.
// Relevant files: runs/ingest-usual.ts, runs/ingest.ts, runs/series-api.ts

import { expect, test } from 'vitest';
import { createRun } from '../../runs/changes.ts';
import { logUsual } from '../../runs/ingest-usual.ts';
import { logBatch } from '../../runs/ingest.ts';
import type { RunRow } from '../../runs/models.ts';
import { requireLoggedRun } from '../../runs/logged-run-queries.ts';
import type { LogBody, Receipt } from '../../runs/schemas.ts';
import { randomFrom } from '../support/random.ts';
import { useStore } from '../support/use.ts';

const PRECISION_MS = 1_000;

const { store } = useStore();

/** Mostly points that follow; some late, repeated, wrong, of new keys, with a tag; now and then many. */
function randomBatch(random: () => number, start: number): LogBody {
  const pick = (n: number): number => Math.floor(random() * n);
  const isOdd = random() < 0.2;
  const odd = ['NaN', 'Infinity', -0, 0, 'no number'];
  const metrics = Array.from({ length: random() < 0.1 ? 900 : 1 + pick(4) }, (_, i) => ({
    key: isOdd && random() < 0.2 ? `new ${start}` : `m${pick(3)}`,
    value: random() < 0.1 ? (odd[pick(isOdd ? 5 : 4)] ?? 0) : random() - 0.5,
    step: isOdd && random() < 0.5 ? pick(start) : start + i,
    timestamp: 1,
  }));
  return { metrics, params: {}, tags: random() < 0.05 ? { at: String(start) } : {} };
}

async function general(run: RunRow, batch: LogBody, now: number): Promise<Receipt> {
  return store.write(async (tx) => logBatch(tx, await requireLoggedRun(tx, run.id), batch, now, PRECISION_MS));
}

let usual = 0;

async function quick(run: RunRow, batch: LogBody, now: number): Promise<Receipt> {
  return store.write(
    (tx) => {
      const done = logUsual(tx, run.id, batch, now, PRECISION_MS);
      if (done) usual += 1;
      const rest = async (): Promise<Receipt> =>
        logBatch(tx, await requireLoggedRun(tx, run.id), batch, now, PRECISION_MS);
      return done ?? rest();
    },
    { run: run.id },
  );
}

type Counters = Record<'version' | 'points' | 'logged', number>;

interface Left {
  experiment: Counters[];
  rollups: unknown[];
  [other: string]: unknown;
}

/** All that logging leaves of a run, without what tells one run from another. */
async function leftBy(run: RunRow): Promise<Left> {
  const of = async (what: string, table: string, where: string, value: unknown): Promise<Record<string, unknown>[]> =>
    (
      await store.read.execute<Record<string, unknown>>(
        `select ${what} from ${table} where ${where} = ? order by 1, 2, 3, 4`,
        [value],
      )
    ).rows;
  const metrics = await of('*', 'metrics', 'run_seq', run.seq);
  return {
    points: await of('no, step, timestamp, value, kind', 'points', 'run_seq', run.seq),
    metrics: metrics.map((row) => ({ ...row, run_seq: 0, experiment_id: 0 })),
    rollups: await of('level, no, from_step, count, mean', 'rollups', 'run_seq', run.seq),
    run: await of('heard_at, updated_at, status, settled', 'runs', 'seq', run.seq),
    experiment: (await of(
      'version, points, logged, last_activity_at',
      'experiments',
      'id',
      run.experiment_id,
    )) as Counters[],
  };
}

test('random requests, one after the other and several at once', async () => {
  const random = randomFrom(20261130);
  const start = async (experiment: string): Promise<RunRow> =>
    (await store.write((tx) => createRun(tx, { experiment }, 1))).run;
  // The quick one's last: what was left of runs is gone with anything else that is written.
  const runs = { general: await start('general'), quick: await start('quick') };
  const sent: { batch: LogBody; now: number }[] = Array.from({ length: 300 }, (_, i) => ({
    batch: randomBatch(random, 1_000 * i),
    now: 1 + 20 * i,
  }));
  const expected: Receipt[] = [];
  for (const { batch, now } of sent) expected.push(await general(runs.general, batch, now));
  const told: Receipt[] = [];
  while (told.length < sent.length) {
    const some = sent.slice(told.length, told.length + 1 + Math.floor(random() * 3));
    told.push(...(await Promise.all(some.map(({ batch, now }) => quick(runs.quick, batch, now)))));
  }
  expect(told).toEqual(expected);
  const [left, wanted] = [await leftBy(runs.quick), await leftBy(runs.general)];
  // A commit raises these once, however many requests share it.
  for (const name of ['version', 'logged'] as const) {
    expect(left.experiment[0]?.[name]).toBeLessThanOrEqual(wanted.experiment[0]?.[name] ?? NaN);
    for (const row of left.experiment) row[name] = wanted.experiment[0]?.[name] ?? NaN;
  }
  expect(left).toEqual(wanted);
  expect(left.rollups.length).toBeGreaterThan(0);
  expect(usual).toBeGreaterThan(100);
});
