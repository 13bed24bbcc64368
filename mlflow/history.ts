// mlflow/history.ts
// Purpose: the history of a metric as MLflow's JSON, and the token of its next page.
// Why: a history has up to millions of points: its text is written digit by digit, without an object for each point.
// Relevant files: mlflow/history-routes.ts, mlflow/bulk-routes.ts, runs/history-queries.ts, shared/line-writer.ts

import type { HistoryRow } from '../runs/history-queries.ts';
import { Kind } from '../runs/values.ts';
import { utf8 } from '../shared/line-writer.ts';
import { invalid } from './errors.ts';

/** Of a point: its value and whole numbers at their longest, the names before them, with room to spare. */
const POINT_MAX = 120;
/** The same as it mostly is: value, time and step, without key and more. */
const POINT_MOSTLY = 64;

/** An answer that is written point by point: `{"metrics":[…]}`. `points`: about so many, so that room for them is made once. */
export class HistoryWriter {
  readonly #points: number;
  #bytes = Buffer.from(BEGIN);
  #at = BEGIN.length;
  #isEmpty = true;

  constructor(points = 0) {
    this.#points = points;
  }

  /** `more`: what each point says besides, as JSON that begins with a comma. */
  add(key: string, rows: HistoryRow[], more = ''): void {
    const [next, end] = [utf8(`,{"key":${JSON.stringify(key)},"value":`), utf8(`${more}}`)];
    const own = next.length + end.length;
    this.#makeRoom(rows.length * (own + POINT_MAX), this.#isEmpty ? this.#points * (own + POINT_MOSTLY) : 0);
    const bytes = this.#bytes;
    const values = valuesOf(rows);
    // Behind the bracket.
    let from = 1;
    let at = this.#at;
    for (const row of rows) {
      at = copy(bytes, at, next);
      const begin = at;
      for (let byte = values[from++]; byte !== COMMA && byte !== BRACKET; byte = values[from++])
        bytes[at++] = byte ?? 0;
      // `null`: not finite.
      const kind = row[3] ?? Kind.Plain;
      if (kind !== Kind.Plain || bytes[begin] === NULL) at = ascii(bytes, begin, valueText(row[2], kind));
      at = whole(bytes, copy(bytes, at, TIMESTAMP), row[1]);
      at = copy(bytes, whole(bytes, copy(bytes, at, STEP), row[0]), end);
    }
    // The first point has no comma before it.
    if (this.#isEmpty && rows.length > 0) {
      bytes.copyWithin(BEGIN.length, BEGIN.length + 1, at);
      at -= 1;
      this.#isEmpty = false;
    }
    this.#at = at;
  }

  /** What has been written since the last time, so that it can be on its way while the rest is read. */
  take(): Buffer {
    const written = this.#bytes.subarray(0, this.#at);
    [this.#bytes, this.#at] = [Buffer.alloc(0), 0];
    return written;
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Once. */
  finish(nextToken?: string): Buffer {
    const end = nextToken === undefined ? ']}' : `],"next_page_token":"${nextToken}"}`;
    this.#makeRoom(end.length);
    this.#at = ascii(this.#bytes, this.#at, end);
    return this.take();
  }

  #makeRoom(size: number, wished = 0): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#at + Math.max(size, wished), 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

const BEGIN = '{"metrics":[';
const TIMESTAMP = utf8(',"timestamp":');
const STEP = utf8(',"step":');
const [COMMA, BRACKET, NULL] = [44, 93, 110];
const ZERO = 48;
const MILLION = 1e6;
/** Below it the millions of a whole number fit into 31 bits. */
const LARGE = 2 ** 31 * MILLION;

/** Byte by byte, like all of these: for a few dozen of them a call into Node costs more. Each gives the place behind. */
function copy(bytes: Buffer, at: number, some: Uint8Array): number {
  for (let i = 0; i < some.length; i += 1) bytes[at + i] = some[i] as number;
  return at + some.length;
}

function ascii(bytes: Buffer, at: number, text: string): number {
  for (let i = 0; i < text.length; i += 1) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}

function whole(bytes: Buffer, at: number, value: number | bigint): number {
  if (typeof value !== 'number' || value < 0 || value >= LARGE) return ascii(bytes, at, String(value));
  if (value <= 0x7fffffff) return digits(bytes, at, value, sizeOf(value));
  // A time: in two parts, each of which 32 bits hold.
  const millions = Math.trunc(value / MILLION);
  return digits(bytes, digits(bytes, at, millions, sizeOf(millions)), value - millions * MILLION, 6);
}

function sizeOf(value: number): number {
  let size = 1;
  for (let limit = 10; value >= limit; limit *= 10) size += 1;
  return size;
}

function digits(bytes: Buffer, at: number, value: number, size: number): number {
  for (let i = at + size - 1; i >= at; i -= 1) {
    const tens = (value / 10) | 0;
    bytes[i] = ZERO + value - tens * 10;
    value = tens;
  }
  return at + size;
}

/** As JSON, all at once: a text for each of them takes twice as long. */
function valuesOf(rows: HistoryRow[]): Uint8Array {
  return Buffer.from(JSON.stringify(rows.map((row) => row[2])), 'latin1');
}

function valueText(stored: number, kind: number): string {
  if (kind !== Kind.Plain) return kind === Kind.NaN ? '"NaN"' : '-0.0';
  return Number.isFinite(stored) ? String(stored) : `"${stored}"`;
}

export function tokenOf(row: HistoryRow): string {
  const [step, timestamp, value, kind = Kind.Plain] = row;
  return Buffer.from([step, timestamp, value, kind].map(String).join(' ')).toString('base64url');
}

const PLACE = /^(-?\d{1,19}) (-?\d{1,19}) (\S{1,30}) ([012])$/;

export function placeOf(token: string): HistoryRow {
  const [, step = '', timestamp = '', value = '', kind = ''] =
    PLACE.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (step === '' || value === 'NaN' || Number.isNaN(Number(value))) throw invalid('page_token is not one of ours.');
  return [exact(step), exact(timestamp), Number(value), Number(kind)];
}

function exact(text: string): number | bigint {
  return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
}
