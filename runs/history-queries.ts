// runs/history-queries.ts
// Purpose: the points of a series in the order of time, as MLflow's history has them, whole or from a place on.
// Why: points lie in the order of steps; that mostly is the order of time, too, which is looked at once.
// Relevant files: runs/points.ts, runs/wide-points.ts, mlflow/history.ts, shared/db/memo.ts

import { setImmediate } from 'node:timers/promises';
import { onPostgres } from '../shared/db/dialect.ts';
import { memo } from '../shared/db/memo.ts';
import type { Db } from '../shared/db/store.ts';
import type { MetricRow } from './models.ts';
import { Kind, toStored } from './values.ts';
import { STEP_MAX, TIME_MAX, wideOf, type ExactPoint } from './wide-points.ts';

/** Step and timestamp are bigints only where a double is too small. Without a kind the value is plain (runs/values.ts). */
export type HistoryRow = [step: number | bigint, timestamp: number | bigint, value: number, kind?: number];

type Series = Pick<MetricRow, 'run_seq' | 'no' | 'count' | 'nonfinite_count' | 'min_value' | 'max_value'>;

/** Up to `limit` points after `after`, by timestamp, step, value. */
export async function historyRows(db: Db, series: Series, limit: number, after?: HistoryRow): Promise<HistoryRow[]> {
  const wide = await wideOf(db, series);
  if (wide.length > 0) return withWide(await plainRows(db, series, IS_PLAIN), wide, limit, after);
  return plainRows(db, series, '', limit, after);
}

/** So many rows are in memory at once, and between them others have a turn. */
export const HISTORY_PAGE = 5_000;

/** The same page by page, at most `limit` rows in all. */
export async function* historyPages(
  db: Db,
  series: Series,
  limit: number,
  after?: HistoryRow,
): AsyncGenerator<HistoryRow[]> {
  const wide = await wideOf(db, series);
  if (wide.length > 0) {
    yield withWide(await plainRows(db, series, IS_PLAIN), wide, limit, after);
    return;
  }
  for (let left = limit; left > 0;) {
    const asked = Math.min(HISTORY_PAGE, left);
    const rows = await plainRows(db, series, '', asked, after);
    yield rows;
    if (rows.length < asked) return;
    left -= rows.length;
    after = rows.at(-1);
    await setImmediate();
  }
}

async function plainRows(
  db: Db,
  series: Series,
  where: string,
  limit = Number.MAX_SAFE_INTEGER,
  after?: HistoryRow,
): Promise<HistoryRow[]> {
  const isByStep = await memo(db, `history ${series.run_seq} ${series.no}`, series.count, () => isInTime(db, series));
  const order = isByStep ? 'step, timestamp, value, kind' : 'timestamp, step, value, kind';
  const [step, timestamp, value, kind = Kind.Plain] = after ?? [];
  const place = after ? (isByStep ? [step, timestamp, value, kind] : [timestamp, step, value, kind]) : [];
  const rows = (columns: string): Promise<HistoryRow[]> =>
    db.arrays<HistoryRow>(
      `select ${columns} from points where run_seq = ? and no = ? ${where}
        ${after ? `and (${order}) > (?, ?, ?, ?)` : ''} order by ${order} limit ?`,
      [series.run_seq, series.no, ...place, limit],
    );
  if (onPostgres || !isAllPlain(series)) return rows(WITH_KIND);
  // SQLite does both before anybody can write: a point that came since the series was read may be none of these.
  const [plain, isStill] = await Promise.all([
    rows('step, timestamp, value'),
    db.arrays<[number]>(STILL_PLAIN, [series.run_seq, series.no]),
  ]);
  return isStill.length > 0 ? plain : rows(WITH_KIND);
}

const WITH_KIND = 'step, timestamp, value, kind';

/** By its summary: no NaN, and no zero that could be −0. A column less of each point is a seventh of what reading it takes. */
function isAllPlain({ nonfinite_count, min_value, max_value }: Series): boolean {
  return nonfinite_count === 0 && ((min_value ?? 0) > 0 || (max_value ?? 0) < 0);
}

const STILL_PLAIN = `select 1 from metrics
  where run_seq = ? and no = ? and nonfinite_count = 0 and (min_value > 0 or max_value < 0)`;

/** Whether time never goes back from one step to the next: one walk along the primary key. */
async function isInTime(db: Db, { run_seq, no }: Series): Promise<boolean> {
  const { rows } = await db.execute(
    `select 1 from (select timestamp, lag(timestamp) over (order by step, timestamp, value, kind) as before
      from points where run_seq = ? and no = ?) p where timestamp < before limit 1`,
    [run_seq, no],
  );
  return rows.length === 0;
}

/** Not at the bounds, where the wide ones stand. */
const IS_PLAIN = `and step > -${STEP_MAX} and step < ${STEP_MAX} and timestamp > -${TIME_MAX} and timestamp < ${TIME_MAX}`;

function withWide(plain: HistoryRow[], wide: ExactPoint[], limit: number, after?: HistoryRow): HistoryRow[] {
  const all = [...plain, ...wide.map(rowOf)].sort(compare);
  const rest = after ? all.filter((row) => compare(row, after) > 0) : all;
  return rest.slice(0, limit);
}

function rowOf({ step, timestamp, value }: ExactPoint): HistoryRow {
  const stored = toStored(value);
  return [step, timestamp, stored.value, stored.kind];
}

function compare(a: HistoryRow, b: HistoryRow): number {
  for (const i of [1, 0, 2] as const) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return (a[3] ?? Kind.Plain) - (b[3] ?? Kind.Plain);
}
