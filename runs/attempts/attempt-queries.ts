// runs/attempts/attempt-queries.ts
// Purpose: reads of a run's attempts: all of them with their numbers, and the points that later ones stand before.
// Why: routes and the run's page show the same list.
// Relevant files: runs/attempts/attempt-routes.ts, runs/run/run-page.ts, runs/points.ts

import type { Db } from '../../shared/db/store.ts';
import { notFound } from '../../shared/errors.ts';
import type { AttemptRow, MetricRow, RunRow } from '../models.ts';
import type { PointPlace } from '../points.ts';
import type { Point } from '../summary.ts';
import { fromStored } from '../values.ts';

/** Attempts with their place in the order in which they began. */
export type Attempt = AttemptRow & { number: number; is_latest: boolean; superseded_points: number };

export async function attemptsOf(db: Db, run: Pick<RunRow, 'seq' | 'attempts'>): Promise<Attempt[]> {
  if (run.attempts === 0) return [];
  const { rows } = await db.execute<AttemptRow>(
    'select * from run_attempts where run_seq = ? order by start_time, no',
    [run.seq],
  );
  const counted = await db.execute<{ attempt: number; n: number }>(
    'select attempt, count(*) as n from superseded_points where run_seq = ? group by attempt',
    [run.seq],
  );
  const points = new Map(counted.rows.map(({ attempt, n }) => [attempt, Number(n)]));
  return rows.map((row, i) => ({
    ...row,
    number: i + 1,
    is_latest: i === rows.length - 1,
    superseded_points: points.get(row.no) ?? 0,
  }));
}

/** A page of the points of an attempt (by its number) that later ones stand before; as `scanPoints` otherwise. */
export async function scanSuperseded(
  db: Db,
  run: Pick<RunRow, 'seq' | 'attempts'>,
  number: number,
  { no }: Pick<MetricRow, 'no'>,
  limit: number,
  after: PointPlace | null,
): Promise<{ points: Point[]; next: PointPlace | null; total: number }> {
  const attempt = (await attemptsOf(db, run)).find((one) => one.number === number);
  if (!attempt) throw notFound(`Attempt ${number}`, '?attempt');
  const place = [run.seq, attempt.no, no];
  const of = 'from superseded_points where run_seq = ? and attempt = ? and no = ?';
  const beyond = after ? 'and (step, timestamp, value, kind) > (?,?,?,?)' : '';
  const rows = await db.arrays<PointPlace>(
    `select step, timestamp, value, kind ${of} ${beyond} order by step, timestamp, value, kind limit ?`,
    [...place, ...(after ?? []), limit + 1],
  );
  const counted = await db.execute<{ n: number }>(`select count(*) as n ${of}`, place);
  const page = rows.slice(0, limit);
  return {
    points: page.map(([step, timestamp, value, kind]) => ({ step, timestamp, value: fromStored(value, kind) })),
    next: rows.length > limit ? (page.at(-1) ?? null) : null,
    total: Number(counted.rows[0]?.n ?? 0),
  };
}
