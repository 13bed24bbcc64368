// bench/compare.ts
// Purpose: what comparing many runs costs the server, however many points are stored, and when a browser has drawn the first curve.
// Why: issue 8 promises 50 ms for 20 runs × 20 metrics, 200 for 100 × 100, and a curve 300 ms after the click.
// Relevant files: bench/growth-data.ts, bench/browser.ts, runs/compare/compare.ts, shared/static/charts.js

import { ask } from './api.ts';
import { bareWork, chartWork, firstCurve } from './browser.ts';
import type { Context, Result } from './context.ts';
import { seeded, type Scale, type Seeded } from './growth-data.ts';
import { COUNTER } from './load-types.ts';
import { atMost, type Row } from './rows.ts';
import { timeSteps } from './timed.ts';

const SCALES: Scale[] = [
  { runs: 20, metrics: 20, points: 100 },
  { runs: 100, metrics: 100, points: 10 },
  { runs: 100, metrics: 100, points: 1_000 },
];
const LONG: Scale = { runs: 100, metrics: 1, points: 100_000 };
/** What people mostly compare. */
const USUAL: Scale = { runs: 20, metrics: 20, points: 1_000 };
const QUICK: Scale = { runs: 5, metrics: 3, points: 5 };

/** ms that issue 8 allows. */
const MOST = { few: 50, many: 200, first: 300, chart: 200 };

export async function compare(context: Context): Promise<Result> {
  const rows: Row[] = [];
  for (const scale of context.quick ? [QUICK] : SCALES)
    rows.push(...(await on(context, scale, (size) => compared(context, size))));
  rows.push(...(await on(context, context.quick ? QUICK : USUAL, (size) => seen(context, size))));
  rows.push(...(await on(context, context.quick ? QUICK : LONG, (size) => drawn(context, size))));
  return { rows };
}

async function on(context: Context, scale: Scale, measure: (size: Seeded) => Promise<Row[]>): Promise<Row[]> {
  const size = await seeded(context, scale);
  try {
    return await measure(size);
  } finally {
    await size.stop();
  }
}

async function idsOf({ server, experiment }: Seeded): Promise<string> {
  const path = `/api/runs?experiment=${experiment}&limit=100`;
  const { items } = await ask<{ items: { id: string }[] }>(server.url + path);
  return items.map(({ id }) => `run=${id}`).join('&');
}

/** An address that was never asked for, so that no page is kept; a metric that nobody has is passed over. */
async function compared(context: Context, size: Seeded): Promise<Row[]> {
  const ids = await idsOf(size);
  const { runs, metrics, points } = size.scale;
  const what = `${runs} runs × ${metrics} metrics × ${points.toLocaleString('en')} points`;
  const most = runs > 20 ? MOST.many : MOST.few;
  const main = `metric=val/accuracy&metric=val/loss&metric=${COUNTER}`;
  return [
    ...(await timed(context, size, `/compare?${ids}&${main}`, `${what}: page with two charts`, most)),
    ...(await timed(context, size, `/compare?${ids}&metric=${COUNTER}`, `${what}: its numbers alone`, most)),
  ];
}

/** When somebody who follows a link sees the first curve, without scrolling. */
async function seen(context: Context, size: Seeded): Promise<Row[]> {
  const { runs, metrics, points } = size.scale;
  const pages = {
    [`comparison of ${runs} runs × ${metrics} metrics × ${points.toLocaleString('en')} points`]: `/compare?${await idsOf(size)}&metric=val/accuracy&metric=val/loss`,
    [`page of a run with ${metrics} metrics`]: `/runs/${size.run}`,
  };
  const rows: Row[] = [];
  for (const [what, path] of Object.entries(pages)) {
    const [fresh, again, work]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < context.rounds; round += 1) {
      const times = await firstCurve(size.server.url + path);
      fresh.push(times.fresh);
      again.push(times.again);
      work.push(times.work);
    }
    rows.push(
      { what: `${what}: first curve seen, first visit`, unit: 'ms', figures: { ours: fresh }, reach: atMost(MOST.first, `≤ ${MOST.first}`) },
      { what: `${what}: the page's own work until then, processor time`, unit: 'ms', figures: { ours: work } },
      { what: `${what}: first curve seen, second visit`, unit: 'ms', figures: { ours: again }, reach: atMost(MOST.first, `≤ ${MOST.first}`) },
    );
  }
  return rows;
} // prettier-ignore

/** A hundred lines in one picture: what its script asks for, and the page that shows it. */
async function drawn(context: Context, size: Seeded): Promise<Row[]> {
  const { runs, points } = size.scale;
  const { items } = await ask<{ items: { key: string }[] }>(`${size.server.url}/api/runs/${size.run}/metrics`);
  const query = `${await idsOf(size)}&key=${encodeURIComponent(items[0]?.key ?? '')}`;
  const what = `${runs} curves of ${points.toLocaleString('en')} points`;
  const rows = await timed(context, size, `/api/curves?${query}&shape=columns&from=-${COUNTER}`, `${what}: their data`, MOST.chart);
  const [first, script, bare]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < context.rounds; round += 1) {
    first.push((await firstCurve(`${size.server.url}/curves?${query}`)).fresh);
    script.push(await chartWork(`${size.server.url}/curves?${query}`));
    bare.push(await bareWork(`${size.server.url}/health`));
  }
  return [
    ...rows,
    { what: `${what}: first curve seen, first visit`, unit: 'ms', figures: { ours: first }, reach: atMost(MOST.first, `≤ ${MOST.first}`) },
    { what: `${what}: the browser's own work until the chart answers, processor time`, unit: 'ms', figures: { ours: script }, reach: atMost(MOST.chart, `≤ ${MOST.chart}`) },
    { what: 'what the same browser takes for a page of a few words, processor time', unit: 'ms', figures: { ours: bare } },
  ];
} // prettier-ignore

async function timed(context: Context, { server }: Seeded, path: string, what: string, most: number): Promise<Row[]> {
  const { p50, cpu } = await timeSteps(context, server, [{ method: 'GET', path }]);
  return [
    { what: `${what}, p50`, unit: 'ms', figures: { ours: p50 }, reach: atMost(most, `≤ ${most}`) },
    { what: `${what}, processor time`, unit: 'ms', figures: { ours: cpu }, reach: atMost(most, `≤ ${most}`) },
  ];
} // prettier-ignore
