// runs/log-lines.ts
// Purpose: a log request of lines (NDJSON): each a point, or an object of metrics, params and tags; put together as one batch.
// Why: a client appends what it has and sends it as it is; the rules and the receipt are those of the JSON body, with line numbers.
// Relevant files: runs/log-body.ts, runs/series-api.ts, runs/schemas.ts, shared/http/json-bodies.ts

import { z } from 'zod';
import type { JsonLines } from '../shared/http/json-bodies.ts';
import { LIMITS } from '../shared/limits.ts';
import { logBody, pointIn, type LogBody, type Receipt } from './schemas.ts';

/** Which line a point (by its index), a param and a tag (by its key) came from. */
interface Places {
  metrics: number[];
  params: Map<string, number>;
  tags: Map<string, number>;
}

/** `places`: of a batch that came as lines. `refused`: what the lines themselves contradict each other in. */
export type LoggedBatch = LogBody & { places?: Places; refused?: Receipt['rejected'] };
export type LogParse = z.ZodSafeParseResult<LogBody>;

type Lines = Required<LoggedBatch>;
type Issues = z.core.$ZodIssue[];

/** `isPoint`: a quick look that says what the schema of a point would. */
export function parseLogLines(
  { items }: JsonLines,
  isPoint: (item: unknown) => item is LogBody['metrics'][number],
): LogParse {
  const places: Places = { metrics: [], params: new Map(), tags: new Map() };
  // Objects from text: no key may reach a prototype.
  const all: Lines = { metrics: [], params: empty(), tags: empty(), places, refused: [] };
  const issues: Issues = [];
  for (const { line, value } of items) {
    if (isPoint(value)) addPoint(all, value, line);
    else issues.push(...addLine(all, value, line));
  }
  issues.push(...beyondLimits(all));
  return issues.length > 0
    ? { success: false, error: new z.ZodError(issues) as z.ZodError<LogBody> }
    : { success: true, data: all };
}

function empty(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

function addPoint({ metrics, places }: Lines, point: LogBody['metrics'][number], line: number): void {
  metrics.push(point);
  places.metrics.push(line);
}

/** Puts a line into the batch; returns what is wrong with its shape. */
function addLine(all: Lines, value: unknown, line: number): Issues {
  const isMeantAsPoint = typeof value === 'object' && value !== null && 'key' in value;
  const parsed = isMeantAsPoint ? pointIn.safeParse(value) : logBody.safeParse(value);
  if (!parsed.success) return parsed.error.issues.map((issue) => ({ ...issue, path: [`line ${line}`, ...issue.path] }));
  const { data } = parsed;
  if ('key' in data) addPoint(all, data, line);
  else addObject(all, data, line);
  return [];
}

/** In the order of lines: a param keeps what was said first, a tag what was said last. */
function addObject(all: Lines, { metrics, params, tags }: LogBody, line: number): void {
  for (const point of metrics) addPoint(all, point, line);
  for (const [key, value] of Object.entries(params)) {
    const before = all.params[key];
    if (before === undefined) {
      all.params[key] = value;
      all.places.params.set(key, line);
    } else if (before !== value) {
      const reason = `line ${all.places.params.get(key)} says otherwise; a param is written once`;
      all.refused.push({ field: 'params', index: null, key, path: `line ${line}.params.${key}`, line, reason });
    }
  }
  for (const [key, value] of Object.entries(tags)) {
    all.tags[key] = value;
    all.places.tags.set(key, line);
  }
}

function beyondLimits({ metrics, params, tags }: Lines): Issues {
  const counts: [string, number, number][] = [
    ['points', metrics.length, LIMITS.batchMetrics],
    ['params', Object.keys(params).length, LIMITS.batchParams],
    ['tags', Object.keys(tags).length, LIMITS.batchTags],
  ];
  return counts
    .filter(([, count, limit]) => count > limit)
    .map(([what, , limit]) => ({
      code: 'custom',
      path: [],
      message: `must have at most ${limit} ${what}`,
      input: null,
    }));
}

/** The receipt with line numbers, where the batch came as lines. */
export function withLines(receipt: Receipt, { places, refused = [] }: LoggedBatch): Receipt {
  if (!places) return receipt;
  const rejected = receipt.rejected.map((one) => {
    const line = one.field === 'metrics' ? places.metrics[one.index ?? -1] : places[one.field].get(one.key);
    return line === undefined ? one : { ...one, line, path: `line ${line}.${lastOf(one)}` };
  });
  return { ...receipt, rejected: [...rejected, ...refused] };
}

/** `value` of `metrics[3].value`; `params.lr` as it is. */
function lastOf({ field, path }: Receipt['rejected'][number]): string {
  return field === 'metrics' ? path.replace(/^metrics\[\d+\]\./, '') : path;
}
