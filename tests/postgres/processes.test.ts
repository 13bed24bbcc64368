// tests/postgres/processes.test.ts
// Purpose: two app processes on one database: the same run logged to by both, with overlapping, late, repeated and non-finite points.
// Why: receipts must add up, the summary must be what a recount gives, and both must show the same.
// Relevant files: shared/db/postgres-writer.ts, runs/ingest.ts, runs/series-state.ts, tests/support/child.ts

import { expect, it } from 'vitest';
import { growSummary, startSummary, type Point, type Summary } from '../../runs/summary.ts';
import { parseValue } from '../../runs/values.ts';
import type { Receipt, RunDetail } from '../../runs/schemas.ts';
import { envOf } from '../support/database.ts';
import { startChild, type ChildServer } from '../support/child.ts';
import { freshFolder } from '../support/tracker.ts';

interface Sent {
  key: string;
  step: number;
  timestamp: number;
  value: number | string;
}

const KEYS = ['loss', 'acc', 'lr'];
const VALUES = [1, -2.5, 1e300, 0, 'NaN', 'Infinity', '-Infinity', 3.25];

/** Points of a small space, so that many are sent more than once, and by both. */
function randomBatch(size: number): Sent[] {
  const pick = (n: number): number => Math.floor(Math.random() * n);
  return Array.from({ length: size }, () => ({
    key: KEYS[pick(KEYS.length)] ?? '',
    step: pick(400),
    timestamp: pick(2),
    value: VALUES[pick(VALUES.length)] ?? 0,
  }));
}

function recounted([first, ...others]: Point[]): Summary | undefined {
  const summary = first && startSummary(first);
  for (const point of others) if (summary) growSummary(summary, point);
  return summary;
}

async function send<T>(url: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status}: ${text}`);
  return JSON.parse(text) as T;
}

it('receipts add up, summaries equal a recount, both show the same page', async () => {
  const folder = freshFolder();
  const env = await envOf(folder);
  // One after the other: the first compiles.
  const servers: ChildServer[] = [await startChild(folder, { env }), await startChild(folder, { env })];
  const run = await send<RunDetail>(`${servers[0]?.url}/api/runs`, { experiment: 'two processes' });
  const batches = Array.from({ length: 60 }, () => randomBatch(100));
  const clients = [0, 1, 2, 3].map(async (client) => {
    const receipts: Receipt[] = [];
    for (let i = client; i < batches.length; i += 4) {
      const url = `${servers[client % 2]?.url}/api/runs/${run.id}/log`;
      receipts.push(await send<Receipt>(url, { metrics: batches[i] }));
    }
    return receipts;
  });
  const receipts = (await Promise.all(clients)).flat();
  const textOf = ({ key, step, timestamp, value }: Sent): string => `${key} ${step} ${timestamp} ${value}`;
  const distinct = [...new Map(batches.flat().map((point) => [textOf(point), point])).values()];
  const sum = (field: 'accepted' | 'duplicates'): number => receipts.reduce((n, receipt) => n + receipt[field], 0);
  expect([sum('accepted'), sum('duplicates')]).toEqual([distinct.length, 6_000 - distinct.length]);
  expect(receipts.flatMap(({ rejected }) => rejected)).toEqual([]);

  const [one, two] = await Promise.all(
    servers.map(async ({ url }) => (await (await fetch(`${url}/api/runs/${run.id}`)).json()) as RunDetail),
  );
  expect(two).toEqual(one);
  for (const key of KEYS) {
    const points = distinct.filter((point) => point.key === key);
    const recount = recounted(
      points.map(({ step, timestamp, value }) => ({ step, timestamp, value: parseValue(value) ?? NaN })),
    );
    const shown = one?.metrics[key];
    expect(shown, key).toMatchObject({ count: recount?.count, nonfinite_count: recount?.nonfinite_count });
    expect([shown?.first.step, shown?.last.step, shown?.min?.value, shown?.min?.step, shown?.max?.value, shown?.max?.step]).toEqual([
      recount?.first.step, recount?.last.step, recount?.min?.value, recount?.min?.step, recount?.max?.value, recount?.max?.step,
    ]); // prettier-ignore
    const mean = recount?.mean ?? NaN;
    expect(Math.abs((shown?.mean ?? NaN) - mean)).toBeLessThanOrEqual(1e-9 * Math.abs(mean));
  }
  const pages = await Promise.all(
    servers.map(async ({ url }) => (await fetch(`${url}/api/runs/${run.id}/points?key=loss&limit=10000`)).json()),
  );
  expect(pages[1]).toEqual(pages[0]);
  for (const { kill } of servers) await kill();
});
