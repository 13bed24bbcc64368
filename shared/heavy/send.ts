// shared/heavy/send.ts
// Purpose: a heavy read as the body of an answer: made as fast as it is taken, ended when the receiver goes.
// Why: an open snapshot keeps the write-ahead log from being emptied; it must not outlive its receiver.
// Relevant files: shared/heavy/job.ts, exports/routes.ts, exports/produce.ts, runs/curves/curve-routes.ts

import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Piece } from './job.ts';

/** A receiver that takes nothing for this long is gone. */
const STALLED_MS = 10 * 60 * 1000;

/** `close` is called at the end, whatever the end is, and at once when the stream is destroyed. */
export function streamOf(source: AsyncIterator<Uint8Array>, close: () => Promise<void>): Readable {
  const body = new Readable({
    // One piece ahead; the pieces themselves wait with their maker.
    highWaterMark: 1,
    read: () => {
      source.next().then(
        ({ value, done }) => body.push(done ? null : value),
        (error: Error) => body.destroy(error),
      );
    },
    destroy: (error, callback) => {
      close().then(
        () => callback(error),
        (failure: Error) => callback(error ?? failure),
      );
    },
  });
  return body;
}

export async function* bytesOf(pieces: AsyncIterable<Piece>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of pieces) yield bytes;
}

export function sendStream(reply: FastifyReply, body: Readable): FastifyReply {
  reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy());
  // Gone while we looked: then nothing else stops the reading.
  if (reply.raw.destroyed) body.destroy();
  return reply.send(body);
}
