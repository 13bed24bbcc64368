// tests/mlflow/beside.ts
// Purpose: our server and MLflow's own, side by side, asked the same; what their answers share once ids and times are out.
// Why: what "like MLflow" means is what MLflow does, not what somebody remembers of it.
// Relevant files: tests/mlflow/beside-searches.test.ts, tests/mlflow/beside-scripts.test.ts, bench/peers.ts, shared/setup/mlflow.js

import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPeer } from '../../bench/peers.ts';
import { ensureMlflow } from '../../shared/setup/mlflow.js';
import { startTracker } from '../support/tracker.ts';

export interface Side {
  name: 'ours' | 'mlflow';
  url: string;
}

export interface Beside {
  sides: [ours: Side, mlflow: Side];
  stop: () => Promise<void>;
}

export interface Reply<T = Record<string, unknown>> {
  status: number;
  body: T;
}

export async function startBeside(): Promise<Beside> {
  const environment = path.dirname(path.dirname(ensureMlflow()));
  const [tracker, peer] = await Promise.all([startTracker(), startPeer('mlflow', environment, ['--workers', '1'])]);
  return {
    sides: [
      { name: 'ours', url: tracker.url },
      { name: 'mlflow', url: peer.url },
    ],
    stop: async () => {
      await Promise.all([tracker.stop(), peer.stop()]);
    },
  };
}

/** `path`: below `/api/2.0/mlflow`. MLflow answers a 500 with HTML: then the body is empty. */
export async function ask<T = Record<string, unknown>>(
  side: Side,
  method: string,
  path: string,
  body?: object,
): Promise<Reply<T>> {
  const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${side.url}/api/2.0/mlflow${path}`, { method, ...json });
  const text = await response.text();
  return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : {}) as T };
}

/** Several at a time: MLflow's server waits 40 ms with each answer. */
export async function forEach<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) await work(item, index);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** What a script of this folder prints, given a server's address; it must end well. */
export async function runScript(script: string, ...args: string[]): Promise<string> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  // Its answers after a busy server are tried again for seconds, not minutes: what fails here has failed.
  const env = { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_HTTP_REQUEST_MAX_RETRIES: '2' };
  const { stdout } = await promisify(execFile)(ensureMlflow(), [file, ...args], { env, maxBuffer: 2 ** 26 });
  return stdout;
}
