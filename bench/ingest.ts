// bench/ingest.ts
// Purpose: how fast points come in, beside the bare limit: batches of 1,000 in several shapes, and one by one.
// Why: a tracker must not slow training; must-shows 1 and 2.
// Relevant files: bench/limit.ts, bench/bodies.ts, bench/servers.ts

import { createRun } from './api.ts';
import { logBody, SHAPES, shapeName, type Shape } from './bodies.ts';
import type { Context, Section } from './context.ts';
import type { Step } from './load-types.ts';
import { interleaved, ratioAtLeast, type Reach, type Row } from './rows.ts';
import { startLimit, startOurs, type Server } from './servers.ts';

export async function ingest(context: Context): Promise<Section> {
  const rows: Row[] = [];
  for (const shape of SHAPES) for (const connections of [1, 4]) rows.push(await batches(context, shape, connections));
  rows.push(await singles(context, 1, ratioAtLeast('limit', 0.8, '≥ 80 % of the limit')));
  rows.push(await singles(context, 4));
  rows.push(await singles(context, 32, ratioAtLeast('limit', 3, '≥ 3 × the limit')));
  return { title: 'Ingest', rows };
}

async function batches(context: Context, shape: Shape, connections: number): Promise<Row> {
  const figures = await against(context, logBody(shape), connections, shape.keys * shape.steps);
  return {
    what: `log-batch of 1000, ${shapeName(shape)}, ${plural(connections)}`,
    unit: 'points/s',
    figures,
    reach: ratioAtLeast('limit', 0.8, '≥ 80 % of the limit'),
  };
}

async function singles(context: Context, connections: number, reach?: Reach): Promise<Row> {
  const figures = await against(context, logBody({ keys: 1, steps: 1 }), connections, 1);
  const what = `one metric a request, ${plural(connections)}`;
  return { what, unit: 'requests/s', figures, ...(reach && { reach }) };
}

/** Fresh servers for each row: a large database is slower, and both must be of the same size. */
async function against(context: Context, body: string, connections: number, points: number): Promise<Row['figures']> {
  const [ours, limit] = [await startOurs(), await startLimit()];
  try {
    const steps = await Promise.all(Array.from({ length: connections }, () => createRun(ours.url)));
    const jobs = steps.map((id): Step[] => [{ method: 'POST', path: `/api/runs/${id}/log`, body }]);
    const rate = async ({ url }: Server): Promise<number> => {
      const { turns, seconds } = await context.load.run({ url, connections: jobs, seconds: context.seconds });
      return (turns * points) / seconds;
    };
    // Once for nothing: compilers and caches warm up.
    for (const server of [ours, limit]) await rate(server);
    return await interleaved(context.rounds, { ours: () => rate(ours), limit: () => rate(limit) });
  } finally {
    await Promise.all([ours.stop(), limit.stop()]);
  }
}

function plural(connections: number): string {
  return connections === 1 ? '1 connection' : `${connections} connections`;
}
