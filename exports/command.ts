// exports/command.ts
// Purpose: `manage.ts export PATH`: the same writers as the pages, to a file or to standard output.
// Why: scripts and cron jobs need no server; one may be running meanwhile.
// Relevant files: manage.ts, exports/request.ts, exports/produce.ts, exports/save-file.ts

import { existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Settings } from '../shared/config.ts';
import { engineOf, Engine } from '../shared/db/engine.ts';
import { openStore } from '../shared/db/open.ts';
import { UserError } from '../shared/errors.ts';
import { inlineReads } from '../shared/heavy/inline.ts';
import { formatBytes, plural } from '../shared/format.ts';
import { startExport, type Production } from './produce.ts';
import { readRequest, type ExportRequest } from './request.ts';
import { saveFile } from './save-file.ts';

/**
 * `path` as the page would be asked: `experiments/1/runs.csv?status=finished`. `where`: the same as in its query, for those who
 * do not want to encode it. Leaves a row in the list of exports.
 */
export async function exportCommand(settings: Settings, path: string, output?: string, where?: string): Promise<void> {
  const request = readRequest(where === undefined ? path : withWhere(path, where));
  if (engineOf(settings.database) === Engine.Sqlite && !existsSync(settings.database)) {
    throw new UserError(`There is no database at ${settings.database}. Name its folder with --data.`);
  }
  const store = await openStore(settings);
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const production = await startExport(inlineReads(store), store, request, Date.now());
    if (output === undefined) await toStandardOutput(production, stop.signal);
    else await toFile(production, request, output, stop.signal);
  } catch (error) {
    throw stop.signal.aborted ? new UserError('Stopped; the export is not complete.') : error;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await store.close();
  }
}

function withWhere(path: string, where: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}where=${encodeURIComponent(where.toWellFormed())}`;
}

async function toFile(
  production: Production,
  { kind }: ExportRequest,
  output: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await saveFile(production.body, output, signal);
  } catch (error) {
    await production.markBroken();
    throw writeError(error, output);
  }
  const { rows, bytes, sha256 } = await production.settled;
  console.error(
    `${production.what} → ${output}: ${plural(rows, kind.row)}, ${formatBytes(bytes)}, sha256 ${sha256 ?? ''}`,
  );
}

function writeError(error: unknown, output: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new UserError(`The folder of ${output} does not exist: make it first.`);
  if (code === 'EISDIR' || code === 'ENOTDIR')
    return new UserError(`${output} is not a file name that can be written.`);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new UserError(`${output} cannot be written (${code}): choose another folder.`);
  if (code === 'ENOSPC') return new UserError(`The disk is full: ${output} was not written.`);
  return error;
}

/** A reader that has seen enough (`| head`) closes the pipe: that is no failure of ours, but the export is broken. */
async function toStandardOutput(production: Production, signal: AbortSignal): Promise<void> {
  const { stdout } = process;
  // The pipe may say so once more after the pipeline has gone.
  stdout.on('error', () => undefined);
  try {
    await pipeline(production.body, stdout, { end: false, signal });
    await production.settled;
  } catch (error) {
    await production.markBroken();
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}
