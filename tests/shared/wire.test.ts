// tests/shared/wire.test.ts
// Purpose: how a heavy read ends early: closed by us it is no fault, dead by itself it is one.
// Why: each stop of a server with a download under way wrote an error into its log.
// Relevant files: shared/heavy/wire.ts, shared/heavy/threads.ts

import { MessageChannel } from 'node:worker_threads';
import { expect, it } from 'vitest';
import type { Piece } from '../../shared/heavy/job.ts';
import { receiveRead, sendRead } from '../../shared/heavy/wire.ts';

/** Reads one piece of an endless read, then the port is closed; what the next one throws. */
async function closedAfterOne(failure: unknown): Promise<unknown> {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const endless = async function* (): AsyncGenerator<Piece> {
    for (;;) yield await Promise.resolve({ bytes: new Uint8Array(8), rows: 1 });
  };
  const sent = sendRead(theirs, () => Promise.resolve({ head: 'head', pieces: endless() }));
  const { head, pieces } = await receiveRead<string>(ours, () => failure);
  expect(head).toBe('head');
  const iterator = pieces[Symbol.asyncIterator]();
  expect((await iterator.next()).value).toMatchObject({ rows: 1 });
  ours.close();
  // What is under way already still comes.
  const rest = async (): Promise<void> => {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) continue;
  };
  const thrown = await rest().catch((error: unknown) => error);
  await sent;
  return thrown;
}

it('closed by us: what Fastify takes for a receiver that went', async () => {
  expect(await closedAfterOne(undefined)).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
});

it('dead by itself: an error with its cause', async () => {
  const cause = new Error('out of memory');
  const thrown = await closedAfterOne(cause);
  expect(thrown).toMatchObject({ message: 'A heavy read ended before its end.', cause });
  expect(thrown).not.toHaveProperty('code');
});
