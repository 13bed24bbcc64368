// bench/writer-home.ts
// Purpose: an experiment: our server with its writer on the main thread, or in a thread that gets log bodies by transfer.
// Why: where a commit waits for the disk decides how long pages wait; the decision in ARCHITECTURE.md has its figures from here.
// Relevant files: bench/writer.ts, bench/writer-thread.ts, manage.ts

import type http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { startServer } from '../manage.ts';
import { readSettings } from '../shared/config.ts';
import { projectRoot } from '../shared/setup/root.js';
import type { Answer, Order } from './writer-thread.ts';

const [home, port = '0', data = ''] = process.argv.slice(2);
const settings = readSettings({ port, data }, {});
const server = await startServer(settings);
if (home === 'thread') await handOver(server.app.server);
process.once('SIGTERM', () => void server.close().then(() => process.exit()));

/** Log requests pass by Fastify: the thread has the least possible to carry. */
async function handOver(from: http.Server): Promise<void> {
  // A thread of Node 20 does not inherit the translation of TypeScript.
  const file = JSON.stringify(pathToFileURL(path.join(projectRoot, 'bench/writer-thread.ts')));
  const code = `import('tsx/esm/api').then(({ register }) => (register(), import(${file})))`;
  const thread = new Worker(code, { eval: true, workerData: settings.database });
  await new Promise((resolve) => thread.once('online', resolve));
  const waiting = new Map<number, http.ServerResponse>();
  let orders = 0;
  thread.on('message', ({ order, status, text }: Answer) => {
    const head = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    waiting.get(order)?.writeHead(status, head).end(text);
    waiting.delete(order);
  });
  const others = from.listeners('request') as http.RequestListener[];
  from.removeAllListeners('request');
  from.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
    const run = /^\/api\/runs\/([0-9a-f]{32})\/log$/.exec(request.url ?? '')?.[1];
    if (run === undefined) return others.forEach((other) => void other.call(from, request, response));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Uint8Array.from(Buffer.concat(chunks));
      waiting.set((orders += 1), response);
      thread.postMessage({ order: orders, run, body } satisfies Order, [body.buffer]);
    });
  });
}
