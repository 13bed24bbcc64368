// imports/pack-lines.ts
// Purpose: the lines of a .pack file: their shapes, and points to columns and back.
// Why: one place says what the format is; writing and reading cannot drift apart.
// Relevant files: imports/pack.ts, imports/records.ts

import { z } from 'zod';
import { RUN_STATUSES } from '../runs/models.ts';
import { BATCH_POINTS, RUN_ID, type SourcePoint } from './records.ts';

const time = z.int().nullable();
const texts = z.record(z.string(), z.string());
const SPECIAL = { NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity, '-0': -0 } as const;
const special = z.enum(['NaN', 'Infinity', '-Infinity', '-0']);

export const headLine = z.strictObject({
  format: z.literal('runs-pack'),
  version: z.literal(1),
  experiments: z.int().nonnegative(),
  runs: z.int().nonnegative(),
});
const experimentLine = z.strictObject({
  type: z.literal('experiment'),
  name: z.string(),
  description: z.string(),
  created_at: time,
  trashed_at: time,
  tags: texts,
});
const runLine = z.strictObject({
  type: z.literal('run'),
  id: z.string().regex(RUN_ID),
  name: z.string(),
  status: z.enum(RUN_STATUSES),
  start_time: time,
  end_time: time,
  parent_id: z.string().regex(RUN_ID).nullable(),
  notes: z.string(),
  trashed_at: time,
  params: texts,
  tags: texts,
});
const pointsLine = z
  .strictObject({
    type: z.literal('points'),
    key: z.string(),
    steps: z.array(z.int()),
    timestamps: z.array(z.int()),
    values: z.array(z.union([z.number(), special])),
  })
  .refine(({ steps, timestamps, values }) => steps.length === values.length && timestamps.length === values.length, {
    error: 'the columns differ in length',
  });
const artifactLine = z.strictObject({ type: z.literal('artifact'), path: z.string(), base64: z.base64() });

export const bodyLine = z.discriminatedUnion('type', [experimentLine, runLine, pointsLine, artifactLine]);
export type ExperimentLine = z.infer<typeof experimentLine>;
export type RunLine = z.infer<typeof runLine>;
export type PointsLine = z.infer<typeof pointsLine>;
export type ArtifactLine = z.infer<typeof artifactLine>;

/**
 * Columns for points of one run, a line for each key. A key goes on in a second line where a difference would be
 * beyond 2^53 − 1: from the first step to the last possible one, say.
 */
export function toLines(points: SourcePoint[]): PointsLine[] {
  const lines: PointsLine[] = [];
  const open = new Map<string, { line: PointsLine; last: SourcePoint }>();
  for (const point of points) {
    let current = open.get(point.key);
    if (!current || !isNear(current.last, point)) {
      const line: PointsLine = { type: 'points', key: point.key, steps: [], timestamps: [], values: [] };
      lines.push(line);
      current = { line, last: { key: point.key, value: 0, step: 0, timestamp: 0 } };
      open.set(point.key, current);
    }
    current.line.steps.push(point.step - current.last.step);
    current.line.timestamps.push(point.timestamp - current.last.timestamp);
    current.line.values.push(written(point.value));
    current.last = point;
  }
  return lines;
}

function isNear(a: SourcePoint, b: SourcePoint): boolean {
  return Number.isSafeInteger(b.step - a.step) && Number.isSafeInteger(b.timestamp - a.timestamp);
}

export function* toBatches(lines: PointsLine[]): Generator<SourcePoint[]> {
  let batch: SourcePoint[] = [];
  for (const { key, steps, timestamps, values } of lines) {
    let [step, timestamp] = [0, 0];
    for (const [i, value] of values.entries()) {
      step += steps[i] ?? 0;
      timestamp += timestamps[i] ?? 0;
      batch.push({ key, value: typeof value === 'number' ? value : SPECIAL[value], step, timestamp });
      if (batch.length < BATCH_POINTS) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** JSON has no word for these four; every other double comes back from its shortest digits. */
function written(value: number): PointsLine['values'][number] {
  if (Number.isNaN(value)) return 'NaN';
  if (Object.is(value, -0)) return '-0';
  if (Number.isFinite(value)) return value;
  return value > 0 ? 'Infinity' : '-Infinity';
}
