// bench/postgres.ts
// Purpose: one and two app processes on one PostgreSQL: how fast points come in together.
// Why: teams that outgrow one process must gain by a second one; must-show 7.
// Relevant files: bench/postgres-server.ts, bench/limit-postgres.ts, bench/servers.ts, bench/wires.ts

import { setTimeout } from 'node:timers/promises';
import { shapeName, type Shape } from './bodies.ts';
import { compiled } from './compile.ts';
import type { Context, Result } from './context.ts';
import { cpuOfTrees } from './cpu.ts';
import type { Step } from './load-types.ts';
import { startPostgres, type Database } from './postgres-server.ts';
import { atLeast, interleaved, type Contestant, type Figures, type Row } from './rows.ts';
import { freePort, launch, startOurs, type Server } from './servers.ts';
import { limitWire, ourWire, type Wire } from './wires.ts';

const PROCESSES = 2;
const BATCH: Shape = { keys: 10, steps: 100 };
const SINGLE: Shape = { keys: 1, steps: 1 };

export async function postgres(context: Context): Promise<Result> {
  const database = await startPostgres();
  const started: Server[] = [];
  try {
    const start = async (make: () => Promise<Server>): Promise<Server[]> => {
      const servers: Server[] = [];
      // One after the other: the first one migrates.
      for (let i = 0; i < PROCESSES; i += 1) started.push((servers[i] = await make()));
      return servers;
    };
    const ours = await start(() => startOurs(undefined, { DATABASE_URL: database.url }));
    const limit = await start(() => startLimit(database.url));
    const rows = await measure(context, database, ours, limit);
    await setTimeout(context.quick ? 0 : 2_000);
    const memory = Math.max(...ours.map((app) => app.memory()));
    const after: Row = {
      what: 'memory of the larger app process afterwards',
      unit: 'MiB',
      figures: { ours: [memory] },
    };
    return { rows: [...rows, after] };
  } finally {
    for (const server of started) await server.stop();
    await database.stop();
  }
}

async function startLimit(url: string): Promise<Server> {
  const port = await freePort();
  const args = [compiled('bench/limit-postgres.ts'), String(port), url];
  return launch({ command: process.execPath, args, port, health: '/health' });
}

async function measure(context: Context, database: Database, ours: Server[], limit: Server[]): Promise<Row[]> {
  const batch = `log-batch of 1000, ${shapeName(BATCH)}`;
  const single = 'one metric a request';
  const log = (count: number, shape: Shape, connections: number): Promise<Logged> => {
    const contenders = [contender('ours', ours.slice(0, count)), contender('limit', limit.slice(0, count))];
    return logging(context, database, contenders, shape, connections);
  };
  const [one, two] = [await log(1, BATCH, 4), await log(2, BATCH, 4)];
  const [few, many] = [await log(1, SINGLE, 32), await log(2, SINGLE, 32)];
  const points = { unit: 'points/s' };
  const cost = { unit: 'ms', what: 'such a batch in processor time of all processes: apps and database' };
  return [
    { ...points, what: `${batch}, one app process, 4 connections`, figures: one.rates },
    {
      ...points,
      what: `${batch}, two app processes, 4 connections together`,
      figures: two.rates,
      must: 7,
      reach: atLeast(100_000, '≥ 100,000'),
    },
    { ...cost, figures: two.costs },
    { ...points, what: `${single}, one app process, 32 connections`, figures: few.rates },
    { ...points, what: `${single}, two app processes, 32 connections together`, figures: many.rates },
  ];
}

interface Contender {
  who: Contestant;
  servers: Server[];
  wire: Wire;
}

function contender(who: 'ours' | 'limit', servers: Server[]): Contender {
  return { who, servers, wire: who === 'ours' ? ourWire(servers[0]?.url ?? '') : limitWire() };
}

interface Logged {
  /** Points a second. */
  rates: Figures;
  /** Processor time of a request, ms. */
  costs: Figures;
}

async function logging(
  { load, rounds, seconds }: Context,
  database: Database,
  contenders: Contender[],
  shape: Shape,
  count: number,
): Promise<Logged> {
  const steps = new Map<Contender, Step[][]>();
  for (const one of contenders) {
    const runs = await Promise.all(Array.from({ length: count }, () => one.wire.newRun()));
    steps.set(
      one,
      runs.map((run) => [one.wire.log(run, shape)]),
    );
  }
  let costs: Figures = {};
  const rate = async (one: Contender): Promise<number> => {
    const pids = [database.pid, ...one.servers.map(({ pid }) => pid)];
    const before = cpuOfTrees(pids);
    const job = { url: one.servers.map(({ url }) => url), connections: steps.get(one) ?? [], seconds };
    const done = await load.run(job);
    (costs[one.who] ??= []).push((cpuOfTrees(pids) - before) / done.turns);
    return (done.turns * shape.keys * shape.steps) / done.seconds;
  };
  // Once for nothing: compilers and caches warm up.
  for (const one of contenders) await rate(one);
  costs = {};
  return { rates: await interleaved(rounds, contenders, rate), costs };
}
