// runs/doctor.ts
// Purpose: examines what is kept of runs: summaries against a recount of their points, counters, artifacts' contents.
// Why: a summary that is wrong is worse than one that is missing: nobody would look.
// Relevant files: shared/db/findings.ts, runs/check-queries.ts, runs/summary.ts, runs/artifacts/artifact-check.ts

import { findingOf, type ExamineOptions, type Finding } from '../shared/db/findings.ts';
import type { Db } from '../shared/db/store.ts';
import { formatCount } from '../shared/format.ts';
import { brokenContents } from './artifacts/artifact-check.ts';
import { allContents, brokenCounters, miscounted, someMetrics, strayPoints } from './check-queries.ts';
import type { MetricRow } from './models.ts';
import { allPoints } from './points.ts';
import { addPoint, fromRow, type Summary } from './summary.ts';

/** Series that are recounted without `--deep`, and how long they may be. */
const SAMPLE = 200;
const SAMPLE_POINTS = 100_000;

export async function* examineRuns(db: Db, { settings, deep }: ExamineOptions): AsyncGenerator<Finding> {
  yield findingOf('counts', 'each summary counts the points that are there', 'summaries do not', await miscounted(db));
  yield findingOf('points', 'each belongs to a series', 'series have points and no summary', await strayPoints(db));
  const rows = deep ? await someMetrics(db) : await someMetrics(db, SAMPLE, SAMPLE_POINTS);
  const which = `${formatCount(rows.length)} of them${deep ? ', all there are' : ' (a sample; --deep takes all)'}`;
  yield findingOf(
    'summaries',
    `are what their points give: ${which}`,
    'are not what their points give',
    await wrongSummaries(db, rows),
  );
  yield findingOf('counters', 'run numbers and lists of metrics are right', 'are wrong', await brokenCounters(db));
  const contents = await allContents(db);
  yield findingOf(
    'artifacts',
    `${formatCount(contents.length)} contents are there${deep ? ', byte by byte' : ', of the right size (--deep reads them)'}`,
    'contents of artifacts are missing or wrong',
    await brokenContents(settings.artifacts, contents, deep),
  );
}

async function wrongSummaries(db: Db, rows: MetricRow[]): Promise<string[]> {
  const places: string[] = [];
  for (const row of rows) {
    const differs = differences(fromRow(row), await recount(db, row));
    if (differs.length > 0) places.push(`run ${row.run_id}, ${row.key}: ${differs.join(', ')}`);
  }
  return places;
}

/** The summary that the points of a series give; undefined when there are none. */
export async function recount(db: Db, series: { run_seq: number; no: number }): Promise<Summary | undefined> {
  let summary: Summary | undefined;
  for await (const points of allPoints(db, series)) for (const point of points) summary = addPoint(summary, point);
  return summary;
}

/** Fields that differ. A mean grows in the order of arrival: its last digits are not the summary's fault. */
export function differences(found: Summary, counted: Summary | undefined): string[] {
  if (!counted) return ['no points'];
  const fields = Object.keys(counted) as (keyof Summary)[];
  return fields.filter((field) =>
    field === 'mean' ? !isNear(found, counted) : textOf(found[field]) !== textOf(counted[field]),
  );
}

/** Unlike JSON, with −0, NaN and the infinities. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'number' ? (Object.is(one, -0) ? '-0' : String(one)) : one,
  );
}

const MEAN_TOLERANCE = 1e-9;

function isNear(found: Summary, counted: Summary): boolean {
  if (found.mean === null || counted.mean === null) return found.mean === counted.mean;
  const size = Math.max(Math.abs(counted.min?.value ?? 0), Math.abs(counted.max?.value ?? 0));
  return Math.abs(found.mean - counted.mean) <= size * MEAN_TOLERANCE;
}
