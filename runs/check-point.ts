// runs/check-point.ts
// Purpose: one sent metric item as a point, or the reason why it cannot be one.
// Why: a wrong value rejects itself with its reason and never the rest of the batch.
// Relevant files: runs/ingest.ts, runs/values.ts, shared/limits.ts

import { LIMITS } from '../shared/limits.ts';
import type { LogBody } from './schemas.ts';
import type { Point } from './summary.ts';
import { parseValue } from './values.ts';

const NULL = 'value must not be null; JSON libraries write NaN as null: send the string "NaN"';
const TIME_MAX = 8.64e15;

export interface Refusal {
  field: 'key' | 'value' | 'step' | 'timestamp';
  reason: string;
}

export function checkPoint(item: LogBody['metrics'][number], now: number): Point | Refusal {
  const { key, step = 0, timestamp = now } = item;
  const value = item.value === null ? undefined : parseValue(item.value);
  if (key === '') return { field: 'key', reason: 'key must not be empty' };
  if (key.length > LIMITS.key) return { field: 'key', reason: `key must have at most ${LIMITS.key} characters` };
  if (!key.isWellFormed() || key.includes('\0'))
    return { field: 'key', reason: 'key must be valid Unicode without NUL characters' };
  // JSON objects are keyed by metric in answers, and no object can have this key.
  if (key === '__proto__') return { field: 'key', reason: 'key must not be __proto__' };
  if (item.value === null) return { field: 'value', reason: NULL };
  if (value === undefined)
    return { field: 'value', reason: 'value must be a number or "NaN", "Infinity", "-Infinity"' };
  if (!Number.isSafeInteger(step)) return { field: 'step', reason: 'step must be a whole number within ±(2^53 − 1)' };
  if (!Number.isInteger(timestamp) || Math.abs(timestamp) > TIME_MAX)
    return { field: 'timestamp', reason: 'timestamp must be whole milliseconds since the epoch' };
  return { step: step + 0, timestamp: timestamp + 0, value };
}
