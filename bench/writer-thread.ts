// bench/writer-thread.ts
// Purpose: the thread of the experiment: takes a log body's bytes, parses, checks, stores and commits, answers with text.
// Why: nothing of a log request but its bytes touches the main thread.
// Relevant files: bench/writer-home.ts, runs/ingest.ts, runs/log-body.ts

import { parentPort, workerData } from 'node:worker_threads';
import { logBatch } from '../runs/ingest.ts';
import { parseLogBody } from '../runs/log-body.ts';
import { requireLoggedRun } from '../runs/logged-run-queries.ts';
import { openSqlite } from '../shared/db/sqlite.ts';

export interface Order {
  order: number;
  run: string;
  body: Uint8Array;
}

export interface Answer {
  order: number;
  status: number;
  text: string;
}

const store = await openSqlite(String(workerData), { migrate: false });

async function stored({ run, body }: Order): Promise<string> {
  const parsed = parseLogBody(JSON.parse(Buffer.from(body.buffer).toString()));
  if (!parsed.success) throw parsed.error;
  const work = store.write(async (tx) => logBatch(tx, await requireLoggedRun(tx, run), parsed.data, Date.now()), {
    run,
    bytes: body.byteLength,
  });
  return JSON.stringify(await work);
}

parentPort?.on('message', (order: Order) => {
  const answer = (status: number, text: string): void =>
    parentPort?.postMessage({ order: order.order, status, text } satisfies Answer);
  stored(order).then(
    (text) => answer(200, text),
    (error: unknown) => answer(500, JSON.stringify({ error: String(error) })),
  );
});
