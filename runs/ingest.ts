// runs/ingest.ts
// Purpose: the one way in for logged data: a batch of metrics, params and tags becomes rows and a receipt.
// Why: the API, imports and every later client store and count in exactly the same way.
// Relevant files: runs/ingest-points.ts, runs/schemas.ts, tags/queries.ts, experiments/changes.ts

import { touchExperiment, type Touched } from '../experiments/touch-changes.ts';
import { parseDecimal } from '../shared/cells.ts';
import { onPostgres } from '../shared/db/dialect.ts';
import { insertOf, pieces } from '../shared/db/many-rows.ts';
import { inMarks } from '../shared/db/marks.ts';
import type { Db } from '../shared/db/store.ts';
import { setRunTags } from '../tags/run-tag-changes.ts';
import { logPoints, storeChecked, type PointsReceipt } from './ingest-points.ts';
import { RunStatus, type LoggedRun, type ParamRow } from './models.ts';
import { leaveRun } from './logged-run-queries.ts';
import { rankAgain, unsettleIfRunning } from './ranking-changes.ts';
import type { LogBody, Receipt } from './schemas.ts';
import type { Point } from './summary.ts';
import { moveTally, paramMove, type Move } from './tally-changes.ts';
import { storeWide, type WidePoint } from './wide-points.ts';

export type { Point };

type Part = Receipt;

/**
 * Stores a batch for a run; `tx` is a transaction. Data for a finished run is stored too; its state stays. `attempt`: the
 * id of the attempt that logs; without one, of a run that was restarted, the latest.
 */
export async function logBatch(
  tx: Db,
  run: LoggedRun,
  batch: LogBody,
  now: number,
  precision = 0,
  attempt?: string,
): Promise<Receipt> {
  const parts = await storeParts(tx, run, batch, now, attempt);
  const touched = { ...touchedBy(run, parts), precision };
  await touchRun(tx, run, now, touched);
  if (touched.isLogOnly && run.attempts <= 1 && isKnownAt(run, now, precision)) leaveRun(tx, run);
  return receiptOf(parts);
}

/** Live logging says to the second when a run was heard of: to the millisecond, each request would write two more pages. */
export const HEARD_PRECISION_MS = 1_000;

const HEARD = `update runs set heard_at = ?, updated_at = ?
  where seq = ? and (heard_at < ? or heard_at > ? or updated_at < ?)`;

/** Says that the run was heard of, and that something in its experiment changed. The run's times stay behind as the experiment's. */
export async function touchRun(
  tx: Db,
  run: Pick<LoggedRun, 'seq' | 'experiment_id' | 'heard_at' | 'updated_at'>,
  now: number,
  touched: Touched = {},
): Promise<void> {
  const since = now - (touched.precision ?? 0);
  const isKnown = isKnownAt(run, now, touched.precision);
  if (!isKnown) await tx.send(HEARD, [now, now, run.seq, since, now, since]);
  // Whoever heard of the run has said so of its experiment.
  await touchExperiment(tx, run.experiment_id, isKnown ? null : now, touched);
}

/** Its row says already that it was heard of at that time, as far as `precision` goes. */
export function isKnownAt(run: Pick<LoggedRun, 'heard_at' | 'updated_at'>, now: number, precision = 0): boolean {
  const since = now - precision;
  return run.heard_at > since && run.heard_at <= now && run.updated_at > since;
}

/** The same without saying that the run was heard of; without metrics. */
export async function storeFacts(
  tx: Db,
  run: LoggedRun,
  facts: Omit<LogBody, 'metrics'>,
  now: number,
): Promise<Receipt> {
  return receiptOf(await storeParts(tx, run, { ...facts, metrics: [] }, now));
}

/** A batch whose points were checked while it was read (mlflow/log-body.ts): by key, in the order in which they came. */
export interface CheckedBatch extends Omit<LogBody, 'metrics'> {
  series: Map<string, Point[]>;
  /** How many there are in all. */
  points: number;
  /** Those that stand in `series` at the nearest place there is. */
  wide: WidePoint[];
}

/** The same as `logBatch`, with points that need no check. */
export async function logChecked(
  tx: Db,
  run: LoggedRun,
  batch: CheckedBatch,
  now: number,
  precision = 0,
): Promise<Receipt> {
  const store = async (): Promise<PointsReceipt> => {
    // Where attempts are told apart, points are taken out of it; and this may be done again.
    const part = await storeChecked(tx, run, new Map(batch.series), batch.points);
    await storeWide(tx, run, batch.wide);
    return part;
  };
  const parts = {
    metrics: await withMetrics(tx, run, store),
    ...(await logFacts(tx, run, batch)),
  };
  const touched = { ...touchedBy(run, parts), precision };
  await touchRun(tx, run, now, touched);
  if (isOpen(run) && run.attempts <= 1 && isKnownAt(run, now, precision)) leaveRun(tx, run);
  return receiptOf(parts);
}

