// mlflow/log-body.ts
// Purpose: reads what is logged: a batch or one metric becomes points by key, ready for ingest; plain points by a few comparisons.
// Why: the hottest calls there are; whatever is not plain goes through the Zod schema, which alone says what is wrong.
// Relevant files: mlflow/log-routes.ts, mlflow/bodies.ts, runs/ingest.ts, runs/wide-points.ts

import { z } from 'zod';
import type { CheckedBatch, Point } from '../runs/ingest.ts';
import { parseValue } from '../runs/values.ts';
import { isWide, nearestPlace, STEP_MAX, TIME_MAX } from '../runs/wide-points.ts';
import { LIMITS } from '../shared/limits.ts';
import { readBody, type Fields } from './bodies.ts';
import { invalid } from './errors.ts';
import { cutText, int64, key, list, pair, recordOf, required, text, withRun } from './fields.ts';
import { isPairs, plainBody } from './plain-body.ts';
import { check } from './serve.ts';

const METRICS_MAX = 1000;
const OTHERS_MAX = 100;

const value = z
  .union([z.number(), z.string()], 'must be a number, "NaN", "Infinity" or "-Infinity"')
  .transform((sent, context): number => {
    const parsed = parseValue(sent);
    if (parsed === undefined) context.addIssue({ code: 'custom', message: 'must be a number' });
    return parsed ?? 0;
  });

const point = z.object({
  key,
  value,
  timestamp: int64.refine((time) => time >= 0, 'must not be negative'),
  step: int64.default(0),
  /** The point belongs to this model, too, measured on this data. */
  model_id: text(255).optional(),
  dataset_name: text(500).optional(),
  dataset_digest: text(36).optional(),
});
export type SentPoint = z.output<typeof point>;

/** Longer values than MLflow takes are kept whole, as far as ours go; only beyond that they are cut, as MLflow does. */
const paramPair = pair(cutText(LIMITS.paramValue));
const runTagPair = pair(cutText(LIMITS.tagValue));

const facts = {
  params: list(paramPair)
    .refine((all) => all.length <= OTHERS_MAX, `must have at most ${OTHERS_MAX}`)
    .refine((all) => new Set(all.map((one) => one.key)).size === all.length, 'must not have a key twice'),
  tags: list(runTagPair).refine((all) => all.length <= OTHERS_MAX, `must have at most ${OTHERS_MAX}`),
};
const factsBody = withRun(facts);
const batchBody = withRun({
  metrics: list(point).refine((all) => all.length <= METRICS_MAX, `must have at most ${METRICS_MAX}`),
  ...facts,
});
const metricBody = withRun(point.shape);

export interface Logged {
  run_id: string;
  batch: CheckedBatch;
  /** Points of models among them. */
  ofModels: SentPoint[];
}

export function readBatch(bytes: unknown): Logged {
  const sent = plainBody(bytes);
  const plain = sent && plainPoints(sent['metrics']);
  if (!plain) return readAnyBatch(bytes);
  const facts = plainFacts(sent);
  if (facts && isRunId(sent['run_id']))
    return within({ run_id: sent['run_id'], batch: { ...plain, wide: [], ...facts }, ofModels: [] });
  const { run_id, params, tags } = check(factsBody, { ...sent, metrics: undefined });
  return within({
    run_id,
    batch: { ...plain, wide: [], params: recordOf(params), tags: recordOf(tags) },
    ofModels: [],
  });
}

type Facts = Pick<CheckedBatch, 'params' | 'tags'>;

/** Params and tags that are what they should be; undefined: the schema says what is not. */
function plainFacts({ params = [], tags = [] }: Fields): Facts | undefined {
  const isPlain =
    isPairs(params, isKey, LIMITS.paramValue) &&
    isPairs(tags, isKey, LIMITS.tagValue) &&
    Math.max(params.length, tags.length) <= OTHERS_MAX;
  if (!isPlain) return undefined;
  const records = { params: recordOf(params), tags: recordOf(tags) };
  return Object.keys(records.params).length === params.length ? records : undefined;
}

