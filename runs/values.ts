// runs/values.ts
// Purpose: a metric value as two columns (value, kind) and on the wire, without loss: NaN, ±Infinity, −0.
// Why: SQLite stores NaN as NULL and −0 as 0, and JSON knows neither NaN nor Infinity.
// Relevant files: runs/models.ts, runs/points.ts, shared/schemas.ts, shared/http/json.ts

import { parseDecimal } from '../shared/cells.ts';

/** What `value` alone cannot say. ±Infinity needs no kind: both engines keep it in a double. */
export const Kind = { Plain: 0, NaN: 1, NegativeZero: 2 } as const;

export interface StoredValue {
  value: number;
  kind: number;
}

export function toStored(value: number): StoredValue {
  if (Number.isNaN(value)) return { value: 0, kind: Kind.NaN };
  return { value: value === 0 ? 0 : value, kind: Object.is(value, -0) ? Kind.NegativeZero : Kind.Plain };
}

export function fromStored(value: number, kind: number): number {
  if (kind === Kind.Plain) return value;
  return kind === Kind.NaN ? NaN : -0;
}

/** The strings a number may be sent as (besides JSON numbers). Anything else is not a metric value. */
const WORDS = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['+Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** The double that `raw` means, or undefined: `1.5`, `"NaN"`, `"-Infinity"`; also decimal text such as `"1e-3"`. */
export function parseValue(raw: number | string): number | undefined {
  if (typeof raw === 'number') return raw;
  return WORDS.get(raw) ?? parseDecimal(raw);
}

/** "Later" as summaries mean it: NaN counts as the largest value, so that the order is total. */
export function compareValues(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  if (a !== b) return a < b ? -1 : 1;
  return Number(Object.is(b, -0)) - Number(Object.is(a, -0));
}
