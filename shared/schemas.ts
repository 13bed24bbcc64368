// shared/schemas.ts
// Purpose: the Zod pieces that every feature uses: text, names, ids, times, pages of a list, metric values, problems.
// Why: one limit, one wording and one wire form for each of them, in requests, answers and the OpenAPI document.
// Relevant files: shared/limits.ts, shared/http/json.ts, shared/http/openapi.ts

import { z } from 'zod';
import { LIMITS } from './limits.ts';

/** Text as both engines can keep it: no NUL (PostgreSQL has none), no lone surrogates (UTF-8 has none). `notText`: what else to do. */
export function text(max: number, notText?: string): z.ZodString {
  return z
    .string(notText)
    .max(max, `must have at most ${max.toLocaleString('en')} characters`)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), 'must be valid Unicode without NUL characters');
}

/** A name: one line, not empty, no spaces around it. */
export const name = nameOr();

export function nameOr(notText?: string): z.ZodString {
  return text(LIMITS.name, notText)
    .trim()
    .min(1, 'must not be empty')
    .refine((value) => !/[\r\n\u2028\u2029]/.test(value), 'must be a single line');
}

/** A param, metric or tag key. `__proto__` is none: answers are objects by key, and no object can have it. */
export const key = text(LIMITS.key)
  .min(1, 'must not be empty')
  .refine((value) => value !== '__proto__', 'must not be __proto__');

export const RUN_ID = /^[0-9a-f]{32}$/;
export const runId = z.string().regex(RUN_ID, 'must be 32 hexadecimal digits in lower case');
/** A whole number of a URL. Not `z.coerce`: that takes `1e0`, `0x1`, spaces and empty text for numbers. */
export function wholeNumber(what: string, min: number, max: number): z.ZodPreprocess<z.ZodNumber> {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value),
    z.int(`must be ${what}`).min(min, `must be at least ${min}`).max(max, `must be at most ${max}`),
  );
}

/** 0 is the one that MLflow's clients take for granted (mlflow/experiment-of.ts). */
export const experimentId = wholeNumber('a whole number', 0, Number.MAX_SAFE_INTEGER);

/** `?page=` of a page with numbered pages. */
export const pageNumber = wholeNumber('a page number', 1, 1_000_000).default(1);

/** ms since the epoch, UTC. The range is what `Date` can show. */
export const time = z.int('must be a whole number of milliseconds').min(-8.64e15).max(8.64e15);

export const limit = wholeNumber('a whole number', 1, LIMITS.page);

/** `?tag=a&tag=b=c`: one or many, repeated ones once. */
export function many<T extends z.ZodType>(
  item: T,
  tooMany = `must be given at most ${LIMITS.repeated} times`,
): z.ZodPreprocess<z.ZodArray<T>> {
  return z.preprocess(
    (value) => (value === undefined || value === '' ? [] : [...new Set([value].flat())]),
    z.array(item).max(LIMITS.repeated, tooMany),
  );
}

/** Runs that a page or chart is about: `run=a&run=b`. */
export const runIds = many(runId, `must name at most ${LIMITS.compareRuns} runs`);

/** What every list takes besides its own filters. */
export const listQuery = {
  q: text(LIMITS.query).optional(),
  limit: limit.default(50),
  cursor: z.string().max(8000).optional(),
};

export function listOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ items: z.ZodArray<T>; next_cursor: z.ZodNullable<z.ZodString>; total: z.ZodNumber }> {
  return z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().describe('Give it back as `cursor` for the next page; null on the last.'),
    total: z.number().describe('How many match in all.'),
  });
}

/** A metric value in an answer: any double. shared/http/json.ts puts it on the wire as `meta` says. */
export const metricValue = z
  .custom<number>((value) => typeof value === 'number')
  .meta({
    description: 'A double; non-finite ones as the strings "NaN", "Infinity", "-Infinity".',
    anyOf: [{ type: 'number' }, { type: 'string', enum: ['NaN', 'Infinity', '-Infinity'] }],
  });

/** What will be removed for ever. */
export const purgeOut = z.object({ runs: z.number(), points: z.number() });

/** RFC 9457, with the places of the mistakes. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
  })
  .loose();
