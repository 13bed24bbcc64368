// shared/db/trouble.ts
// Purpose: tells of an error whether the database is busy, away or full, whichever engine and library it came through.
// Why: these are no mistakes of ours or of the request: the answer says to try again, or to make room.
// Relevant files: shared/http/problems.ts, shared/db/postgres-writer.ts, shared/db/write-queue.ts

import { isBusy } from './write-queue.ts';

export const Trouble = { Busy: 'busy', Away: 'away', Full: 'full' } as const;
export type Trouble = (typeof Trouble)[keyof typeof Trouble];

/** PostgreSQL undid the transaction because of another one: the same work may do now. */
const UNDONE = new Set(['40001', '40P01']);
/** Too many connections, a lock not had in time, a statement that took too long. */
const BUSY = new Set([...UNDONE, '53300', '55P03', '57014']);
/** Shut down, crashed, starting, connection lost; a server that has become a replica takes no writes. */
const AWAY =
  /^(57P0[1-5]|08...|25006|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const FULL = new Set(['SQLITE_FULL', 'ENOSPC', '53100']);
/** What `pg` says without a code. */
const AWAY_WORDS =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect)/;

/** Undefined: something else is wrong. */
export function troubleOf(error: unknown): Trouble | undefined {
  for (const { code, message, itself } of chainOf(error)) {
    if (FULL.has(code)) return Trouble.Full;
    if (isBusy(itself) || BUSY.has(code)) return Trouble.Busy;
    if (AWAY.test(code) || AWAY_WORDS.test(message)) return Trouble.Away;
  }
  return undefined;
}

export function isUndone(error: unknown): boolean {
  return chainOf(error).some(({ code }) => UNDONE.has(code));
}

/** Drizzle wraps what the driver throws; Node gathers what it met at several addresses of one name. */
function chainOf(error: unknown): { code: string; message: string; itself: unknown }[] {
  const chain = [];
  for (let one = error; one instanceof Error && chain.length < 5; one = causeOf(one)) {
    const { code } = one as { code?: unknown };
    chain.push({ code: typeof code === 'string' ? code : '', message: one.message, itself: one });
  }
  return chain;
}

function causeOf(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : error.cause;
}
