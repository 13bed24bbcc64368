// shared/heavy/pieces.ts
// Purpose: the pieces that writers yield, text or bytes, joined to a size that is worth sending.
// Why: a writer yields what it has read, be it ten bytes or a megabyte; each message and each write has its price.
// Relevant files: shared/heavy/job.ts, exports/writers.ts, exports/export-job.ts, runs/curves/curve-csv.ts

import type { Piece } from './job.ts';

export interface TextPiece {
  text: string;
  /** Experiments, runs or points that end in this piece. */
  rows: number;
}

/** Text, or bytes where millions of lines are written. */
export type Pieces = AsyncGenerator<TextPiece | Piece>;

/** Bytes in one write, about: below this a write costs more than what it carries. */
const PIECE_SIZE = 64 * 1024;

/** The same in UTF-8, small pieces joined. */
export async function* inBytes(pieces: Pieces): AsyncGenerator<Piece> {
  let parts: Uint8Array[] = [];
  let [size, rows] = [0, 0];
  for await (const piece of pieces) {
    if (size === 0 && 'bytes' in piece && piece.bytes.length >= PIECE_SIZE) {
      yield piece;
      await breathe();
      continue;
    }
    const bytes = 'text' in piece ? Buffer.from(piece.text) : piece.bytes;
    parts.push(bytes);
    size += bytes.length;
    rows += piece.rows;
    if (size < PIECE_SIZE) continue;
    yield { bytes: concat(parts, size), rows };
    [parts, size, rows] = [[], 0, 0];
    await breathe();
  }
  if (size > 0) yield { bytes: concat(parts, size), rows };
}

/** In memory of its own, which can go to another thread: a small `Buffer` shares its memory with others. */
function concat(parts: Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** One turn of the event loop: reads of the database block it, so other requests get theirs between two of them. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
