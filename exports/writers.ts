// exports/writers.ts
// Purpose: what every writer is: a stream of pieces of text, each with the rows it holds.
// Why: a writer yields small pieces as it reads; joining them, counting and sending are the same for all.
// Relevant files: exports/catalogue.ts, exports/produce.ts, exports/points-writers.ts, exports/whole-writers.ts

export const FORMATS = ['csv', 'json', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

export const CONTENT_TYPES: Record<Format, string> = {
  csv: 'text/csv',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
};

export interface Piece {
  text: string;
  /** Experiments, runs or points that end in this piece. */
  rows: number;
}

export type Pieces = AsyncGenerator<Piece>;

/** An export that is known to be possible: what it is in words, its file's name without date and ending, its text. */
export interface Prepared {
  what: string;
  fileName: string;
  pieces: Pieces;
}

/** Characters in one write: below this a write costs more than what it carries. */
const PIECE_SIZE = 64 * 1024;

export async function* joined(pieces: Pieces): Pieces {
  let texts: string[] = [];
  let [size, rows] = [0, 0];
  for await (const piece of pieces) {
    texts.push(piece.text);
    size += piece.text.length;
    rows += piece.rows;
    if (size < PIECE_SIZE) continue;
    yield { text: texts.join(''), rows };
    [texts, size, rows] = [[], 0, 0];
  }
  if (texts.length > 0) yield { text: texts.join(''), rows };
}

/** One turn of the event loop: reads of the database block it, so other requests get theirs between two of them. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** `{…head…, "name": [item, item]}` piece by piece; one item a line. `head` is a JSON object that is not empty. */
export async function* jsonList(head: string, name: string, items: Pieces): Pieces {
  yield { text: `${head.slice(0, -1)},${JSON.stringify(name)}:[`, rows: 0 };
  let before = '\n';
  for await (const { text, rows } of items) {
    yield { text: before + text, rows };
    before = ',\n';
  }
  yield { text: '\n]}\n', rows: 0 };
}
