// mlflow/history.ts
// Purpose: the history of a metric as MLflow's JSON, and the token of its next page.
// Why: a history has up to millions of points: its text is written digit by digit, without an object for each point.
// Relevant files: mlflow/history-routes.ts, mlflow/bulk-routes.ts, runs/history-queries.ts, shared/line-writer.ts

import type { HistoryRow } from '../runs/history-queries.ts';
import { Kind } from '../runs/values.ts';
import { LineWriter, utf8 } from '../shared/line-writer.ts';
import { invalid } from './errors.ts';

/** An answer that is written point by point: `{"metrics":[…]}`. */
export class HistoryWriter {
  readonly #out = new LineWriter().ascii('{"metrics":[');
  /** What was added so far: copied together once, at the end. */
  readonly #parts: Uint8Array[] = [];
  #isEmpty = true;

  /** `more`: what each point says besides, as JSON that begins with a comma. */
  add(key: string, rows: HistoryRow[], more = ''): void {
    const [out, first, end] = [this.#out, utf8(`{"key":${JSON.stringify(key)},"value":`), utf8(`${more}}`)];
    const next = utf8(`,${Buffer.from(first).toString()}`);
    for (const [step, timestamp, stored, kind] of rows) {
      out.bytes(this.#isEmpty ? first : next).ascii(valueText(stored, kind));
      this.#isEmpty = false;
      whole(out.bytes(TIMESTAMP), timestamp);
      whole(out.bytes(STEP), step).bytes(end);
    }
    this.#parts.push(out.take());
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Once. */
  finish(nextToken?: string): Buffer {
    this.#out.ascii(nextToken === undefined ? ']}' : `],"next_page_token":"${nextToken}"}`);
    return Buffer.concat([...this.#parts, this.#out.take()]);
  }
}

function whole(out: LineWriter, value: number | bigint): LineWriter {
  return typeof value === 'number' ? out.int(value) : out.ascii(String(value));
}

const TIMESTAMP = utf8(',"timestamp":');
const STEP = utf8(',"step":');

function valueText(stored: number, kind: number): string {
  if (kind !== Kind.Plain) return kind === Kind.NaN ? '"NaN"' : '-0.0';
  return Number.isFinite(stored) ? String(stored) : `"${stored}"`;
}

export function tokenOf(row: HistoryRow): string {
  return Buffer.from(row.map(String).join(' ')).toString('base64url');
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
