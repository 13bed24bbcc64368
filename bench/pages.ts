// bench/pages.ts
// Purpose: how long pages take at rest and while four clients log at full speed.
// Why: people look at a run while it trains; a writer must not make them wait.
// Relevant files: bench/big.ts, bench/load.ts

import type { Context } from './context.ts';
import { startLoader, type Loader } from './load.ts';
import type { LoadResult, Step } from './load-types.ts';
import type { Row } from './rows.ts';
import type { Server } from './servers.ts';
import { ourWire } from './wires.ts';

const LOGGERS = 4;

/** Adds rows of p95 of all pages, one after the other on one connection, as a person moves. */
export async function pagesUnderLoad(context: Context, server: Server, run: string): Promise<Row[]> {
  const loggers = await startLoader();
  try {
    const wire = ourWire(server.url);
    const runs = await Promise.all(Array.from({ length: LOGGERS }, () => wire.newRun()));
    const logging = runs.map((one): Step[] => [wire.log(one, { keys: 10, steps: 100 })]);
    const pages = ['/experiments', '/experiments/1', '/runs', `/runs/${run}`].map((path): Step => ({
      method: 'GET',
      path,
    }));
    const rows: Row[] = [];
    for (const page of pages) {
      const [idle, busy]: [number[], number[]] = [[], []];
      const job = { url: server.url, connections: [[page]], seconds: context.seconds };
      for (let round = 0; round < context.rounds; round += 1) {
        idle.push((await context.load.run(job)).p95);
        busy.push((await together(context, loggers, server.url, logging, () => context.load.run(job))).p95);
      }
      const what = page.path.replace(run, 'ID');
      rows.push({ what: `page ${what}, p95, at rest`, unit: 'ms', figures: { ours: idle } });
      rows.push({ what: `page ${what}, p95, while four clients log batches`, unit: 'ms', figures: { ours: busy } });
    }
    return rows;
  } finally {
    loggers.stop();
  }
}

/** Logs longer than the measurement lasts, so that all of it is under load. */
export async function together(
  { seconds }: Context,
  loggers: Loader,
  url: string,
  connections: Step[][],
  work: () => Promise<LoadResult>,
): Promise<LoadResult> {
  const logging = loggers.run({ url, connections, seconds: seconds * 1.2 });
  const result = await work();
  await logging;
  return result;
}