function readAnyBatch(bytes: unknown): Logged {
  const { run_id, metrics, params, tags } = check(batchBody, readBody(bytes));
  const batch = { ...pointsOf(metrics), params: recordOf(params), tags: recordOf(tags) };
  return within({ run_id, batch, ofModels: metrics.filter(({ model_id }) => model_id) });
}

function within(logged: Logged): Logged {
  const { points, params, tags } = logged.batch;
  const total = points + Object.keys(params).length + Object.keys(tags).length;
  if (total > METRICS_MAX)
    throw invalid(`A batch must have at most ${METRICS_MAX} metrics, params and tags together; this one has ${total}.`);
  return logged;
}

/** One metric. */
export function readMetric(bytes: unknown): Logged {
  const sent = plainBody(bytes);
  const plain = sent && plainPoints([sent]);
  if (plain && isRunId(sent['run_id']))
    return { run_id: sent['run_id'], batch: { ...plain, wide: [], params: {}, tags: {} }, ofModels: [] };
  const { run_id, ...one } = check(metricBody, readBody(bytes));
  return { run_id, batch: { ...pointsOf([one]), params: {}, tags: {} }, ofModels: one.model_id ? [one] : [] };
}

function isRunId(id: unknown): id is string {
  return typeof id === 'string' && /^[0-9a-f]{32}$/.test(id);
}

type Points = Pick<CheckedBatch, 'series' | 'points'>;

/** Points of which each is what it should be, without a model, exact as numbers; undefined: at least one is not. */
function plainPoints(metrics: unknown): Points | undefined {
  if (!Array.isArray(metrics) || metrics.length > METRICS_MAX) return undefined;
  const series = new Map<string, Point[]>();
  let points: Point[] | undefined;
  let last: string | undefined;
  for (const item of metrics as unknown[]) {
    if (typeof item !== 'object' || item === null) return undefined;
    const { key, value, step = 0, timestamp, model_id } = item as Record<string, unknown>;
    if (typeof key !== 'string' || model_id !== undefined) return undefined;
    if (typeof step !== 'number' || !Number.isInteger(step) || step >= STEP_MAX || step <= -STEP_MAX) return undefined;
    if (typeof timestamp !== 'number' || !Number.isInteger(timestamp) || !(timestamp >= 0 && timestamp < TIME_MAX))
      return undefined;
    const number = typeof value === 'number' ? value : typeof value === 'string' ? parseValue(value) : undefined;
    if (number === undefined) return undefined;
    if (key !== last || !points) {
      if (!isKey(key)) return undefined;
      last = key;
      points = series.get(key);
      if (!points) series.set(key, (points = []));
    }
    points.push({ step: step + 0, timestamp: timestamp + 0, value: number });
  }
  return { series, points: metrics.length };
}

/** Keys that were found good: a run logs the same ones again and again. */
const good = new Set<string>();
const GOOD_MAX = 10_000;

function isKey(text: string): boolean {
  if (good.has(text)) return true;
  if (!key.safeParse(text).success) return false;
  if (good.size >= GOOD_MAX) good.clear();
  good.add(text);
  return true;
}

function pointsOf(sent: SentPoint[]): Points & Pick<CheckedBatch, 'wide'> {
  const series = new Map<string, Point[]>();
  for (const { key, value, step, timestamp } of sent) {
    const points = series.get(key) ?? [];
    points.push({ ...nearestPlace(step, timestamp), value });
    series.set(key, points);
  }
  const wide = sent.filter(({ step, timestamp }) => isWide(step, timestamp));
  return { series, points: sent.length, wide };
}

export const paramBody = withRun(paramPair.shape);
export const tagBody = withRun({ ...runTagPair.shape });
export const modelBody = withRun({ model_json: required(LIMITS.paramValue) });
