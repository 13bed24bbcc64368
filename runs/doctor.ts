// runs/doctor.ts
// Purpose: examines what is kept of runs: summaries and roll-ups against a recount of their points, counters, artifacts' contents.
// Why: a summary that is wrong is worse than one that is missing: nobody would look.
// Relevant files: shared/db/findings.ts, runs/check-queries.ts, runs/recount.ts, runs/artifacts/artifact-check.ts

import { findingOf, type ExamineOptions, type Finding } from '../shared/db/findings.ts';
import type { Db } from '../shared/db/store.ts';
import { formatCount } from '../shared/format.ts';
import { brokenContents } from './artifacts/artifact-check.ts';
import { contentsAt } from './artifacts/artifact-store.ts';
import {
  allContents,
  brokenCounters,
  miscounted,
  someMetrics,
  strayPoints,
  wrongRanks,
  wrongSums,
} from './check-queries.ts';
import type { MetricRow } from './models.ts';
import { recount } from './recount.ts';

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
  if (deep)
    yield findingOf('ranks', 'follow the rules of the metrics', 'do not follow the rules', await wrongRanks(db));
  yield findingOf('counters', 'run numbers and lists of metrics are right', 'are wrong', await brokenCounters(db));
  yield findingOf('sums', 'over the runs of each experiment are right', 'kinds are wrong', await wrongSums(db));
  const contents = await allContents(db);
  yield findingOf(
    'artifacts',
    `${formatCount(contents.length)} contents are there${deep ? ', byte by byte' : ', of the right size (--deep reads them)'}`,
    'contents of artifacts are missing or wrong',
    await brokenContents(contentsAt(settings.artifacts), contents, deep),
  );
}

async function wrongSummaries(db: Db, rows: MetricRow[]): Promise<string[]> {
  const places: string[] = [];
  for (const row of rows) {
    const wrong = await recount(db, row);
    if (wrong.length > 0) places.push(`run ${row.run_id}, ${row.key}: ${wrong.slice(0, WRONG_SHOWN).join('; ')}`);
  }
  return places;
}

/** A damaged series differs in many places; the first say enough. */
const WRONG_SHOWN = 8;
