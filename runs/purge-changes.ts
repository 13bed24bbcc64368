// runs/purge-changes.ts
// Purpose: removes for ever, in small parts, what was asked for: points, roll-ups, series, params, tags, artifacts, models, the run.
// Why: each part is a few thousand rows and leaves what is left consistent: it can end, or be killed, after any of them.
// Relevant files: runs/purge.ts, runs/purge-queries.ts, runs/purge-rows.ts, runs/tally-changes.ts, runs/series-state.ts

import { raiseVersion } from '../experiments/touch-changes.ts';
import { sayLeft } from '../experiments/changes.ts';
import { removeModelPart } from '../models/purge-changes.ts';
import type { Db } from '../shared/db/store.ts';
import { dropContents } from './artifacts/dropped-changes.ts';
import type { RunRow } from './models.ts';
import { isLastOfPurge, nextExperiment, nextRun } from './purge-queries.ts';
import { removeFirst, removeSome } from './purge-rows.ts';
import { forgetSeries } from './series-state.ts';
import { countState } from './tally-changes.ts';

/** Rows in one part: a millisecond or two. */
const PART = 2_000;
/** Params may have 100,000 characters each. */
const PARAMS_PART = 100;
const ARTIFACTS_PART = 200;
/** Series whose summaries are looked at together. */
const SERIES_PART = 100;

/** Asks for the removal of runs that are in the trash; others, and those that were asked for, stay as they are. */
export async function purgeRuns(tx: Db, ids: string[], now: number): Promise<number> {
  if (ids.length === 0) return 0;
  const { rows } = await tx.execute<{ experiment_id: number }>(
    `update runs set purge_at = ?, purge_points = ${POINTS}, purge_left = ${POINTS}
      where id in (${ids.map(() => '?').join(', ')}) and trashed_at is not null and purge_at is null
      returning experiment_id`,
    [now, ...ids],
  );
  for (const id of new Set(rows.map((row) => row.experiment_id))) await raiseVersion(tx, id);
  return rows.length;
}

const POINTS = '(select coalesce(sum(m.count), 0) from metrics m where m.run_seq = runs.seq)';

/** Removes part after part until `end` (of `performance.now()`); false when there is nothing left. */
export async function purgeStep(tx: Db, end: number, tell: boolean): Promise<boolean> {
  const touched = new Set<number>();
  let more = true;
  do {
    const run = await nextRun(tx);
    if (run) {
      await removePart(tx, run);
      touched.add(run.experiment_id);
    } else {
      const experiment = await nextExperiment(tx);
      if (experiment) await removeExperimentPart(tx, experiment.id);
      more = experiment !== undefined;
    }
  } while (more && performance.now() < end);
  if (tell) for (const id of touched) await raiseVersion(tx, id);
  return more;
}

/** In this order: what is counted goes with its points, so that the counts are right after each part. */
async function removePart(tx: Db, run: RunRow): Promise<void> {
  const points = await removePoints(tx, run.seq);
  if (points === null) return removeRest(tx, run);
  if (points === 0) return;
  await tx.execute(`update runs set purge_left = ${lessOf('purge_left')} where seq = ?`, [points, points, run.seq]);
  await sayLeft(tx, run.experiment_id, points);
}

const lessOf = (column: string): string => `case when ${column} > ? then ${column} - ? else 0 end`;

/** The first series of a run, as many as fit into a part, or the beginning of a long one. Null: there is none left. */
async function removePoints(tx: Db, seq: number): Promise<number | null> {
  const { rows } = await tx.execute<{ no: number; count: number }>(
    `select no, count from metrics where run_seq = ? order by no limit ${SERIES_PART}`,
    [seq],
  );
  const [first] = rows;
  if (!first) return null;
  if (first.count > PART) return removeBeginning(tx, seq, first.no);
  let [points, last] = [0, first.no];
  for (const { no, count } of rows) {
    if (points + count > PART) break;
    points += count;
    last = no;
  }
  for (const table of ['points', 'rollups', 'metrics'])
    await tx.execute(`delete from ${table} where run_seq = ? and no <= ?`, [seq, last]);
  return points;
}

