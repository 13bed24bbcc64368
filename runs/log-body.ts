// runs/log-body.ts
// Purpose: checks the body of a log request: plain points by a few comparisons, everything else by the Zod schema.
// Why: Zod would take a third of the time of a batch; what is wrong is still said by the one schema, in its words.
// Relevant files: runs/schemas.ts, runs/log-lines.ts, runs/series-api.ts, shared/http/problems.ts

import { JsonLines } from '../shared/http/json-bodies.ts';
import { LIMITS } from '../shared/limits.ts';
import { RUN_ID } from '../shared/schemas.ts';
import { parseLogLines, type LogParse } from './log-lines.ts';
import { logBody, type LogBody } from './schemas.ts';

/** As `logBody.safeParse`, the same in every case; of lines, as `parseLogLines`. */
export function parseLogBody(data: unknown): LogParse {
  if (data instanceof JsonLines) return parseLogLines(data, isPoint);
  const metrics = isRecord(data) ? data['metrics'] : undefined;
  if (!isRecord(data) || !arePoints(metrics)) return logBody.safeParse(data);
  // The usual request has points only.
  if (hasOnly(data, 'metrics')) return { success: true, data: { metrics, params: {}, tags: {} } };
  const rest = logBody.safeParse({ ...data, metrics: undefined });
  return rest.success ? { success: true, data: { ...rest.data, metrics } } : rest;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nothing but, where it is named, this one field. */
function hasOnly(record: Record<string, unknown>, name?: string): boolean {
  for (const other in record) if (other !== name) return false;
  return true;
}

/** The path of a log request names a run, and the usual query nothing: both are as `runParams` and `logQuery` give them. */
export const plainParts = {
  params: ({ id }: Record<string, unknown>): boolean => typeof id === 'string' && RUN_ID.test(id),
  querystring: (query: Record<string, unknown>): boolean => hasOnly(query),
};

function arePoints(metrics: unknown): metrics is LogBody['metrics'] {
  return Array.isArray(metrics) && metrics.length <= LIMITS.batchMetrics && metrics.every(isPoint);
}

/** Exactly what `pointIn` of runs/schemas.ts lets through. */
function isPoint(item: unknown): item is LogBody['metrics'][number] {
  if (!isRecord(item)) return false;
  const { key, value } = item;
  if (typeof key !== 'string') return false;
  if (typeof value !== 'string' && value !== null && !Number.isFinite(value)) return false;
  for (const name in item) {
    if (name === 'key' || name === 'value') continue;
    if (name !== 'step' && name !== 'timestamp') return false;
    const number = item[name];
    if (number !== undefined && !Number.isFinite(number)) return false;
  }
  return true;
}
