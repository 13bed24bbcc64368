// bench/postgres.ts
// Purpose: one and two app processes on one PostgreSQL: how fast points come in together.
// Why: teams that outgrow one process must gain by a second one; must-show 7.
// Relevant files: bench/postgres-server.ts, bench/servers.ts, bench/wires.ts

import { setTimeout } from 'node:timers/promises';
import { shapeName, type Shape } from './bodies.ts';
import type { Context, Result } from './context.ts';
import type { Step } from './load-types.ts';
import { startPostgres } from './postgres-server.ts';
import { atLeast, type Row } from './rows.ts';
import { startOurs, type Server } from './servers.ts';
import { ourWire } from './wires.ts';

const PROCESSES = 2;
const BATCH: Shape = { keys: 10, steps: 100 };
const SINGLE: Shape = { keys: 1, steps: 1 };

export async function postgres(context: Context): Promise<Result> {
  const database = await startPostgres();
  const apps: Server[] = [];
  try {
    // One after the other: the first one migrates.
    for (let i = 0; i < PROCESSES; i += 1) apps.push(await startOurs(undefined, { DATABASE_URL: database.url }));
    const [first] = apps;
    if (!first) return { rows: [] };
    const what = `log-batch of 1000, ${shapeName(BATCH)}`;
    const rows = [
      await logging(context, [first], BATCH, 4, `${what}, one app process, 4 connections`),
      {
        ...(await logging(context, apps, BATCH, 4, `${what}, two app processes, 4 connections together`)),
        must: 7,
        reach: atLeast(100_000, '≥ 100,000'),
      },
      await logging(context, [first], SINGLE, 32, 'one metric a request, one app process, 32 connections'),
      await logging(context, apps, SINGLE, 32, 'one metric a request, two app processes, 32 connections together'),
    ];
    await setTimeout(context.quick ? 0 : 2_000);
    const memory = Math.max(...apps.map((app) => app.memory()));
    return {
      rows: [
        ...rows,
        { what: 'memory of the larger app process afterwards', unit: 'MiB', figures: { ours: [memory] } },
      ],
    };
  } finally {
    for (const app of apps) await app.stop();
    await database.stop();
  }
}

async function logging(
  { load, rounds, seconds }: Context,
  apps: Server[],
  shape: Shape,
  count: number,
  what: string,
): Promise<Row> {
  const urls = apps.map(({ url }) => url);
  const wire = ourWire(urls[0] ?? '');
  const connections: Step[][] = [];
  for (let i = 0; i < count; i += 1) connections.push([wire.log(await wire.newRun(), shape)]);
  const job = { url: urls, connections, seconds };
  await load.run(job);
  const ours: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const result = await load.run(job);
    ours.push((result.turns * shape.keys * shape.steps) / result.seconds);
  }
  return { what, unit: 'points/s', figures: { ours } };
}
