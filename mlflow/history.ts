// mlflow/history.ts
// Purpose: the history of a metric as MLflow's JSON, and the token of its next page.
// Why: a history has up to millions of points: its text is written digit by digit, without an object for each point.
// Relevant files: mlflow/history-routes.ts, runs/history-queries.ts, mlflow/wire.ts

import type { HistoryRow } from '../runs/history-queries.ts';
import { fromStored } from '../runs/values.ts';
import { invalid } from './errors.ts';

/** `{"key":…,"value":…,"timestamp":…,"step":…}` of each row, with commas. */
export function pointsText(key: string, rows: HistoryRow[], more = ''): string {
  const start = `{"key":${JSON.stringify(key)},"value":`;
  let text = '';
  for (const [step, timestamp, value, kind] of rows)
    text += `${text === '' ? '' : ','}${start}${valueText(value, kind)},"timestamp":${timestamp},"step":${step}${more}}`;
  return text;
}

function valueText(stored: number, kind: number): string {
  const value = fromStored(stored, kind);
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0.0' : String(value);
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
