// shared/heavy/wire.ts
// Purpose: how a heavy read crosses from a worker thread to ours: head, pieces, end or error, with back-pressure.
// Why: both ends of the port are in one file, so that nobody has to guess what the other one sends.
// Relevant files: shared/heavy/threads.ts, shared/heavy/serve.ts, shared/heavy/job.ts

import { on } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { Problem } from '../errors.ts';
import { freeEarly } from './free-early.ts';
import { pacer } from './give-way.ts';
import type { Opened, Piece } from './job.ts';

/** Pieces that may be under way or waiting: enough to keep both threads busy, little enough for a flat memory. */
const WINDOW = 4;

/** From the worker. To it goes `more` for each piece that was taken; a closed port means: stop. */
type Message = { head: unknown } | { piece: Piece } | { end: true } | { thrown: Thrown };

/** The worker's end. Returns when all is sent or nobody listens any more. */
export async function sendRead(port: MessagePort, open: () => Promise<Opened<unknown>>): Promise<void> {
  const say = (message: Message, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  const mayGoOn = creditOf(port);
  try {
    const { head, pieces } = await open();
    say({ head });
    for await (const piece of pieces) {
      if (!(await mayGoOn())) return;
      say({ piece }, [piece.bytes.buffer]);
    }
    say({ end: true });
  } catch (error) {
    say({ thrown: pack(error) });
  }
}

/** Each call waits until another piece may go; false: the port is closed. */
function creditOf(port: MessagePort): () => Promise<boolean> {
  let credit = WINDOW;
  let isOpen = true;
  let wake = (): void => undefined;
  port.on('message', () => {
    credit += 1;
    wake();
  });
  port.once('close', () => {
    isOpen = false;
    wake();
  });
  return async () => {
    while (isOpen && credit === 0) await new Promise<void>((resolve) => (wake = resolve));
    credit -= 1;
    return isOpen;
  };
}

/** Our end. Throws what the job threw; `whyEnded` tells why the port was closed before the end. */
export async function receiveRead<Head>(port: MessagePort, whyEnded: () => unknown): Promise<Opened<Head>> {
  const messages = on(port, 'message', { close: ['close'] }) as AsyncIterator<[Message], undefined>;
  const next = async (): Promise<Message> => {
    const { value } = await messages.next();
    if (!value) throw endedEarly(whyEnded());
    const [message] = value;
    if ('thrown' in message) throw unpack(message.thrown);
    return message;
  };
  const first = await next();
  return { head: ('head' in first ? first.head : undefined) as Head, pieces: piecesOf(port, next) };
}

/** Without a cause we closed the port ourselves (the receiver went, or the server stops): by this code Fastify logs no fault. */
function endedEarly(cause: unknown): Error {
  const error = new Error('A heavy read ended before its end.', { cause });
  return cause === undefined ? Object.assign(error, { code: 'ERR_STREAM_PREMATURE_CLOSE' }) : error;
}

async function* piecesOf(port: MessagePort, next: () => Promise<Message>): AsyncGenerator<Piece> {
  const giveWay = pacer();
  for (let message = await next(); 'piece' in message; message = await next()) {
    await giveWay();
    port.postMessage('more');
    const { length } = message.piece.bytes;
    yield message.piece;
    freeEarly(length);
  }
}

/** An error between threads loses its class and fields: a `Problem` would become a 500, a locked file no 503. */
interface Thrown {
  isProblem: boolean;
  message: string;
  stack: string | undefined;
  fields: Record<string, unknown>;
}

function pack(error: unknown): Thrown {
  if (!(error instanceof Error)) return { isProblem: false, message: String(error), stack: undefined, fields: {} };
  const isProblem = error instanceof Problem;
  const fields = isProblem ? { ...error } : { code: (error as NodeJS.ErrnoException).code };
  return { isProblem, message: error.message, stack: error.stack, fields };
}

function unpack({ isProblem, message, stack, fields }: Thrown): Error {
  return Object.assign(isProblem ? new Problem(500, message) : new Error(message), fields, { stack });
}
