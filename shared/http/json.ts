// shared/http/json.ts
// Purpose: JSON text that keeps every double: non-finite numbers as the strings "NaN", "Infinity", "-Infinity"; −0 as -0.
// Why: JSON.stringify turns NaN and Infinity into null and −0 into 0 without a word.
// Relevant files: shared/schemas.ts, shared/http/server.ts, exports/writers.ts

import { randomUUID } from 'node:crypto';

// JSON.stringify cannot write -0, so it writes this mark, which is then replaced. Random: no user text can hold it.
const NEGATIVE_ZERO = `-0 ${randomUUID()}`;

export function toJson(value: unknown, indent?: number): string {
  // Calling a replacer for each value takes longer than all the rest.
  if (!hasSpecial(value)) return JSON.stringify(value, undefined, indent);
  const text = JSON.stringify(value, wireNumbers, indent);
  return text.includes(NEGATIVE_ZERO) ? text.replaceAll(`"${NEGATIVE_ZERO}"`, '-0') : text;
}

/** Whether a number is in it that JSON.stringify would change. What says itself how it is written is not looked into. */
function hasSpecial(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value) || Object.is(value, -0);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasSpecial);
  if ('toJSON' in value) return true;
  for (const name in value) if (hasSpecial((value as Record<string, unknown>)[name])) return true;
  return false;
}

function wireNumbers(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value)) return String(value);
  return Object.is(value, -0) ? NEGATIVE_ZERO : value;
}