/** Its roll-ups first, then points in the order of steps: the summary counts what is left. */
async function removeBeginning(tx: Db, seq: number, no: number): Promise<number> {
  const series = { run_seq: seq, no };
  if ((await removeFirst(tx, 'rollups', series, PART)) > 0) return 0;
  const points = await removeFirst(tx, 'points', series, PART);
  // There are fewer than the summary counts only where the file was damaged; it must still come to an end.
  const left = points === 0 ? 'count = 0' : `count = ${lessOf('count')}`;
  await tx.execute(`update metrics set ${left} where run_seq = ? and no = ?`, [
    ...(points === 0 ? [] : [points, points]),
    seq,
    no,
  ]);
  return points;
}

/** What has no series (a damaged file), attempts, then params, artifacts and models in parts, then the run itself with its tags. */
async function removeRest(tx: Db, run: RunRow): Promise<void> {
  for (const table of ['rollups', 'points', 'superseded_points', 'attempt_begins', 'run_attempts', 'log_keys'] as const)
    if ((await removeFirst(tx, table, { run_seq: run.seq }, PART)) > 0) return;
  if ((await removeSome(tx, 'params', { run_id: run.id }, ['key'], PARAMS_PART)) > 0) return;
  if ((await removeArtifacts(tx, run.id)) > 0) return;
  if (await removeModelPart(tx, { run: run.id })) return;
  await removeRun(tx, run);
}

async function removeArtifacts(tx: Db, id: string): Promise<number> {
  const { rows } = await tx.execute<{ path: string; sha256: string }>(
    `select path, sha256 from artifacts where run_id = ? order by path limit ${ARTIFACTS_PART}`,
    [id],
  );
  for (const { path, sha256 } of rows) {
    await tx.execute('delete from artifacts where run_id = ? and path = ?', [id, path]);
    await dropContents(tx, sha256, Date.now());
  }
  return rows.length;
}

/** What runs in the trash add to sums over params and tags went out of them when they came there. */
async function removeRun(tx: Db, run: RunRow): Promise<void> {
  for (const table of ['run_tags', 'run_datasets', 'run_models', 'baselines'])
    await tx.execute(`delete from ${table} where run_id = ?`, [run.id]);
  await tx.execute('delete from wide_points where run_seq = ?', [run.seq]);
  await countState(tx, run, run.trashed_at !== null, -1);
  if (run.purge_at !== null && (await isLastOfPurge(tx, run))) await forgetKeys(tx, run.experiment_id);
  await tx.execute('delete from runs where seq = ?', [run.seq]);
  forgetSeries(tx, run.seq);
  await raiseVersion(tx, run.experiment_id);
}

/** Runs of an experiment among which a metric's key is looked for. */
const RUNS_MAX = 200;
const KEYS_MAX = 200;

/** Metric keys that no run of the experiment has any more; not where that would mean to look at many runs. */
async function forgetKeys(tx: Db, experiment: number): Promise<void> {
  const { rows } = await tx.execute<{ n: number }>(
    `select (select count(*) from (select 1 from runs where experiment_id = ? limit ${RUNS_MAX + 1}) r) as n
      union all select count(*) from (select 1 from experiment_metrics where experiment_id = ? limit ${KEYS_MAX + 1}) k`,
    [experiment, experiment],
  );
  if (rows.some(({ n }, i) => Number(n) > (i === 0 ? RUNS_MAX : KEYS_MAX))) return;
  await tx.execute(
    `delete from experiment_metrics where experiment_id = ? and not exists (
      select 1 from metrics m where m.experiment_id = experiment_metrics.experiment_id
        and m.key = experiment_metrics.key and m.rank_value is not null)
      and not exists (select 1 from runs r join metrics m on m.run_seq = r.seq and m.key = experiment_metrics.key
        where r.experiment_id = experiment_metrics.experiment_id)`,
    [experiment],
  );
}

/** Its sums by key, in their parts, then itself; its runs are gone. */
async function removeExperimentPart(tx: Db, id: number): Promise<void> {
  if (await removeModelPart(tx, { experiment: id })) return;
  const of = { experiment_id: id };
  const parts = [
    ['experiment_values', ['kind', 'key', 'hash']],
    ['experiment_keys', ['kind', 'key']],
    ['experiment_metrics', ['key']],
  ] as const;
  for (const [table, key] of parts) if ((await removeSome(tx, table, of, key, PART)) > 0) return;
  for (const table of [
    'experiment_runs',
    'experiment_tags',
    'datasets',
    'metric_rules',
    'chart_defaults',
    'saved_views',
    'decisions',
  ])
    await tx.execute(`delete from ${table} where experiment_id = ?`, [id]);
  await tx.execute('delete from experiments where id = ?', [id]);
}
