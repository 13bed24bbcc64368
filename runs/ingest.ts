// runs/ingest.ts
// Purpose: the one way in for logged data: a batch of metrics, params and tags becomes rows and a receipt.
// Why: the API, imports and every later client store and count in exactly the same way.
// Relevant files: runs/points.ts, runs/summary.ts, runs/schemas.ts, tags/queries.ts, experiments/changes.ts

import { and, eq, inArray } from 'drizzle-orm';
import { addMetricKeys, touchExperiment } from '../experiments/changes.ts';
import { parseDecimal } from '../shared/cells.ts';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { setRunTags } from '../tags/changes.ts';
import { checkPoint } from './check-point.ts';
import { metrics, params, runs, RunStatus, type RunRow } from './models.ts';
import { appendDistinct, appendNew, type SeriesId, type SeriesPoint } from './points.ts';
import { rankAgain, unsettleIfRunning } from './ranking-changes.ts';
import type { LogBody, Receipt } from './schemas.ts';
import { addPoint, fromRow, toRow, type Point, type Summary } from './summary.ts';
import { moveTally, paramMove } from './tally-changes.ts';

type Part = Receipt;

/** Stores a batch for a run; `tx` is a transaction. Data for a finished run is stored too; its state stays. */
export async function logBatch(tx: Db, run: RunRow, batch: LogBody, now: number): Promise<Receipt> {
  const parts = await storeParts(tx, run, batch, now);
  await touchRun(tx, run, now, run.trashed_at === null ? parts.metrics.accepted : 0);
  return receiptOf(parts);
}

/** Says that the run was heard of, and that something in its experiment changed; `points`: this many more are in it. */
export async function touchRun(tx: Db, run: RunRow, now: number, points = 0): Promise<void> {
  await tx.update(runs).set({ heard_at: now, updated_at: now }).where(eq(runs.id, run.id));
  await touchExperiment(tx, run.experiment_id, now, points);
}

/** The same without saying that the run was heard of; without metrics. */
export async function storeFacts(tx: Db, run: RunRow, facts: Omit<LogBody, 'metrics'>, now: number): Promise<Receipt> {
  return receiptOf(await storeParts(tx, run, { ...facts, metrics: [] }, now));
}

type Parts = Record<'metrics' | 'params' | 'tags', Part>;

async function storeParts(tx: Db, run: RunRow, batch: LogBody, now: number): Promise<Parts> {
  return {
    metrics: await logMetrics(tx, run, batch.metrics, now),
    params: await logParams(tx, run, batch.params),
    tags: await logTags(tx, run.id, batch.tags),
  };
}

function receiptOf({ metrics, params, tags }: Parts): Receipt {
  return {
    accepted: metrics.accepted + params.accepted + tags.accepted,
    duplicates: metrics.duplicates + params.duplicates + tags.duplicates,
    rejected: [...metrics.rejected, ...params.rejected, ...tags.rejected],
  };
}

async function logMetrics(tx: Db, run: RunRow, raw: LogBody['metrics'], now: number): Promise<Part> {
  const rejected: Part['rejected'] = [];
  const series = new Map<string, Point[]>();
  raw.forEach((item, index) => {
    const checked = checkPoint(item, now);
    if ('reason' in checked) {
      const { field, reason } = checked;
      return rejected.push({ field: 'metrics', index, key: item.key, path: `metrics[${index}].${field}`, reason });
    }
    const points = series.get(item.key);
    return points ? points.push(checked) : series.set(item.key, [checked]);
  });
  await unsettleIfRunning(tx, run);
  const accepted = await storeSeries(tx, run, series);
  if (run.settled === 1 && run.status !== RunStatus.Running) await rankAgain(tx, run.seq);
  return { accepted, duplicates: raw.length - rejected.length - accepted, rejected };
}

/** Stores the points of each key and brings the summaries up to date; returns how many points were new. */
async function storeSeries(tx: Db, run: RunRow, series: Map<string, Point[]>): Promise<number> {
  const known = await summariesOf(tx, run.seq, [...series.keys()]);
  const run_seq = run.seq;
  const fresh: SeriesPoint[] = [];
  const doubtful: SeriesPoint[] = [];
  const grown = new Map<number, Summary>();
  const newKeys: string[] = [];
  let accepted = 0;
  for (const [key, points] of series) {
    const row = known.get(key);
    if (row && !areBeyond(points, row.summary.last.step)) {
      for (const point of points) doubtful.push({ run_seq, no: row.no, ...point });
      continue;
    }
    const distinct = row ? points : withoutRepeats(points);
    const summary = distinct.reduce<Summary | undefined>(addPoint, row?.summary);
    if (!summary) continue;
    const no = row?.no ?? (await insertMetric(tx, run, key, summary));
    if (row) grown.set(no, summary);
    else newKeys.push(key);
    for (const point of distinct) fresh.push({ run_seq, no, ...point });
    accepted += distinct.length;
  }
  await appendNew(tx, fresh);
  const added = await appendDistinct(tx, doubtful);
  const byNo = new Map([...known.values()].map((row) => [row.no, row.summary]));
  for (const { no, ...point } of added) grown.set(no, addPoint(grown.get(no) ?? byNo.get(no), point));
  for (const [no, summary] of grown) await updateMetric(tx, { run_seq, no }, summary);
  await addMetricKeys(tx, run.experiment_id, newKeys);
  return accepted + added.length;
}

