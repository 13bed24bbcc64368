// bench/mlflow.ts
// Purpose: ours, FastTrackML and MLflow through the same API, MLflow's: batches, whole runs, searches, histories.
// Why: whoever moves here keeps the client; what it costs then is said beside what it cost before.
// Relevant files: bench/wires.ts, bench/runs.ts, bench/ingest.ts, bench/curves.ts

import { SHAPES } from './bodies.ts';
import { withContenders, type Contender } from './contenders.ts';
import type { Context, Result } from './context.ts';
import { atOnce, historyUrl } from './curves.ts';
import { download } from './download.ts';
import { fill } from './fill.ts';
import { plural } from './ingest.ts';
import { interleaved, ratioAtLeast, ratioAtMost, type Reach, type Row } from './rows.ts';
import { creating, searching } from './runs.ts';
import { mlflowWire } from './wires.ts';

export async function mlflow(context: Context): Promise<Result> {
  const rows = await withContenders(
    ['ours', 'limit', 'fasttrackml', 'synced', 'mlflow'],
    context.peers,
    async (all) => {
      const wired = all.map((one) => (one.who === 'ours' ? { ...one, wire: mlflowWire(one.server.url) } : one));
      // What a sync costs is seen where commits are many and small.
      const contenders = wired.filter(({ who }) => who !== 'synced');
      // The limit takes what is logged and answers nothing of it.
      const able = contenders.filter(({ who }) => who !== 'limit');
      return [
        await batches(context, contenders, 1),
        await batches(context, contenders, 4),
        await creating(context, wired, atLeast(3, 80)),
        ...(await searching(context, able, [
          ratioAtMost('fasttrackml', 1 / 5, '≤ 1/5 of FastTrackML'),
          ratioAtMost('mlflow', 1 / 20, '≤ 1/20 of MLflow'),
        ])),
        await history(context, able),
      ];
    },
  );
  return { rows };
}

function atLeast(fasttrackml: number, mlflow: number): Reach[] {
  return [
    ratioAtLeast('fasttrackml', fasttrackml, `≥ ${fasttrackml} × FastTrackML`),
    ratioAtLeast('mlflow', mlflow, `≥ ${mlflow} × MLflow`),
  ];
}

async function batches({ load, rounds, seconds }: Context, contenders: Contender[], connections: number): Promise<Row> {
  const shape = SHAPES[1] ?? { keys: 10, steps: 100 };
  const rate = async ({ server, wire }: Contender): Promise<number> => {
    const runs = await Promise.all(Array.from({ length: connections }, () => wire.newRun()));
    const steps = runs.map((run) => [wire.log(run, shape)]);
    const done = await load.run({ url: server.url, connections: steps, seconds });
    return (done.turns * shape.keys * shape.steps) / done.seconds;
  };
  // Once for nothing: compilers and caches warm up.
  for (const one of contenders) await rate(one);
  const figures = await interleaved(rounds, contenders, rate);
  const reach = [ratioAtLeast('limit', 0.75, '≥ 75 % of the limit'), ...atLeast(10, 40)];
  return { what: `log-batch of 1000, ${plural(connections)}`, unit: 'points/s', figures, reach };
}

async function history({ load, rounds, seconds, quick }: Context, contenders: Contender[]): Promise<Row> {
  const points = quick ? 1_000 : 100_000;
  const runs = new Map<Contender, string>();
  for (const one of contenders) {
    const run = await one.wire.newRun();
    runs.set(one, run);
    await fill(load, one.server.url, one.wire, run, points);
    const count = await atOnce(one, run);
    if (count !== points) throw new Error(`${one.who} gave ${count} points of ${points}`);
  }
  // Servers are compared, so the receiver only takes the bytes: parsing them takes as long for each.
  const figures = await interleaved(rounds, contenders, async (one) => {
    const start = performance.now();
    let [times, took] = [0, 0];
    // One after the other for as long as anything else is measured: a single answer of a tenth of a second is mostly chance.
    while (took < seconds * 1_000) {
      await download(historyUrl(one, runs.get(one) ?? '')).done;
      times += 1;
      took = performance.now() - start;
    }
    return (points * times * 1000) / took;
  });
  const what = `get-history of ${points.toLocaleString('en')} points`;
  return { what, unit: 'points/s', figures, reach: atLeast(5, 20) };
}
