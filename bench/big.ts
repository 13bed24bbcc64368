// bench/big.ts
// Purpose: what 10 million points cost: a curve, an export, logging meanwhile, pages while others log, memory.
// Why: no page's cost may depend on how much is stored; must-shows 3, 5 and 6.
// Relevant files: bench/fill.ts, bench/pages.ts, bench/memory.ts, bench/download.ts

import { rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { ask } from './api.ts';
import type { Context, Result } from './context.ts';
import { cpuOf } from './cpu.ts';
import { timed } from './curves.ts';
import { download } from './download.ts';
import { fill } from './fill.ts';
import { startLoader } from './load.ts';
import type { Step } from './load-types.ts';
import { watchMemory } from './memory.ts';
import { pagesUnderLoad } from './pages.ts';
import { atLeast, atMost, type Row } from './rows.ts';
import { freshFolder, startOurs, type Server } from './servers.ts';
import { ourWire } from './wires.ts';

const CALM_MS = 3_000;

export async function big(context: Context): Promise<Result> {
  const points = context.quick ? 20_000 : 10_000_000;
  const folder = freshFolder();
  try {
    const run = await filled(context, folder, points);
    return { rows: await measured(context, folder, run, points) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function filled(context: Context, folder: string, points: number): Promise<string> {
  const server = await startOurs(folder);
  try {
    const wire = ourWire(server.url);
    const run = await wire.newRun();
    context.say(`writing ${points.toLocaleString('en')} points …`);
    await fill(context.load, server.url, wire, run, points);
    return run;
  } finally {
    await server.stop();
  }
}

async function measured(context: Context, folder: string, run: string, points: number): Promise<Row[]> {
  // Started anew: what writing left in memory is not what reading needs.
  const server = await startOurs(folder);
  try {
    await (await fetch(`${server.url}/runs/${run}`)).text();
    await setTimeout(context.quick ? 0 : CALM_MS);
    const atRest = server.memory();
    const wire = ourWire(server.url);
    const memory = watchMemory(server.pid);
    const rows = [
      ...(await timed(context, [{ who: 'ours', server, wire }], () => wire.curve(run), 'all of it as 320 buckets', 10)),
      ...(await whileExporting(context, server, run)),
      ...(await wholeExport(server, run, points)),
      ...(await pagesUnderLoad(context, server, run)),
    ];
    memory.stop();
    const reading = 'memory, all processes,';
    return [
      ...rows,
      {
        must: 5,
        what: `${reading} at rest`,
        unit: 'MiB',
        figures: { ours: [atRest] },
        reach: atMost(100, '≤ 100 MiB'),
      },
      {
        must: 5,
        what: `${reading} at most in all of this`,
        unit: 'MiB',
        figures: { ours: [memory.peak()] },
        reach: atMost(250, '≤ 250 MiB'),
      },
    ];
  } finally {
    await server.stop();
  }
}

const exportOf = (server: Server, run: string): string => `${server.url}/exports/runs/${run}/points.csv`;

/** In turns, so that both figures of a ratio are of the same minute. The export is broken off: it takes longer. */
async function whileExporting({ rounds, seconds }: Context, server: Server, run: string): Promise<Row[]> {
  const load = await startLoader();
  const wire = ourWire(server.url);
  const connections: Step[][] = [[wire.log(await wire.newRun(), { keys: 10, steps: 100 })]];
  const p99 = async (): Promise<number> => (await load.run({ url: server.url, connections, seconds })).p99;
  const [idle, busy]: [number[], number[]] = [[], []];
  try {
    await p99();
    for (let round = 0; round < rounds; round += 1) {
      idle.push(await p99());
      const stream = download(exportOf(server, run));
      const broken = stream.done.then(() => false).catch(() => true);
      busy.push(await p99());
      stream.stop();
      await broken;
    }
  } finally {
    load.stop();
  }
  const ratio = busy.map((value, i) => value / (idle[i] ?? NaN));
  return [
    { what: 'log-batch of 1000, p99, idle', unit: 'ms', figures: { ours: idle } },
    { what: 'log-batch of 1000, p99, while all of it is exported', unit: 'ms', figures: { ours: busy } },
    { what: 'the one ÷ the other', unit: '×', figures: { ours: ratio }, reach: atMost(2, '≤ 2') },
  ];
}

async function wholeExport(server: Server, run: string, points: number): Promise<Row[]> {
  const memory = watchMemory(server.pid);
  const [before, cpu] = [memory.peak(), cpuOf(server.pid)];
  const start = performance.now();
  await download(exportOf(server, run)).done;
  const rate = (points * 1000) / (performance.now() - start);
  const cpuRate = (points * 1000) / (cpuOf(server.pid) - cpu);
  memory.stop();
  const { items } = await ask<{ items: { count: number }[] }>(`${server.url}/api/runs/${run}/metrics`);
  if (items[0]?.count !== points) throw new Error(`the run has ${items[0]?.count} points of ${points}`);
  const note = `memory from ${before.toFixed(0)} to ${memory.peak().toFixed(0)} MiB at most`;
  const reach = atLeast(500_000, '≥ 500,000, memory flat');
  const what = 'export of all of it as CSV';
  return [
    { must: 6, what, unit: 'rows/s', figures: { ours: [rate] }, reach, note },
    { must: 6, what, unit: 'rows per second of processor time', figures: { ours: [cpuRate] } },
  ];
}