type Facts = Record<'params' | 'tags', Part>;
type Parts = Facts & { metrics: PointsReceipt };

/** Of the trash no points are counted. A run that has ended is ranked by what was logged late. */
function touchedBy(run: LoggedRun, { metrics, params, tags }: Parts): Touched {
  return {
    points: run.trashed_at === null ? metrics.grown : 0,
    isLogOnly: isOpen(run) && params.accepted === 0 && tags.accepted === 0,
  };
}

function isOpen(run: LoggedRun): boolean {
  return run.status === RunStatus.Running && run.settled === 0 && run.trashed_at === null;
}

async function storeParts(tx: Db, run: LoggedRun, batch: LogBody, now: number, attempt?: string): Promise<Parts> {
  return {
    metrics: await withMetrics(tx, run, () => logPoints(tx, run, batch.metrics, now, attempt)),
    ...(await logFacts(tx, run, batch)),
  };
}

function receiptOf({ metrics, params, tags }: Parts): Receipt {
  return {
    accepted: metrics.accepted + params.accepted + tags.accepted,
    duplicates: metrics.duplicates + params.duplicates + tags.duplicates,
    rejected: [...metrics.rejected, ...params.rejected, ...tags.rejected],
  };
}

/** `store` puts points in; before and after it the run's place among the ranked ones is seen to. */
async function withMetrics(tx: Db, run: LoggedRun, store: () => Promise<PointsReceipt>): Promise<PointsReceipt> {
  await unsettleIfRunning(tx, run);
  const part = await store();
  if (run.settled === 1 && run.status !== RunStatus.Running) await rankAgain(tx, run.seq);
  return part;
}

/** What params and tags move in the sums of the experiment goes into them at once. */
async function logFacts(tx: Db, run: LoggedRun, { params, tags }: Pick<LogBody, 'params' | 'tags'>): Promise<Facts> {
  // The usual request has points only.
  if (isEmpty(params) && isEmpty(tags)) return { params: nothing(), tags: nothing() };
  const logged = await logParams(tx, run, params);
  const { changed, moves } = await setRunTags(tx, run, tags);
  if (run.made) run.made.hasFacts = true;
  if (run.trashed_at === null) await moveTally(tx, [...logged.moves, ...moves]);
  const duplicates = Object.keys(tags).length - changed;
  return { params: logged.part, tags: { accepted: changed, duplicates, rejected: [] } };
}

export function isEmpty(record: Record<string, string>): boolean {
  for (const _key in record) return false;
  return true;
}

function nothing(): Part {
  return { accepted: 0, duplicates: 0, rejected: [] };
}

const INSERT_PARAMS = insertOf('insert into params (run_id, key, value, number)', [
  'text', 'text', 'text', 'double precision',
]); // prettier-ignore

/** A param is written once: the same text again is a duplicate, another text is rejected with what is there. */
async function logParams(tx: Db, run: LoggedRun, sent: Record<string, string>): Promise<{ part: Part; moves: Move[] }> {
  const runId = run.id;
  const part = nothing();
  const keys = Object.keys(sent);
  if (keys.length === 0) return { part, moves: [] };
  const stored = run.made?.hasFacts === false ? NO_PARAMS : await storedParams(tx, runId, keys);
  const fresh: ParamRow[] = [];
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
  // The sums are shared: said before the rows are written, since all of this is done again then.
  if (fresh.length > 0 && run.trashed_at === null) tx.beside?.alone();
  for (const some of pieces(fresh)) {
    const rows = some.map(({ run_id, key, value, number }) => [run_id, key, value, number]);
    await tx.execute(...INSERT_PARAMS(rows));
  }
  part.accepted = fresh.length;
  return { part, moves: fresh.map(({ key, value }) => paramMove(run.experiment_id, key, value, 1)) };
}

const NO_PARAMS = new Map<string, string>();
const KEYS_AT_ONCE = onPostgres ? 5_000 : 500;

/** Of these keys, those that the run has. */
async function storedParams(tx: Db, runId: string, keys: string[]): Promise<Map<string, string>> {
  const select = 'select key, value from params where run_id = ? and key';
  const ask = (some: string[]): [text: string, values: unknown[]] => {
    if (onPostgres) return [`${select} = any(?::text[])`, [runId, some]];
    const { marks, values } = inMarks(some);
    return [`${select} in (${marks})`, [runId, ...values]];
  };
  const stored = new Map<string, string>();
  for (const some of pieces(keys, KEYS_AT_ONCE)) {
    const { rows } = await tx.execute<{ key: string; value: string }>(...ask(some));
    for (const row of rows) stored.set(row.key, row.value);
  }
  return stored;
}

function shortened(value: string): string {
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
}
