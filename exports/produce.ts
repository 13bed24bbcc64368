// exports/produce.ts
// Purpose: an export as a stream of bytes, counted and hashed, with its row in the log.
// Why: pages and command line make the same bytes, and an export that ends early can never look complete.
// Relevant files: exports/export-job.ts, exports/changes.ts, exports/routes.ts, exports/command.ts

import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Store } from '../shared/db/store.ts';
import type { HeavyRead, HeavyReads, Piece } from '../shared/heavy/job.ts';
import { streamOf } from '../shared/heavy/send.ts';
import { beginExport, endExport, type Outcome } from './changes.ts';
import { argsOf, exportJob, type ExportHead } from './export-job.ts';
import { datedName } from './file-names.ts';
import { ExportState } from './models.ts';
import type { ExportRequest } from './request.ts';

export interface Production {
  what: string;
  fileName: string;
  /** Bytes, made as fast as they are taken. Destroying it stops the writer. */
  body: Readable;
  /** When the stream has ended, however it did, and the log says so. Never rejects. */
  settled: Promise<Outcome>;
  /** For a receiver that learns later that the end never arrived. */
  markBroken: () => Promise<void>;
}

/** Rejects with a `Problem` when there is nothing to export; nothing is logged then. */
export async function startExport(
  reads: HeavyReads,
  store: Store,
  request: ExportRequest,
  now: number,
): Promise<Production> {
  const { format, url } = request;
  const read = await reads.open(exportJob, argsOf(request));
  try {
    const id = await store.write((tx) => beginExport(tx, { what: read.head.what, format, url }, now));
    return produce(store, read, id, datedName(read.head.fileName, format, now));
  } catch (error) {
    await read.close();
    throw error;
  }
}

function produce(store: Store, read: HeavyRead<ExportHead>, id: number, fileName: string): Production {
  const outcome: Outcome = { state: ExportState.Broken, rows: 0, bytes: 0, sha256: null };
  const save = (): Promise<void> => store.write((tx) => endExport(tx, id, outcome));
  const body = streamOf(counted(read.pieces, outcome, save), read.close);
  const settled = new Promise<Outcome>((resolve) => {
    body.once('close', () => {
      void Promise.resolve(outcome.state === ExportState.Complete ? undefined : save())
        // The store closes under a stream when the server stops: the next start marks the row.
        .catch(() => undefined)
        .then(() => resolve(outcome));
    });
  });
  const markBroken = async (): Promise<void> => {
    await settled;
    Object.assign(outcome, { state: ExportState.Broken, sha256: null });
    await save().catch(() => undefined);
  };
  return { what: read.head.what, fileName, body, settled, markBroken };
}

/** The row is complete before the stream ends, so whoever has read all of it finds it so. */
async function* counted(
  pieces: AsyncIterable<Piece>,
  outcome: Outcome,
  save: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const { bytes, rows } of pieces) {
    hash.update(bytes);
    outcome.rows += rows;
    outcome.bytes += bytes.length;
    yield bytes;
  }
  Object.assign(outcome, { state: ExportState.Complete, sha256: hash.digest('hex') });
  await save();
}
