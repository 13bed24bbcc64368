// exports/writers.ts
// Purpose: what every writer of an export makes: its format, its name, its pieces.
// Why: writers yield small pieces as they read; joining them, counting and sending are the same for all.
// Relevant files: exports/catalogue.ts, exports/export-job.ts, exports/points-writers.ts, shared/heavy/pieces.ts

import type { Pieces, TextPiece } from '../shared/heavy/pieces.ts';

export const FORMATS = ['csv', 'json', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

export const CONTENT_TYPES: Record<Format, string> = {
  csv: 'text/csv',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
};

/** An export that is known to be possible: what it is in words, its file's name without date and ending, its text. */
export interface Prepared {
  what: string;
  fileName: string;
  pieces: Pieces;
}

/** `{…head…, "name": [item, item]}` piece by piece; one item a line. `head` is a JSON object that is not empty. */
export async function* jsonList(head: string, name: string, items: AsyncIterable<TextPiece>): Pieces {
  yield { text: `${head.slice(0, -1)},${JSON.stringify(name)}:[`, rows: 0 };
  let before = '\n';
  for await (const { text, rows } of items) {
    yield { text: before + text, rows };
    before = ',\n';
  }
  yield { text: '\n]}\n', rows: 0 };
}
