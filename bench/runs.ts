// bench/runs.ts
// Purpose: how fast runs are made and found: whole runs in three calls, a search of 1,000 runs with 100 back.
// Why: sweeps make thousands of short runs, and the first thing asked is which of them were best.
// Relevant files: bench/wires.ts, bench/contenders.ts

import { withContenders, type Contender } from './contenders.ts';
import type { Context, Result } from './context.ts';
import type { Step } from './load-types.ts';
import { interleaved, ratioAtLeast, ratioAtMost, type Reach, type Row } from './rows.ts';

/** Creating is slow in some peers, and several at a time is quicker. */
const MAKERS = 8;

export async function runs(context: Context): Promise<Result> {
  const rows = await withContenders(['ours', 'fasttrackml', 'mlflow'], context.peers, async (contenders) => [
    await creating(context, contenders),
    ...(await searching(context, contenders)),
  ]);
  return { rows };
}

export async function creating(
  context: Context,
  contenders: Contender[],
  reach: Reach[] = [ratioAtLeast('fasttrackml', 3, '≥ 3 × FastTrackML')],
): Promise<Row> {
  const steps = new Map<Contender, Step[]>();
  for (const one of contenders) steps.set(one, await one.wire.wholeRun());
  const rate = async (one: Contender): Promise<number> => {
    const connections = [steps.get(one) ?? []];
    const { turns, seconds } = await context.load.run({ url: one.server.url, connections, seconds: context.seconds });
    return turns / seconds;
  };
  // Once for nothing, as with batches.
  for (const one of contenders) await rate(one);
  const figures = await interleaved(context.rounds, contenders, rate);
  const what = 'a run with 10 params, 5 tags, 5 metrics, in three calls, 1 connection';
  return { what, unit: 'runs/s', figures, reach };
}

export async function searching(
  context: Context,
  contenders: Contender[],
  reach: Reach[] = [ratioAtMost('fasttrackml', 0.2, '≤ 1/5 of FastTrackML')],
): Promise<Row[]> {
  const count = context.quick ? 20 : 1000;
  for (const one of contenders) await makeRuns(context, one, count);
  const rows: Row[] = [];
  for (const filtered of [true, false]) {
    const figures = await interleaved(context.rounds, contenders, async ({ server, wire }) => {
      const connections = [[await wire.search(filtered)]];
      return (await context.load.run({ url: server.url, connections, seconds: context.seconds })).p50;
    });
    rows.push({
      what: `run search, ${filtered ? 'filtered by param and metric' : 'no filter'}, ${count} runs and more, 100 back, p50`,
      unit: 'ms',
      figures,
      reach,
    });
  }
  return rows;
}

/** In an experiment of their own: what was made to measure making differs in number. */
async function makeRuns({ load }: Context, { server, wire }: Contender, count: number): Promise<void> {
  const steps = await wire.wholeRun('searched');
  const connections = Array.from({ length: MAKERS }, () => steps);
  await load.run({ url: server.url, connections, seconds: 600, turns: count });
}
