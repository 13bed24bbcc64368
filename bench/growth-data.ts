// bench/growth-data.ts
// Purpose: a synthetic experiment of a given size, written by `manage.ts seed --scale`, and a server on it.
// Why: large data is made by the same command that people have.
// Relevant files: bench/growth.ts, imports/seed-scale.ts, imports/synthetic.ts

import { execFile } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../shared/setup/root.js';
import { ask } from './api.ts';
import type { Context } from './context.ts';
import type { Step } from './load-types.ts';
import { freshFolder, startOurs, type Server } from './servers.ts';
import { ourWire } from './wires.ts';

export interface Scale {
  runs: number;
  metrics: number;
  points: number;
  /** Of each run; undefined: the usual four. */
  params?: number;
}

export interface Seeded {
  scale: Scale;
  points: number;
  server: Server;
  experiment: number;
  run: string;
  /** Logs a point into a run of the experiment that goes on. */
  change: Step;
  mib: number;
  /** How long writing took. */
  seconds: number;
  stop: () => Promise<void>;
}

/** `database`: an address of PostgreSQL instead of a file in a folder of its own. */
export async function seeded({ say }: Context, scale: Scale, database?: string): Promise<Seeded> {
  const folder = freshFolder();
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const size = [scale.runs, scale.metrics, scale.points].join('x');
    const more = scale.params === undefined ? [] : ['--params', String(scale.params)];
    say(`writing ${size} …`);
    const start = performance.now();
    const args = ['--import', 'tsx', 'manage.ts', 'seed', '--scale', size, ...more, '--data', folder];
    const env = { DATABASE_URL: database ?? path.join(folder, 'tracker.db') };
    await promisify(execFile)(process.execPath, args, { cwd: projectRoot, env: { ...process.env, ...env } });
    const seconds = (performance.now() - start) / 1000;
    const mib = database === undefined ? statSync(path.join(folder, 'tracker.db')).size / 1024 ** 2 : NaN;
    const server = await startOurs(folder, env);
    const stop = async (): Promise<void> => {
      await server.stop();
      remove();
    };
    const points = scale.runs * scale.metrics * scale.points;
    return { scale, points, server, mib, seconds, stop, ...(await placesIn(server)) };
  } catch (error) {
    remove();
    throw error;
  }
}

async function placesIn({ url }: Server): Promise<Pick<Seeded, 'experiment' | 'run' | 'change'>> {
  const experiments = await ask<{ items: { id: number; name: string }[] }>(`${url}/api/experiments?q=synthetic`);
  const experiment = experiments.items[0]?.id ?? 0;
  const runs = await ask<{ items: { id: string }[] }>(`${url}/api/runs?experiment=${experiment}&limit=1`);
  const run = runs.items[0]?.id ?? '';
  // With the params of another one: without any, all params would vary, and be what runs are grouped by.
  const { params } = await ask<{ params: Record<string, string> }>(`${url}/api/runs/${run}`);
  const live = await ask<{ id: string }>(`${url}/api/runs`, 'POST', {
    experiment_id: experiment,
    name: 'live',
    params,
  });
  return { experiment, run, change: ourWire(url).log(live.id, { keys: 1, steps: 1 }) };
}
