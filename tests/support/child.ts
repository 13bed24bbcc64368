// tests/support/child.ts
// Purpose: the tracker in a process of its own, compiled as `npm start` compiles it, to be killed and started again.
// Why: only a real process can die at a real moment; one that is warm before it is needed makes a hundred deaths cheap.
// Relevant files: shared/setup/compiled.js, tests/faults/kill.test.ts, tests/support/tracker.ts

import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { compiledEntry } from '../../shared/setup/compiled.js';
import { ROOT } from '../imports/write-support.ts';

/** Loads everything, says so, and runs the command that it is sent. Ends with its parent. */
const SCRIPT = `
  process.once('disconnect', () => process.exit(1));
  const { main, startServer } = await import(process.argv[1]);
  // Without settings it loads all that a server consists of, and then sees that it has none.
  await startServer().catch(() => undefined);
  process.once('message', (args) => {
    // A server goes with its parent; a command ends when it is done.
    if (args[0] !== 'run') process.removeAllListeners('disconnect').disconnect();
    return main(args);
  });
  process.send('warm');`;

export interface ChildOptions {
  /** A module that is loaded before anything else. */
  preload?: string;
  env?: NodeJS.ProcessEnv;
  /** What starts the process, such as a shell that sets a limit; the program and its arguments follow. */
  wrap?: string[];
}

export interface Child {
  process: ChildProcess;
  /** What it has printed so far, errors too. */
  said: () => string;
  /** When it has ended: its exit code, null after a signal. */
  ended: Promise<number | null>;
  kill: () => Promise<void>;
}

export interface ChildServer extends Child {
  url: string;
}

/** A process that has loaded the tracker and does nothing yet. Gone when the test is. */
export async function warmChild({ preload, env, wrap = [] }: ChildOptions = {}): Promise<Child> {
  const node = [process.execPath, ...(preload === undefined ? [] : ['--import', preload])];
  const [program = '', ...args] = [...wrap, ...node, '--input-type=module', '-e', SCRIPT, await entryOfAll()];
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (said += text.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  const warm = new Promise((resolve) => child.once('message', resolve));
  await Promise.race([warm, ended.then(() => Promise.reject(new Error(`the child ended: ${said}`)))]);
  return { process: child, said: () => said, ended, kill };
}

/** Lets it serve a data folder. */
export async function serveFrom(child: Child, folder: string, ...flags: string[]): Promise<ChildServer> {
  child.process.send(['run', '--port', '0', '--data', folder, ...flags]);
  let isOver = false;
  void child.ended.then(() => (isOver = true));
  for (;;) {
    const url = /is at (http:\S+)/.exec(child.said())?.[1];
    if (url !== undefined) return { ...child, url };
    if (isOver) throw new Error(`the server ended before it listened: ${child.said()}`);
    await setTimeout(2);
  }
}

export async function startChild(folder: string, options?: ChildOptions): Promise<ChildServer> {
  return serveFrom(await warmChild(options), folder);
}

/** A command of manage.ts in a process of its own, compiled. */
export async function runChild(args: string[], options?: ChildOptions): Promise<{ code: number | null; said: string }> {
  const child = await warmChild(options);
  child.process.send(args);
  return { code: await child.ended, said: child.said() };
}

/** Two test files may compile at once: the one that comes second finds the folder there. */
async function entryOfAll(): Promise<string> {
  return compiledEntry().catch(() => compiledEntry());
}
