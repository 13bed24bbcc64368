// bench/servers.ts
// Purpose: starts what is measured, each in a process and a folder of its own, and ends it with all its children.
// Why: ours is started as people start it; the references get the same conditions.
// Relevant files: bench/limit.ts, bench/peers.ts, shared/setup/start.js

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { projectRoot } from '../shared/setup/root.js';
import { compiled } from './compile.ts';
import { memoryOf } from './memory.ts';

export interface Server {
  url: string;
  pid: number;
  /** From the start of the process to the first answer with 200, ms. */
  startMs: number;
  /** MiB of all its processes. */
  memory: () => number;
  stop: () => Promise<void>;
}

export interface Launch {
  command: string;
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
  port: number;
  /** What answers 200 when the server is ready. */
  health: string;
}

/** MLflow's server takes ten seconds, on a busy machine a minute and more. */
const START_PATIENCE_MS = 180_000;
const STOP_PATIENCE_MS = 15_000;
const running = new Set<number>();

/** So that a bench that is interrupted leaves nothing behind. */
process.once('exit', () => {
  for (const pid of running) signal(pid, 'SIGKILL');
});
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1));

export function freshFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'tracker-bench-'));
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function launch({ command, args, env = {}, cwd = projectRoot, port, health }: Launch): Promise<Server> {
  const url = `http://127.0.0.1:${port}`;
  const start = performance.now();
  // A group of its own: some peers start many processes, and all of them must go.
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  running.add(pid);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) await end(pid, once(child, 'exit'));
    signal(pid, 'SIGKILL');
    running.delete(pid);
  };
  while (!(await answers(url + health))) {
    if (child.exitCode === null && performance.now() - start < START_PATIENCE_MS) continue;
    await stop();
    throw new Error(`${command} ${args.join(' ')} does not answer at ${url}${health}: ${said}`);
  }
  return { url, pid, startMs: performance.now() - start, memory: () => memoryOf(pid), stop };
}

async function end(pid: number, exit: Promise<unknown>): Promise<void> {
  signal(pid, 'SIGTERM');
  await Promise.race([exit, setTimeout(STOP_PATIENCE_MS, undefined, { ref: false })]);
}

/** To the whole group. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // It has gone already.
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    await setTimeout(10);
    return false;
  }
}

/** As `npm start` does, without npm; `folder` is kept when it is given, else it is fresh and goes with the server. */
export async function startOurs(folder?: string, env?: Record<string, string>): Promise<Server> {
  const port = await freePort();
  const data = folder ?? freshFolder();
  const server = await launch({
    command: process.execPath,
    args: [...startWords(), '--port', String(port), '--data', data],
    // SQLite, whatever the caller's shell says.
    env: { DATABASE_URL: path.join(data, 'tracker.db'), ...env },
    port,
    health: '/health',
  });
  return folder === undefined ? withFolder(server, data) : server;
}

/** `node …` of package.json, without `node`. */
function startWords(): string[] {
  const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start.split(' ').slice(1);
}

export async function startLimit(): Promise<Server> {
  const port = await freePort();
  const folder = freshFolder();
  const args = [compiled('bench/limit.ts'), String(port), folder];
  return withFolder(await launch({ command: process.execPath, args, port, health: '/health' }), folder);
}

export function withFolder(server: Server, folder: string): Server {
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
