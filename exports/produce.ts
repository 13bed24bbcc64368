// exports/produce.ts
// Purpose: runs a writer over a snapshot of the database: a stream of bytes, counted and hashed, with its row in the log.
// Why: pages and command line make the same bytes, and an export that ends early can never look complete.
// Relevant files: exports/catalogue.ts, exports/changes.ts, exports/routes.ts, exports/command.ts

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Snapshot, Store } from '../shared/db/store.ts';
import { beginExport, endExport, type Outcome } from './changes.ts';
import { datedName } from './file-names.ts';
import { ExportState } from './models.ts';
import type { ExportRequest } from './request.ts';
import { breathe, joined, type Prepared } from './writers.ts';

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
export async function startExport(store: Store, request: ExportRequest, now: number): Promise<Production> {
  const { kind, params, query, format, url } = request;
  const snapshot = await store.snapshot();
  try {
    const prepared = await kind.open(snapshot.db, params, query, format);
    const id = await store.write((tx) => beginExport(tx, { what: prepared.what, format, url }, now));
    return produce(store, snapshot, prepared, id, datedName(prepared.fileName, format, now));
  } catch (error) {
    await snapshot.close();
    throw error;
  }
}

function produce(store: Store, snapshot: Snapshot, prepared: Prepared, id: number, fileName: string): Production {
  const outcome: Outcome = { state: ExportState.Broken, rows: 0, bytes: 0, sha256: null };
  const save = (): Promise<void> => store.write((tx) => endExport(tx, id, outcome));
  const body = Readable.from(bytes(prepared, outcome, save));
  // Not in the generator's `finally`: one that is destroyed before its first byte never gets there.
  const settled = new Promise<Outcome>((resolve) => {
    body.once('close', () => {
      void snapshot
        .close()
        .then(() => (outcome.state === ExportState.Complete ? undefined : save()))
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
  return { what: prepared.what, fileName, body, settled, markBroken };
}

/** The row is complete before the stream ends, so whoever has read all of it finds it so. */
async function* bytes({ pieces }: Prepared, outcome: Outcome, save: () => Promise<void>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const { text, rows } of joined(pieces)) {
    const chunk = Buffer.from(text);
    hash.update(chunk);
    outcome.rows += rows;
    outcome.bytes += chunk.length;
    yield chunk;
    await breathe();
  }
  Object.assign(outcome, { state: ExportState.Complete, sha256: hash.digest('hex') });
  await save();
}
