// shared/cli-errors.ts
// Purpose: what a command says and which exit code it ends with when it fails.
// Why: an ordinary mistake gets one line that says what to do; a stack trace is for bugs.
// Relevant files: manage.ts, shared/errors.ts

import { CommanderError } from 'commander';
import { UsageError, UserError } from './errors.ts';

/** Exit codes: 0 done, 1 failed, 2 wrong use. */
const FAILED = 1;
const WRONG_USE = 2;

type SystemError = NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string };

const OTHER_FOLDER = 'Choose another folder with --data.';
const OTHER_HOST = 'Start with --host 127.0.0.1, or an address that this machine has.';
const DISK_FULL = 'The disk is full: make room, or choose a folder on another disk with --data.';

const FILE_TEXTS: Record<string, (error: SystemError) => string> = {
  EEXIST: ({ path }) => `${path} is a file, not a folder. ${OTHER_FOLDER}`,
  ENOTDIR: ({ path }) => `${path} cannot be made: a part of it is a file, not a folder. ${OTHER_FOLDER}`,
};

const CODE_TEXTS: Record<string, (error: SystemError) => string | undefined> = {
  EADDRINUSE: ({ port }) => `Port ${port} is in use. Stop what listens there, or start with --port and another number.`,
  EADDRNOTAVAIL: ({ address }) => `${address} is not an address of this machine. ${OTHER_HOST}`,
  ENOTFOUND: ({ hostname }) => `There is no host called ${hostname}. ${OTHER_HOST}`,
  EAI_AGAIN: ({ hostname }) => `The address of ${hostname} could not be looked up. ${OTHER_HOST}`,
  ENOSPC: () => DISK_FULL,
  SQLITE_FULL: () => DISK_FULL,
  SQLITE_CANTOPEN: cannotWrite,
  SQLITE_READONLY: cannotWrite,
  SQLITE_NOTADB: () => 'The database file is not an SQLite file. Choose another with --database, or restore a backup.',
  SQLITE_CORRUPT: ({ message }) =>
    `The database is damaged (${message}): restore a backup, or save what can be read with manage.ts doctor --salvage FILE.`,
  SQLITE_IOERR: ({ message }) => `The disk of the database reports an error: ${message}. ${OTHER_FOLDER}`,
  SQLITE_BUSY: () => 'Another program keeps the database locked. Stop it, or try again when it is done.',
};
const DENIED = new Set(['EACCES', 'EPERM', 'EROFS']);

/** A reader that has seen enough (`| head`) closes the pipe: nobody is told any more, and the work goes on to its end. */
export function bearClosedPipes(): void {
  for (const out of [process.stdout, process.stderr])
    if (!out.listeners('error').includes(onOutput)) out.on('error', onOutput);
}

/** Any other error is dealt with by whoever else listens. */
function onOutput(this: NodeJS.WriteStream, error: SystemError): void {
  if (error.code !== 'EPIPE' && this.listenerCount('error') === 1) throw error;
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return WRONG_USE;
  if (!(error instanceof CommanderError)) return FAILED;
  return error.exitCode === 0 ? 0 : WRONG_USE;
}

/** One line for what a person can mend (three where a filter is pointed at), the stack for what is a bug. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Drizzle wraps what SQLite reports into an error with the whole statement.
  if (error instanceof UserError && error.hasLines) return error.message;
  const { cause } = error;
  const line = error instanceof UserError ? error.message : textOf(cause instanceof Error ? cause : error);
  return line?.replace(/\s*[\r\n]+\s*/g, ' ') ?? error.stack ?? error.message;
}

function textOf(error: SystemError): string | undefined {
  const { syscall, code = '', path, address, port } = error;
  if (DENIED.has(code)) {
    if (syscall === 'listen') return `${address}:${port} may not be listened on (${code}). Choose another --port.`;
    return `${path ?? 'A file'} cannot be written (${code}). ${OTHER_FOLDER}`;
  }
  // Of the folder of the data; a file that is in the way anywhere else is a bug.
  if (syscall === 'mkdir' && FILE_TEXTS[code]) return FILE_TEXTS[code](error);
  // SQLITE_CORRUPT_INDEX and the like say more, and ask for the same.
  return CODE_TEXTS[/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code]?.(error);
}

function cannotWrite({ message }: SystemError): string {
  return `The database cannot be written: ${message}. ${OTHER_FOLDER}`;
}
