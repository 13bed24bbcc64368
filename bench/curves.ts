// bench/curves.ts
// Purpose: how fast a long series is seen and taken out: 320 buckets of 100,000 points, and its full history.
// Why: a chart must not wait for its length, and data that is slow to take out is half lost.
// Relevant files: bench/wires.ts, bench/fill.ts

import { ask } from './api.ts';
import { fill, KEY } from './fill.ts';
import { withContenders, type Contender } from './contenders.ts';
import type { Context, Result } from './context.ts';
import { cpuOfEach } from './cpu.ts';
import type { Step } from './load-types.ts';
import { interleaved, ratioAtLeast, atMost, type Figures, type Row } from './rows.ts';

export async function curves(context: Context): Promise<Result> {
  const rows = await withContenders(['ours', 'fasttrackml', 'mlflow'], context.peers, async (contenders) => {
    const points = context.quick ? 2_000 : 100_000;
    const runs = new Map<Contender, string>();
    for (const one of contenders) {
      const run = await one.wire.newRun();
      runs.set(one, run);
      await fill(context.load, one.server.url, one.wire, run, points);
    }
    const runOf = (one: Contender): string => runs.get(one) ?? '';
    return [
      ...(await buckets(context, contenders, runOf, points)),
      await pages(context, contenders, runOf, points),
      await exported(context, contenders, runOf, points),
    ];
  });
  return { rows };
}

type RunOf = (one: Contender) => string;

async function buckets(context: Context, contenders: Contender[], runOf: RunOf, points: number): Promise<Row[]> {
  // FastTrackML does not serve them.
  const able = contenders.filter(({ who }) => who !== 'fasttrackml');
  const what = `a curve of ${points.toLocaleString('en')} points as 320 buckets`;
  return timed(context, able, (one) => one.wire.curve(runOf(one)), what, 5);
}

/** Two rows: by the clock, and what it costs the process, which is the same on a busy machine. */
export async function timed(
  { load, rounds, seconds }: Context,
  contenders: Contender[],
  stepOf: (one: Contender) => Step,
  what: string,
  most: number,
): Promise<Row[]> {
  const cpu: Figures = {};
  const figures = await interleaved(rounds, contenders, async (one) => {
    let p50 = NaN;
    const each = await cpuOfEach(one.server.pid, async () => {
      const result = await load.run({ url: one.server.url, connections: [[stepOf(one)]], seconds });
      p50 = result.p50;
      return result.turns;
    });
    (cpu[one.who] ??= []).push(each);
    return p50;
  });
  const { ours } = cpu;
  return [
    { must: 3, what: `${what}, p50`, unit: 'ms', figures, reach: atMost(most, `≤ ${most} ms`) },
    {
      must: 3,
      what: `${what}, processor time each`,
      unit: 'ms',
      figures: { ...(ours && { ours }) },
      reach: atMost(most, `≤ ${most} ms`),
    },
  ];
}

async function pages(context: Context, contenders: Contender[], runOf: RunOf, points: number): Promise<Row> {
  const figures = await interleaved(context.rounds, contenders, async (one) => {
    const start = performance.now();
    const count = one.who === 'ours' ? await ourPages(one, runOf(one)) : await atOnce(one, runOf(one));
    if (count !== points) throw new Error(`${one.who} gave ${count} points of ${points}`);
    return (points * 1000) / (performance.now() - start);
  });
  return {
    what: `full history of ${points.toLocaleString('en')} points over the JSON API`,
    unit: 'points/s',
    figures,
    reach: ratioAtLeast('fasttrackml', 5, '≥ 5 × FastTrackML'),
    note: 'ours in pages of 10,000',
  };
}

async function exported(context: Context, contenders: Contender[], runOf: RunOf, points: number): Promise<Row> {
  const figures = await interleaved(context.rounds, contenders, async (one) => {
    const run = runOf(one);
    const start = performance.now();
    if (one.who === 'ours') {
      const url = `${one.server.url}/exports/runs/${run}/points.ndjson?key=${encodeURIComponent(KEY)}`;
      const lines = (await (await fetch(url)).text()).split('\n').length - 1;
      if (lines !== points) throw new Error(`the export has ${lines} lines of ${points}`);
    } else await atOnce(one, run);
    return (points * 1000) / (performance.now() - start);
  });
  return { what: 'the same, ours as an NDJSON export', unit: 'points/s', figures };
}

async function ourPages({ server }: Contender, run: string): Promise<number> {
  let count = 0;
  let cursor: string | null = '';
  while (cursor !== null) {
    const query = `key=${encodeURIComponent(KEY)}&limit=10000${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page: { items: unknown[]; next_cursor: string | null } = await ask(
      `${server.url}/api/runs/${run}/points?${query}`,
    );
    count += page.items.length;
    cursor = page.next_cursor;
  }
  return count;
}

/** A whole history through MLflow's API. */
export async function atOnce(contender: Contender, run: string): Promise<number> {
  const { metrics } = await ask<{ metrics: unknown[] }>(historyUrl(contender, run));
  return metrics.length;
}

export function historyUrl({ server }: Contender, run: string): string {
  const query = `run_id=${run}&metric_key=${encodeURIComponent(KEY)}`;
  return `${server.url}/api/2.0/mlflow/metrics/get-history?${query}`;
}