/** Steps that strictly rise and start beyond the series cannot repeat anything: the usual case, stored without asking. */
function areBeyond(points: Point[], lastStep: number): boolean {
  let highest = lastStep;
  for (const { step } of points) {
    if (step <= highest) return false;
    highest = step;
  }
  return true;
}

function withoutRepeats(points: Point[]): Point[] {
  if (areBeyond(points, -Infinity)) return points;
  const seen = new Map(
    points.map((point) => [
      `${point.step} ${point.timestamp} ${Object.is(point.value, -0) ? '-0' : point.value}`,
      point,
    ]),
  );
  return [...seen.values()];
}

async function summariesOf(
  tx: Db,
  runSeq: number,
  keys: string[],
): Promise<Map<string, { no: number; summary: Summary }>> {
  const found = new Map<string, { no: number; summary: Summary }>();
  for (let start = 0; start < keys.length; start += 500) {
    const some = keys.slice(start, start + 500);
    const rows = await tx
      .select()
      .from(metrics)
      .where(and(eq(metrics.run_seq, runSeq), inArray(metrics.key, some)));
    for (const row of rows) found.set(row.key, { no: row.no, summary: fromRow(row) });
  }
  return found;
}

const SUMMARY_COLUMNS = [
  'count', 'first_step', 'first_time', 'first_value', 'first_kind', 'last_step', 'last_time', 'last_value', 'last_kind',
  'min_value', 'min_step', 'max_value', 'max_step', 'mean', 'nonfinite_count', 'nonfinite_step',
] as const; // prettier-ignore

const INSERT_METRIC = `insert into metrics (run_seq, no, experiment_id, key, ${SUMMARY_COLUMNS.join(', ')})
  values (?, (select coalesce(max(no), 0) + 1 from metrics where run_seq = ?), ?, ?, ${SUMMARY_COLUMNS.map(() => '?').join(', ')})
  returning no`;
const UPDATE_METRIC = `update metrics set ${SUMMARY_COLUMNS.map((column) => `${column} = ?`).join(', ')}
  where run_seq = ? and no = ?`;

async function insertMetric(tx: Db, run: RunRow, key: string, summary: Summary): Promise<number> {
  const row = toRow(summary);
  const values = SUMMARY_COLUMNS.map((column) => row[column]);
  const { rows } = await tx.execute<{ no: number }>(INSERT_METRIC, [
    run.seq,
    run.seq,
    run.experiment_id,
    key,
    ...values,
  ]);
  return one(rows).no;
}

async function updateMetric(tx: Db, { run_seq, no }: SeriesId, summary: Summary): Promise<void> {
  const row = toRow(summary);
  await tx.execute(UPDATE_METRIC, [...SUMMARY_COLUMNS.map((column) => row[column]), run_seq, no]);
}

/** Rows in one insert: beyond about 100 nothing is gained. */
const PARAMS_AT_ONCE = 100;

/** A param is written once: the same text again is a duplicate, another text is rejected with what is there. */
async function logParams(tx: Db, run: RunRow, sent: Record<string, string>): Promise<Part> {
  const runId = run.id;
  const part: Part = { accepted: 0, duplicates: 0, rejected: [] };
  const keys = Object.keys(sent);
  if (keys.length === 0) return part;
  const stored = new Map<string, string>();
  for (let start = 0; start < keys.length; start += 500) {
    const some = keys.slice(start, start + 500);
    const rows = await tx
      .select()
      .from(params)
      .where(and(eq(params.run_id, runId), inArray(params.key, some)));
    for (const row of rows) stored.set(row.key, row.value);
  }
  const fresh: (typeof params.$inferInsert)[] = [];
  for (const [key, value] of Object.entries(sent)) {
    const before = stored.get(key);
    if (before === undefined) fresh.push({ run_id: runId, key, value, number: parseDecimal(value) ?? null });
    else if (before === value) part.duplicates += 1;
    else
      part.rejected.push({
        field: 'params',
        index: null,
        key,
        path: `params.${key}`,
        reason: `is already ${shortened(before)}; a param is written once`,
      });
  }
  for (let start = 0; start < fresh.length; start += PARAMS_AT_ONCE)
    await tx.insert(params).values(fresh.slice(start, start + PARAMS_AT_ONCE));
  if (run.trashed_at === null)
    await moveTally(
      tx,
      fresh.map(({ key, value }) => paramMove(run.experiment_id, key, value, 1)),
    );
  part.accepted = fresh.length;
  return part;
}

function shortened(value: string): string {
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
}

async function logTags(tx: Db, runId: string, sent: Record<string, string>): Promise<Part> {
  const changed = await setRunTags(tx, runId, sent);
  return { accepted: changed, duplicates: Object.keys(sent).length - changed, rejected: [] };
}
