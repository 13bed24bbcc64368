// shared/heavy/job.ts
// Purpose: what a heavy read is: a named job that gives a head at once, then pieces; and who runs it.
// Why: features write one function; whether it runs in a worker thread or here is decided in shared/heavy/ alone.
// Relevant files: shared/heavy/threads.ts, shared/heavy/inline.ts, worker.ts, exports/export-job.ts, ARCHITECTURE.md

import type { Db } from '../db/store.ts';

/** Some bytes of the result. They may be handed to another thread: whoever yields a piece must not touch it again. */
export interface Piece {
  bytes: Uint8Array<ArrayBuffer>;
  /** Experiments, runs or points that end in this piece. */
  rows: number;
}

/** `Args` and `Head` must be plain data: they cross from thread to thread. Each job is named in worker.ts. */
export interface HeavyJob<Args, Head> {
  name: string;
  /** `db` shows one moment, until the last piece. Throws a `Problem` where there is nothing to read. */
  open: (db: Db, args: Args) => Promise<Opened<Head>>;
}

export interface Opened<Head> {
  head: Head;
  pieces: AsyncIterable<Piece>;
}

export interface HeavyRead<Head> extends Opened<Head> {
  /** Ends it, however far it came; its snapshot is closed afterwards. Always call it; twice is fine. */
  close: () => Promise<void>;
}

export interface HeavyReads {
  /** Rejects with what `job.open` throws. The pieces are made as fast as they are taken; they throw if they cannot all come. */
  open<Args, Head>(job: HeavyJob<Args, Head>, args: Args): Promise<HeavyRead<Head>>;
  /** Ends all that is open. */
  close(): Promise<void>;
}
