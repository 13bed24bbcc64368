// bench/writer.ts
// Purpose: compares the two homes of the writer: pages while four clients log, then what comes in.
// Why: the pages' p95 decides, then throughput; asked for by name only: it measures a choice, not the product.
// Relevant files: bench/writer-home.ts, bench/pages.ts, bench/rows.ts

import { setTimeout } from 'node:timers/promises';
import { shapeName, type Shape } from './bodies.ts';
import type { Context, Result } from './context.ts';
import { startLoader } from './load.ts';
import type { Step } from './load-types.ts';
import { together } from './pages.ts';
import { interleaved, type Figures, type Row } from './rows.ts';
import { freePort, freshFolder, launch, withFolder, type Server } from './servers.ts';
import { ourWire } from './wires.ts';

const BATCH: Shape = { keys: 10, steps: 100 };
const SINGLE: Shape = { keys: 1, steps: 1 };

interface Home {
  /** The columns of the table: the main thread is `ours`, the thread is its reference. */
  who: 'ours' | 'limit';
  server: Server;
}

export async function writer(context: Context): Promise<Result> {
  const homes: Home[] = [];
  const loggers = await startLoader();
  try {
    for (const [who, home] of [
      ['ours', 'main'],
      ['limit', 'thread'],
    ] as const)
      // prettier-ignore
      homes.push({ who, server: await startHome(home) });
    const rows: Row[] = [];
    for (const page of ['/experiments/1', '/runs']) {
      const job = { connections: [[{ method: 'GET', path: page } as const]], seconds: context.seconds };
      const figures = await measured(context, homes, BATCH, 4, async ({ server }, connections) => {
        const work = (): ReturnType<typeof context.load.run> => context.load.run({ ...job, url: server.url });
        return (await together(context, loggers, server.url, connections, work)).p95;
      });
      rows.push({ what: `page ${page}, p95, while four clients log batches`, unit: 'ms', figures });
    }
    for (const [shape, count] of [
      [BATCH, 1],
      [BATCH, 4],
      [SINGLE, 1],
      [SINGLE, 32],
    ] as const)
      // prettier-ignore
      rows.push(await throughput(context, homes, shape, count));
    return { rows, more: 'Here `ours` is the writer on the main thread, `limit` the writer in a thread of its own.' };
  } finally {
    loggers.stop();
    for (const { server } of homes) await server.stop();
  }
}

async function startHome(home: 'main' | 'thread'): Promise<Server> {
  const [port, folder] = [await freePort(), freshFolder()];
  const args = ['--import', 'tsx', 'bench/writer-home.ts', home, String(port), folder];
  const server = await launch({ command: process.execPath, args, env: { DATABASE_URL: '' }, port, health: '/health' });
  await setTimeout(1_000);
  return withFolder(server, folder);
}

async function throughput(context: Context, homes: Home[], shape: Shape, count: number): Promise<Row> {
  const figures = await measured(context, homes, shape, count, async ({ server }, connections) => {
    const { turns, seconds } = await context.load.run({ url: server.url, connections, seconds: context.seconds });
    return (turns * shape.keys * shape.steps) / seconds;
  });
  return { what: `${shapeName(shape)} a request, ${count} connections`, unit: 'points/s', figures };
}

async function measured(
  context: Context,
  homes: Home[],
  shape: Shape,
  count: number,
  measure: (home: Home, connections: Step[][]) => Promise<number>,
): Promise<Figures> {
  const connections = new Map<Home, Step[][]>();
  for (const home of homes) {
    const wire = ourWire(home.server.url);
    const runs = await Promise.all(Array.from({ length: count }, () => wire.newRun()));
    connections.set(home, runs.map((run) => [wire.log(run, shape)])); // prettier-ignore
    await measure(home, connections.get(home) ?? []);
  }
  return interleaved(context.rounds, homes, (home) => measure(home, connections.get(home) ?? []));
}
