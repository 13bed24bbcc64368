// bench/start.ts
// Purpose: from the start of the process to the first answer, memory at rest, and what the first page costs a browser.
// Why: what somebody sees of a tracker before anything else.
// Relevant files: bench/servers.ts, bench/memory.ts, bench/browser.ts

import { setTimeout } from 'node:timers/promises';
import { firstPage } from './browser.ts';
import { present, startContender, type Contender } from './contenders.ts';
import type { Context, Result } from './context.ts';
import { atMost, interleaved, type Contestant, type Figures, type Row } from './rows.ts';

const CALM_MS = 2_000;
const RUNS = 1_000;

export async function start(context: Context): Promise<Result> {
  const whos = present(['ours', 'limit', 'fasttrackml', 'mlflow'], context.peers);
  const memory: Figures = {};
  const starts = await interleaved(
    context.rounds,
    whos.map((who) => ({ who })),
    ({ who }) => startOnce(context, who, memory),
  );
  const rows: Row[] = [
    { what: 'start to the first 200', unit: 'ms', figures: starts, reach: atMost(700, '≤ 700 ms') },
    {
      must: 5,
      what: 'memory at rest, all processes',
      unit: 'MiB',
      figures: memory,
      reach: atMost(100, '≤ 100 MiB'),
    },
    ...(await firstVisit(context)),
  ];
  return { rows };
}

async function startOnce({ peers, quick }: Context, who: Contestant, memory: Figures): Promise<number> {
  const { server, wire } = await startContender(who, peers);
  try {
    await wire.newRun();
    await setTimeout(quick ? 0 : CALM_MS);
    (memory[who] ??= []).push(server.memory());
    return server.startMs;
  } finally {
    await server.stop();
  }
}

/** The page with the run table; peers show theirs by scripts, and were measured once (DESIGN §6 of issue 5). */
async function firstVisit(context: Context): Promise<Row[]> {
  const { server, wire }: Contender = await startContender('ours');
  try {
    const connections = [await wire.wholeRun('searched')];
    await context.load.run({ url: server.url, connections, seconds: 600, turns: context.quick ? 20 : RUNS });
    const { bytes, requests } = await firstPage(`${server.url}/experiments/1`);
    const what = 'first visit of the page with the run table of 1,000 runs';
    return [
      { what, unit: 'KiB', figures: { ours: [bytes / 1024] }, reach: atMost(80, '≤ 80 KiB') },
      { what, unit: 'requests', figures: { ours: [requests] }, reach: atMost(8, '≤ 8') },
    ];
  } finally {
    await server.stop();
  }
}
