// bench/ingest.ts
// Purpose: how fast points come in, beside the bare limit and the peers: batches of 1,000 in several shapes, and one by one.
// Why: a tracker must not slow training; must-shows 1 and 2.
// Relevant files: bench/limit.ts, bench/bodies.ts, bench/contenders.ts

import { SHAPES, shapeName, type Shape } from './bodies.ts';
import { withContenders, type Contender } from './contenders.ts';
import type { Context, Result } from './context.ts';
import type { Step } from './load-types.ts';
import { interleaved, ratioAtLeast, type Figures, type Row } from './rows.ts';

const SINGLE: Shape = { keys: 1, steps: 1 };
/** Peers take part with this shape only: they are slow to start and to measure. */
const PEERS_SHAPE = SHAPES[1];
/** So many writers at a time: MLflow's server answers 500 to two thirds of their requests, and there is no rate to measure. */
const TOO_MANY_FOR_MLFLOW = 32;

export async function ingest(context: Context): Promise<Result> {
  const rows = await withContenders(['fasttrackml', 'mlflow'], context.peers, async (peers) => {
    const rows: Row[] = [];
    for (const shape of context.quick ? SHAPES.slice(1, 2) : SHAPES)
      for (const connections of [1, 4])
        rows.push(await batches(context, shape === PEERS_SHAPE ? peers : [], shape, connections));
    for (const connections of context.quick ? [1] : [1, 4, 32]) rows.push(await singles(context, peers, connections));
    return rows;
  });
  return { rows };
}

async function batches(context: Context, peers: Contender[], shape: Shape, connections: number): Promise<Row> {
  return {
    must: 1,
    what: `log-batch of 1000, ${shapeName(shape)}, ${plural(connections)}`,
    unit: 'points/s',
    figures: await rates(context, peers, shape, connections),
    reach: ratioAtLeast('limit', 0.8, '≥ 80 % of the limit'),
  };
}

async function singles(context: Context, peers: Contender[], connections: number): Promise<Row> {
  const able = peers.filter(({ who }) => who !== 'mlflow' || connections < TOO_MANY_FOR_MLFLOW);
  const row: Row = {
    what: `one metric a request, ${plural(connections)}`,
    unit: 'requests/s',
    figures: await rates(context, able, SINGLE, connections),
    ...(able.length < peers.length && { note: 'MLflow left out: it answers 500 to so many at a time' }),
  };
  if (connections === 1) return { ...row, must: 2, reach: ratioAtLeast('limit', 0.8, '≥ 80 % of the limit') };
  if (connections === 32) return { ...row, must: 2, reach: ratioAtLeast('limit', 3, '≥ 3 × the limit') };
  return row;
}

/** Points a second. Ours and the limit are fresh for each row: a large database is slower, and both must be of one size. */
async function rates(context: Context, peers: Contender[], shape: Shape, connections: number): Promise<Figures> {
  return withContenders(['ours', 'limit'], undefined, async (own) => {
    const jobs = new Map<Contender, Step[][]>();
    for (const one of [...own, ...peers]) jobs.set(one, await stepsFor(one, shape, connections));
    const rate = async (one: Contender): Promise<number> => {
      const job = { url: one.server.url, connections: jobs.get(one) ?? [], seconds: context.seconds };
      const { turns, seconds } = await context.load.run(job);
      return (turns * shape.keys * shape.steps) / seconds;
    };
    // Once for nothing: compilers and caches warm up.
    for (const one of own) await rate(one);
    return interleaved(context.rounds, [...own, ...peers], rate);
  });
}

/** Each connection logs into its own run, as each training process does. */
async function stepsFor({ wire }: Contender, shape: Shape, connections: number): Promise<Step[][]> {
  const runs = await Promise.all(Array.from({ length: connections }, () => wire.newRun()));
  return runs.map((run) => [wire.log(run, shape)]);
}

export function plural(connections: number): string {
  return connections === 1 ? '1 connection' : `${connections} connections`;
}
