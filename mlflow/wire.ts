// mlflow/wire.ts
// Purpose: values as MLflow's clients read them: exact int64, non-finite doubles as text, empty lists absent.
// Why: JSON.stringify alone knows no bigint, NaN or −0; a replacer for each value would cost more than reading the rows.
// Relevant files: mlflow/serve.ts, shared/http/json.ts, runs/values.ts

import { randomUUID } from 'node:crypto';

// What JSON.stringify cannot write, it writes as text with this mark, which is taken off. Random: no text can hold it.
const MARK = randomUUID();
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g');

/** An int64 of any size. */
export function int64(value: number | bigint): number | string {
  return typeof value === 'number' ? value : MARK + String(value);
}

/** A metric's value: NaN and ±Infinity are text. */
export function double(value: number): number | string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? `${MARK}-0.0` : value;
  return String(value);
}

/** Absent where it is empty. */
export function someOf<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

export function toText(answer: object): string {
  const text = JSON.stringify(answer);
  return text.includes(MARK) ? text.replace(MARKED, '$1') : text;
}
