// tests/exports/support.ts
// Purpose: runs to export, downloads byte by byte, the export log, CSV read back.
// Why: the tests say what must hold; how data gets in and out is here once.
// Relevant files: tests/support/tracker.ts, exports/queries.ts, shared/cells.ts

import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import { createRun } from '../../runs/changes.ts';
import { logBatch } from '../../runs/ingest.ts';
import type { RunRow } from '../../runs/models.ts';
import type { RunCreate } from '../../runs/schemas.ts';
import { ExportState, type ExportRow } from '../../exports/models.ts';
import { listExports } from '../../exports/queries.ts';
import type { Tracker } from '../support/tracker.ts';

export interface LoggedPoint {
  key: string;
  value: number;
  step: number;
  timestamp: number;
}

/** A run with its points, stored as the API stores them. */
export async function addRun(tracker: Tracker, body: RunCreate, points: LoggedPoint[] = []): Promise<RunRow> {
  const { run } = await tracker.app.store.write((tx) => createRun(tx, body, Date.now()));
  await addPoints(tracker, run, points);
  return run;
}

export async function addPoints(tracker: Tracker, run: RunRow, points: LoggedPoint[]): Promise<void> {
  const metrics = points.map(({ value, ...rest }) => ({ ...rest, value: Number.isFinite(value) ? value : `${value}` }));
  for (let start = 0; start < metrics.length; start += 20_000) {
    const batch = { metrics: metrics.slice(start, start + 20_000), params: {}, tags: {} };
    const receipt = await tracker.app.store.write((tx) => logBatch(tx, run, batch, Date.now()));
    if (receipt.rejected.length > 0) throw new Error(`not stored: ${JSON.stringify(receipt.rejected[0])}`);
  }
}

/** `count` points of a metric, with values that need all their digits. */
export function series(key: string, count: number): LoggedPoint[] {
  return Array.from({ length: count }, (_, step) => ({
    key,
    step,
    timestamp: 1_700_000_000_000 + step * 37,
    value: Math.sin(step + 1) / 3,
  }));
}

export interface Download {
  status: number;
  headers: Headers;
  bytes: Buffer;
  text: string;
}

export async function download(tracker: Tracker, path: string, init: RequestInit = {}): Promise<Download> {
  const response = await fetch(tracker.url + path, init);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: bytes.toString() };
}

/** CSV with its header as records; everything is text, as it stands in the file. */
export function readCsv(text: string): Record<string, string>[] {
  return parse(text, { columns: true, record_delimiter: '\r\n' });
}

export async function exportRows(tracker: Tracker): Promise<ExportRow[]> {
  return (await listExports(tracker.app.store.read, { limit: 100, offset: 0 })).items;
}

/** The latest export, once it is no longer being written. */
export async function lastExport(tracker: Tracker): Promise<ExportRow> {
  await expect
    .poll(async () => (await exportRows(tracker))[0]?.state ?? ExportState.Writing)
    .not.toBe(ExportState.Writing);
  const [row] = await exportRows(tracker);
  if (!row) throw new Error('there is no export');
  return row;
}

/** Doubles as their 64 bits: tells −0 from 0, and one NaN equals another. */
export function bits(values: number[]): string[] {
  return values.map((value) => Buffer.from(new Float64Array([value]).buffer).toString('hex'));
}

export const NASTY_NUMBERS = [
  0,
  -0,
  NaN,
  Infinity,
  -Infinity,
  1e308,
  -1.7976931348623157e308,
  5e-324,
  0.1,
  1 / 3,
  1e21,
  123456789012345680000,
  9007199254740991,
  -2.2250738585072014e-308,
];

export const NASTY_TEXTS = [
  '=1+1',
  '+cmd|calc',
  '-2+3',
  '@SUM(A1)',
  "'quoted",
  "''",
  "'=1",
  '\tx',
  '\rx',
  '\nx',
  '＝1',
  '-5',
  '+1e-3',
  '-.5',
  '-',
  '=',
  '-Infinity',
  'a,b;c',
  'say "hi"',
  '"',
  'two\r\nlines',
  'lone\rreturn',
  ' spaces ',
  '',
  'ünï 模型 🚀',
  'toString',
  'constructor',
];
