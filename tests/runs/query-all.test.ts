// tests/runs/query-all.test.ts
// Purpose: random filters over everything that the language knows find, in the order that they say, what they mean in memory.
// Why: fields, aggregates, times, states and orders each have a way through SQL; all of them must say the same on both engines.
// Relevant files: tests/runs/query-naive.ts, runs/query/parser.ts, runs/query/query-sql.ts, runs/run-filter.ts

import { beforeAll, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { randomFrom } from '../support/random.ts';
import { useTracker } from '../support/use.ts';
import { HOUR, KEYS, NUMBERS, PARAMS, randomFilter, randomOrder, WORDS, type Made, type Pick1 } from './query-naive.ts';

const tracker = useTracker();
const made: Made[] = [];
const random = randomFrom(2026);
const pick: Pick1 = (from) => from[Math.floor(random() * from.length)] as (typeof from)[number];
/** Half an hour beside all that is asked for. */
const ago = (): number => Date.now() - (Math.floor(random() * 60) + 0.5) * HOUR;

beforeAll(async () => {
  for (let i = 0; i < 70; i++) made.push(await make(`${pick(['one', 'two'])}`));
});

function some<T>(value: () => T): Record<string, T> {
  return Object.fromEntries(KEYS.filter(() => random() < 0.6).map((key) => [key, value()]));
}

async function make(experiment: string): Promise<Made> {
  const start = Math.round(ago());
  const status = pick([...Object.values(RunStatus), RunStatus.Running]);
  const hasEnded = status !== RunStatus.Running && status !== RunStatus.Scheduled;
  const end = hasEnded ? start + Math.floor(random() * 12) * (HOUR / 2) + 600_000 : null;
  const run = {
    name: pick(WORDS),
    notes: pick(['', '', ...WORDS]),
    parent: made.length > 0 && random() < 0.3 ? pick(made).id : null,
    params: some(() => pick(PARAMS)),
    tags: some(() => pick(['', ...WORDS])),
    metrics: some(() => Array.from({ length: pick([1, 2, 4]) }, () => pick(NUMBERS))),
  };
  const { body } = await tracker.api<RunDetail>('POST', '/api/runs', {
    ...{ experiment, name: run.name, notes: run.notes, params: run.params, tags: run.tags, start_time: start },
    ...{ parent_id: run.parent, status: RunStatus.Scheduled },
  });
  const metrics = Object.entries(run.metrics).flatMap(([key, values]) =>
    values.map((value, step) => ({ key, step, value: Number.isFinite(value) ? value : String(value) })),
  );
  if (metrics.length > 0) expect((await tracker.api('POST', `/api/runs/${body.id}/log`, { metrics })).status).toBe(200);
  if (status !== RunStatus.Scheduled) {
    const change = end === null ? { status } : { status, end_time: end };
    expect((await tracker.api('PATCH', `/api/runs/${body.id}`, change)).status).toBe(200);
  }
  const heard = Date.now() - pick([0, 2 * HOUR]);
  await tracker.app.store.write((tx) => tx.execute('update runs set heard_at = ? where id = ?', [heard, body.id]));
  return { ...run, id: body.id, experiment, number: body.number, status, start, end, heard };
}

it('500 random filters find what they say, in their order', async () => {
  const { body: all } = await tracker.api<{ items: { id: number; name: string }[] }>('GET', '/api/experiments');
  const names = new Map(all.items.map(({ id, name }) => [id, name]));
  const counts = { some: 0, all: 0, found: 0 };
  for (let i = 0; i < 500; i++) {
    const { text, finds } = randomFilter(pick, random, Date.now(), made);
    const order = randomOrder(pick);
    const where = `${text} ${order.text}`;
    if (where.length > 1000) continue;
    // In one experiment bounds of metrics go another way.
    const experiment = pick([undefined, 1, 2]);
    const within = experiment === undefined ? '' : `&experiment=${experiment}`;
    const path = `/api/runs?limit=1000${within}&where=${encodeURIComponent(where)}`;
    const { status, body } = await tracker.api<{ items: { id: string }[]; total: number }>('GET', path);
    expect(status, where).toBe(200);
    const here = made.filter((run) => experiment === undefined || run.experiment === names.get(experiment));
    const expected = here.filter(finds).sort(order.compare);
    expect(body.items.map(({ id }) => id), where).toEqual(expected.map(({ id }) => id)); // prettier-ignore
    expect(body.total, where).toBe(expected.length);
    counts.found += expected.length;
    counts.some += Number(expected.length > 0 && expected.length < here.length);
    counts.all += 1;
  }
  // Most find some runs and not all.
  expect(counts.some / counts.all).toBeGreaterThan(0.5);
});
