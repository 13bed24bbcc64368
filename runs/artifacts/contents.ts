// runs/artifacts/contents.ts
// Purpose: what a place for artifact contents must do, whatever it is; and the reading of what comes in, hashed and limited.
// Why: routes, imports and the sweep know this and not whether the bytes lie in a folder or in S3.
// Relevant files: runs/artifacts/folder-contents.ts, runs/artifacts/s3-contents.ts, runs/artifacts/artifact-store.ts

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { Problem } from '../../shared/errors.ts';
import { formatBytes } from '../../shared/format.ts';

export interface SavedContent {
  /** 64 hex digits, lower case. */
  sha256: string;
  /** bytes */
  size: number;
}

/** First and last byte, counted from 0. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A stream, bytes, or the path of a file. */
export type ContentSource = Readable | Uint8Array | string;

/** All of it has arrived, and nobody sees it yet. */
export interface Received extends SavedContent {
  /** When the promise resolves, it is durably in its place, for every process to see. */
  keep(): Promise<void>;
  /** What lies outside its place goes. Always call it, at the end; it never fails: the sweep takes what it leaves. */
  discard(): Promise<void>;
}

/** Errors of all of them: Problem 503 (no answer, or refused), 507 (full). */
export interface Contents {
  /** For people: a folder, or s3://bucket/prefix. */
  readonly place: string;
  /** Errors: 413 over `limit` bytes; what `source` throws. Then nothing of it is left. */
  receive(source: ContentSource, limit: number): Promise<Received>;
  /** The contents, or the bytes of `range`, as a stream. Errors: 404 when somebody removed them. */
  open(sha256: string, options?: { range?: ByteRange | undefined; signal?: AbortSignal }): Promise<Readable>;
  /** Bytes; undefined when they are not there. */
  sizeOf(sha256: string): Promise<number | undefined>;
  /** False: they were written after `before` (ms since the epoch) and stay. Absent is fine. */
  remove(sha256: string, before: number): Promise<boolean>;
  /** Removes what broken uploads left before `before`; returns how many. */
  removeParts(before: number): Promise<number>;
  /** `owner` names the database. Errors: UserError when this place cannot be its, Problem 503 when nothing answers. */
  check(owner: string): Promise<void>;
}

export function checkSha256(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`not a sha256: ${sha256}`);
  return sha256;
}

export function tooLarge(limit: number): Problem {
  return new Problem(413, `An artifact may have at most ${formatBytes(limit)} (${limit} bytes).`, [], {
    limit_bytes: limit,
  });
}

export function contentsGone(sha256: string, where: string): Problem {
  return new Problem(404, `The contents of this artifact (sha256 ${sha256}) are no longer in the artifact ${where}.`);
}

/** Counts and hashes what passes. Read `chunks` once, to the end, then take `saved`. */
export class Intake {
  /** What the source failed with, or the limit: told apart from what the place failed with. */
  failure: unknown;
  #size = 0;
  readonly #hash = createHash('sha256');

  async *chunks(source: ContentSource, limit: number): AsyncGenerator<Uint8Array, void> {
    try {
      for await (const chunk of bytesOf(source)) {
        this.#size += chunk.length;
        if (this.#size > limit) throw tooLarge(limit);
        this.#hash.update(chunk);
        yield chunk;
      }
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  saved(): SavedContent {
    return { sha256: this.#hash.digest('hex'), size: this.#size };
  }
}

function bytesOf(source: ContentSource): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (source instanceof Uint8Array) return [source];
  if (typeof source === 'string') return fileBytes(source);
  // An upload that is refused half-way must still be answered: its stream, and so its socket, stays open.
  return source.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
}

/** Opened when it is read: a stream that fails before anybody listens would take the process down. */
async function* fileBytes(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>;
}
