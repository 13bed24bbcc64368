// mlflow/fields.ts
// Purpose: the Zod pieces of MLflow's requests: required text, ids, 64-bit integers, truth values, lists, keys, tags.
// Why: one rule and one wording for each; a body's schema and a query's differ in lists only (`list`, `repeated`).
// Relevant files: mlflow/serve.ts, mlflow/bodies.ts, shared/schemas.ts

import { z } from 'zod';
import { text } from '../shared/schemas.ts';

export { text };

/** An empty string counts as missing. */
export function required(max: number): z.ZodString {
  return text(max).min(1, MISSING);
}

/** What the message of a field that is not there says; see mlflow/serve.ts. */
export const MISSING = 'is missing';

const DECIMAL = /^-?\d{1,19}$/;
const INT64 = 2n ** 63n;

/** A JSON number or a decimal string: a number where a double is exact, else a bigint. */
export const int64 = z
  .union([z.number(), z.string()], 'must be a whole number')
  .transform((value, context): number | bigint => {
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value + 0;
    const exact = typeof value === 'string' && DECIMAL.test(value) ? BigInt(value) : undefined;
    if (exact !== undefined && exact >= -INT64 && exact < INT64) {
      return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
    }
    context.addIssue({ code: 'custom', message: 'must be a whole number of 64 bits' });
    return z.NEVER;
  });

/** The same where nothing so large is meant: counts, times. */
export function whole(min: number, max: number): z.ZodType<number, number | string> {
  return int64.transform((value, context): number => {
    if (typeof value === 'number' && value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: `must be from ${min} to ${max}` });
    return z.NEVER;
  });
}

/** As far as dates go. */
export const TIME_MAX = 8.64e15;
/** ms since the epoch. */
export const time = whole(0, TIME_MAX);

export const truth = z
  .union([z.boolean(), z.enum(['true', 'True', 'false', 'False'])], 'must be true or false')
  .transform((value) => value === true || value === 'true' || value === 'True');

/** In a query a repeated field is a repeated parameter: one alone comes as text. */
export function repeated<T extends z.ZodType>(item: T): z.ZodPreprocess<z.ZodDefault<z.ZodArray<T>>> {
  return z.preprocess((value) => (value === undefined ? undefined : [value].flat()), list(item));
}

/** In a body; absent is empty. */
export function list<T extends z.ZodType>(item: T): z.ZodDefault<z.ZodArray<T>> {
  return z.array(item, 'must be a list').default([] as never);
}

export const EXPERIMENT_ID = /^\d{1,15}$/;
/** Ours as text: `0`, `17`. */
export const experimentId = z
  .string()
  .min(1, MISSING)
  .regex(EXPERIMENT_ID, 'must be a decimal number')
  .transform(Number);

export const RUN_ID = /^[a-zA-Z0-9][\w-]{0,255}$/;
export const runId = z.string().min(1, MISSING).regex(RUN_ID, 'must be the id of a run');

/** `run_id` or its old name `run_uuid`; either will do, and out comes `run_id`. */
export function withRun<S extends z.ZodRawShape>(shape: S): z.ZodPreprocess<z.ZodObject<S & { run_id: z.ZodString }>> {
  const schema = z.object({ ...shape, run_id: runId });
  return z.preprocess((value) => {
    const { run_id, run_uuid, ...rest } = value as Record<string, unknown>;
    return { ...rest, run_id: run_id === undefined || run_id === '' ? run_uuid : run_id };
  }, schema as never);
}

export const KEY_MAX = 250;
const KEY = /^[\p{L}\p{N}\p{M}_/.\-: ]*$/u;

/** A key of a metric, param or tag: what may be a path below a folder, too. `__proto__` is none (shared/schemas.ts). */
export const key = required(KEY_MAX)
  .regex(KEY, 'may contain letters, digits, _, -, ., /, : and spaces only')
  .refine((value) => isPlainPath(value) && value !== '__proto__', 'must be like a plain relative path');

/** Equal to its own normal form: no empty part, no `.` or `..`. */
function isPlainPath(path: string): boolean {
  return path === '' || path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

export interface Pair {
  key: string;
  value: string;
}

/** A value that is too long is cut, as MLflow does: it must not end a training. */
export function cutText(max: number): z.ZodType<string> {
  return z
    .string()
    .transform((value) => (value.length > max ? value.slice(0, max).replace(/[\uD800-\uDBFF]$/, '') : value))
    .pipe(text(max));
}

type PairSchema = z.ZodObject<{ key: z.ZodString; value: z.ZodDefault<z.ZodType<string>> }>;

/** The value may be absent, which is the empty text. */
export function pair(value: z.ZodType<string>): PairSchema {
  return z.object({ key, value: value.default('') });
}

/** Of a new run or experiment, and of logged models: MLflow takes any key there. */
export function freePair(value: z.ZodType<string>): PairSchema {
  return z.object({ key: required(KEY_MAX).refine((name) => name !== '__proto__'), value: value.default('') });
}

/** The last of a key wins. */
export function recordOf(pairs: Pair[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}
