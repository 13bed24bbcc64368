// experiments/touch-changes.ts
// Purpose: what its runs leave on an experiment: numbers taken, version, points, last activity, metric keys.
// Why: each commit of each run does it, so it is one statement where it can be, and once a commit where many log.
// Relevant files: experiments/version-queries.ts, runs/ingest.ts, runs/changes.ts, shared/db/last.ts

import { rowTexts } from '../shared/db/marks.ts';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { ExperimentStatus, type ExperimentRow } from './models.ts';
import { metricKeys } from './queries.ts';

/** Something that pages show has changed, but nobody worked in the experiment. */
export async function raiseVersion(tx: Db, id: number): Promise<void> {
  await tx.execute('update experiments set version = version + 1 where id = ?', [id]);
}

/** Something that the pages of all experiments show has changed: rare. */
export async function raiseVersionOfAll(tx: Db): Promise<void> {
  await tx.execute('update experiments set version = version + 1', []);
}

/** The next run's number. A draft becomes active with its first run. */
export async function takeRunNumber(tx: Db, id: number): Promise<number> {
  const { rows } = await tx.execute<{ next: number }>(
    `update experiments set next_number = next_number + 1,
        status = case when status = ? and trashed_at is null then ? else status end
      where id = ? returning next_number as next`,
    [ExperimentStatus.Draft, ExperimentStatus.Active, id],
  );
  return one(rows).next - 1;
}

/** The same with what a new run leaves on its experiment (`row`: as it was read just now), in one statement. */
export async function startRunIn(
  tx: Db,
  row: Pick<ExperimentRow, 'id' | 'last_activity_at'>,
  now: number,
): Promise<number> {
  // Only when it moves: it stands in an index.
  const active = row.last_activity_at < now ? ', last_activity_at = ?' : '';
  const { rows } = await tx.execute<{ next: number }>(
    `update experiments set next_number = next_number + 1, version = version + 1,
        status = case when status = ? and trashed_at is null then ? else status end${active}
      where id = ? returning next_number as next`,
    [ExperimentStatus.Draft, ExperimentStatus.Active, ...(active ? [now] : []), row.id],
  );
  return one(rows).next - 1;
}

const TOUCH = `update experiments set version = version + 1, points = points + ?,
    logged = logged + case when ? = 0 then 1 else 0 end
  where id = ?`;
/** Apart from the other: what is ordered by it moves in an index, which costs a page on disk each time. */
const WAS_ACTIVE = 'update experiments set last_activity_at = ? where id = ? and last_activity_at < ?';

export interface Touched {
  /** This many more were logged. */
  points?: number;
  /** The time of the last activity may stay behind by so many ms. */
  precision?: number;
  /** Nothing changed but that runs that go on have more points. */
  isLogOnly?: boolean;
}

/** Says that something in the experiment changed; `now` null: when is known already. */
export async function touchExperiment(
  tx: Db,
  id: number,
  now: number | null,
  { points = 0, precision = 0, isLogOnly = false }: Touched = {},
): Promise<void> {
  const count = (db: Db, sums: number[]): Promise<void> => db.send(TOUCH, [...sums, id]);
  const setTime = async (db: Db): Promise<void> => {
    if (now !== null) await db.send(WAS_ACTIVE, [now, id, now - precision]);
  };
  // What is written in one go is of points only when all of it is.
  const amounts = [points, isLogOnly ? 0 : 1];
  if (tx.beside) return tx.beside.last(id, amounts, (db, sums) => count(db, sums).then(() => setTime(db)));
  if (tx.writer?.group) tx.writer.group.last(id, amounts, count);
  else await count(tx, amounts);
  await setTime(tx);
}

/** SQLite, without waiting: runs that go on have so many more points, and nothing else changed. */
export function countPoints(tx: Db & Pick<Required<Db>, 'atOnce'>, id: number, points: number): void {
  const amounts = [points, 0];
  if (tx.writer?.group) tx.writer.group.last(id, amounts, (db, sums) => db.send(TOUCH, [...sums, id]));
  else tx.atOnce(TOUCH, [...amounts, id]);
}

export async function addMetricKeys(tx: Db, id: number, keys: string[]): Promise<void> {
  if (tx.beside && (await hasNew(tx, id, keys))) tx.beside.alone();
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
    const some = keys.slice(start, start + KEYS_AT_ONCE);
    await tx.send(
      INSERT_KEYS(some.length),
      some.flatMap((key) => [id, key]),
    );
  }
}

/** Rows in one insert: beyond about 100 nothing is gained. */
const KEYS_AT_ONCE = 100;
const INSERT_KEYS = rowTexts('insert into experiment_metrics (experiment_id, key)', 2, 'on conflict do nothing');

async function hasNew(tx: Db, id: number, keys: string[]): Promise<boolean> {
  const known = new Set(keys.length > 0 ? await metricKeys(tx, id) : []);
  return keys.some((key) => !known.has(key));
}
