// tests/client/python.ts
// Purpose: runs Python scripts that use the client, with the machine's python3, and says what came of them.
// Why: the client is tested as people use it: a process of its own that can be signalled and killed.
// Relevant files: clients/python/tracker.py, tests/client/exactly-once.test.ts, tests/client/trouble.test.ts

import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { projectRoot } from '../../shared/lint/paths.js';

export const CLIENT = path.join(projectRoot, 'clients/python/tracker.py');

export interface Script {
  process: ChildProcess;
  out: () => string;
  errors: () => string;
  /** Its exit code, null after a signal. */
  ended: Promise<number | null>;
}

export interface ScriptOptions {
  url: string;
  /** The folder of the journal. */
  dir: string;
  env?: NodeJS.ProcessEnv;
}

/** Starts a script that finds the module `tracker`; it is gone when the test is. */
export function startScript(text: string, { url, dir, env }: ScriptOptions): Script {
  return startPython(['-c', `${PREAMBLE}\n${text}`], { TRACKER_URL: url, TRACKER_DIR: dir, ...env });
}

const PREAMBLE = `import sys; sys.path.insert(0, ${JSON.stringify(path.dirname(CLIENT))}); sys.dont_write_bytecode = True
import os, time, tracker`;

export function startPython(args: string[], env: NodeJS.ProcessEnv = {}): Script {
  const child = spawn('python3', args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { process: child, out: () => out, errors: () => errors, ended };
}

/** Runs a script to its end; throws with what it said when it fails. */
export async function runScript(text: string, options: ScriptOptions): Promise<{ out: string; errors: string }> {
  const script = startScript(text, options);
  const code = await script.ended;
  if (code !== 0) throw new Error(`the script ended with ${code}: ${script.errors()}${script.out()}`);
  return { out: script.out(), errors: script.errors() };
}

/** `python tracker.py sync DIR`. */
export async function runSync(dir: string, url: string): Promise<{ code: number | null; out: string; errors: string }> {
  const script = startPython([CLIENT, 'sync', dir, '--url', url]);
  return { code: await script.ended, out: script.out(), errors: script.errors() };
}
