// experiments/changes.ts
// Purpose: what changes an experiment: create, edit, trash, restore, and what logging leaves on it.
// Why: each is one step of a transaction; pages, API, ingest and imports share them.
// Relevant files: experiments/queries.ts, experiments/models.ts, runs/changes.ts, runs/ingest.ts

import { eq, sql } from 'drizzle-orm';
import { rowTexts } from '../shared/db/marks.ts';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { badField, conflict, notFound } from '../shared/errors.ts';
import { amountOfExperiment, type Amount } from '../runs/purge-queries.ts';
import { setExperimentTags } from '../tags/changes.ts';
import { experiments, ExperimentStatus, type ExperimentRow } from './models.ts';
import {
  findByName,
  findExperiment,
  metricKeys,
  removing,
  requireExperiment,
  requireTrashedExperiment,
} from './queries.ts';
import type { ExperimentCreate, ExperimentPatch } from './schemas.ts';

/** What an experiment may be made with besides what our own API takes: MLflow's clients name a place for artifacts. */
export type NewExperiment = ExperimentCreate & { id?: number; artifact_location?: string | undefined };

export async function createExperiment(tx: Db, body: NewExperiment, now: number): Promise<ExperimentRow> {
  await checkNameIsFree(tx, body.name);
  const rows = await tx
    .insert(experiments)
    .values({
      ...(body.id === undefined ? {} : { id: body.id }),
      name: body.name,
      description: body.description ?? '',
      status: body.status ?? ExperimentStatus.Active,
      main_metric: body.main_metric ?? null,
      repeat_keys: JSON.stringify(body.repeat_keys ?? {}),
      artifact_location: body.artifact_location ?? null,
      created_at: now,
      updated_at: now,
      last_activity_at: now,
    })
    .returning();
  const row = one(rows);
  await setExperimentTags(tx, row.id, body.tags ?? {});
  return row;
}

export async function patchExperiment(tx: Db, id: number, patch: ExperimentPatch, now: number): Promise<ExperimentRow> {
  const before = await requireExperiment(tx, id);
  if (patch.name !== undefined && patch.name !== before.name) await checkNameIsFree(tx, patch.name);
  const { name = before.name, description = before.description, status = before.status } = patch;
  const main_metric = patch.main_metric === undefined ? before.main_metric : patch.main_metric;
  const repeat_keys = patch.repeat_keys === undefined ? before.repeat_keys : JSON.stringify(patch.repeat_keys);
  await tx
    .update(experiments)
    .set({
      name,
      description,
      status,
      main_metric,
      repeat_keys,
      updated_at: now,
      version: sql`${experiments.version} + 1`,
    })
    .where(eq(experiments.id, id));
  return requireExperiment(tx, id);
}

async function checkNameIsFree(tx: Db, name: string): Promise<void> {
  const owner = await findByName(tx, name);
  if (owner) throw conflict('name', `There is already an experiment named ${JSON.stringify(name)} (id ${owner.id}).`);
}

/** To the trash: its name is free at once, its runs go out of sight with it. In the trash already: nothing changes. */
export async function trashExperiment(tx: Db, id: number, now: number): Promise<void> {
  const row = await findExperiment(tx, id);
  if (!row) throw notFound(`Experiment ${id}`);
  if (row.trashed_at !== null) return;
  await tx
    .update(experiments)
    .set({ trashed_at: now, version: sql`${experiments.version} + 1` })
    .where(eq(experiments.id, id));
}

export async function restoreExperiment(tx: Db, id: number, now: number): Promise<ExperimentRow> {
  const row = await findExperiment(tx, id);
  if (!row) throw notFound(`Experiment ${id}`);
  if (row.purge_at !== null) throw removing(row);
  if (row.trashed_at !== null) await checkNameIsFree(tx, row.name);
  await tx
    .update(experiments)
    .set({ trashed_at: null, updated_at: now, version: sql`${experiments.version} + 1` })
    .where(eq(experiments.id, id));
  return requireExperiment(tx, id);
}

/** Asks for the removal of an experiment that is in the trash, with all its runs (runs/purge.ts does it). */
export async function purgeExperiment(tx: Db, id: number, now: number): Promise<Amount> {
  const row = await requireTrashedExperiment(tx, id);
  const amount = await amountOfExperiment(tx, row);
  if (row.purge_at !== null) return { ...amount, points: row.purge_left };
  await tx
    .update(experiments)
    .set({
      purge_at: now,
      purge_points: amount.points,
      purge_left: amount.points,
      version: sql`${experiments.version} + 1`,
    })
    .where(eq(experiments.id, id));
  return amount;
}

/** The same for one of many: restored or gone in the meantime, it stays as it is. */
export async function purgeIfTrashed(tx: Db, id: number, now: number): Promise<void> {
  const row = await findExperiment(tx, id);
  if (typeof row?.trashed_at === 'number') await purgeExperiment(tx, id, now);
}

/** So many points less are left of what is being removed. */
export async function sayLeft(tx: Db, id: number, removed: number): Promise<void> {
  await tx.execute(
    `update experiments set purge_left = case when purge_left > ? then purge_left - ? else 0 end
      where id = ? and purge_at is not null`,
    [removed, removed, id],
  );
}

/** Something that pages show has changed, but nobody worked in the experiment. */
export async function raiseVersion(tx: Db, id: number): Promise<void> {
  await tx.execute('update experiments set version = version + 1 where id = ?', [id]);
}

/** Something that the pages of all experiments show has changed: rare. */
export async function raiseVersionOfAll(tx: Db): Promise<void> {
  await tx.execute('update experiments set version = version + 1', []);
}

/**
 * The experiment that a new run names by id or by name; a name that is missing is made. Archived ones take no runs.
 * `read`: its row, where it was read already.
 */
export async function ensureExperiment(
  tx: Db,
  { experiment_id, experiment }: { experiment_id?: number | undefined; experiment?: string | undefined },
  now: number,
  read?: ExperimentRow,
): Promise<ExperimentRow> {
  const row =
    read ??
    (experiment_id === undefined ? await findByName(tx, experiment ?? '') : await findExperiment(tx, experiment_id));
  if (!row && experiment !== undefined) return createExperiment(tx, { name: experiment }, now);
  if (!row || row.trashed_at !== null) throw badField('experiment_id', `there is no experiment ${experiment_id}`);
  if (row.status === ExperimentStatus.Archived) {
    throw conflict(
      'experiment_id',
      `Experiment ${JSON.stringify(row.name)} is archived and takes no new runs; set its status to active first.`,
    );
  }
  return row;
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
