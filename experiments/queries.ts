// experiments/queries.ts
// Purpose: experiments by id or name: there, in the trash or why not; as the API gives them.
// Why: whoever asks for an experiment gets the same answer, or the same reason why there is none.
// Relevant files: experiments/list-queries.ts, experiments/run-count-queries.ts, experiments/version-queries.ts, experiments/models.ts

import { and, asc, count, desc, eq, inArray, isNull, lte, sql } from 'drizzle-orm';
import type { Db } from '../shared/db/store.ts';
import { conflict, notFound, trashedProblem, type Problem } from '../shared/errors.ts';
import { tagsOfExperiments } from '../tags/queries.ts';
import { experimentMetrics, experiments, type ExperimentRow } from './models.ts';
import type { ExperimentOut } from './schemas.ts';
import { runCounts } from './run-count-queries.ts';

export async function findExperiment(db: Db, id: number): Promise<ExperimentRow | undefined> {
  return (await db.execute<ExperimentRow>('select * from experiments where id = ?', [id])).rows[0];
}

export type ExperimentPlace = Pick<ExperimentRow, 'id' | 'artifact_location' | 'trashed_at'>;

/** Where it is and keeps its artifacts, and nothing else of it: asked whenever a client says that a run has ended. */
export async function findPlace(db: Db, id: number): Promise<ExperimentPlace | undefined> {
  const text = 'select id, artifact_location, trashed_at from experiments where id = ?';
  return (await db.execute<ExperimentPlace>(text, [id])).rows[0];
}

/** An experiment that is not in the trash, or a 404. `row`: as it was read for this request already. */
export async function requireExperiment(
  db: Db,
  id: number,
  row: ExperimentRow | undefined = undefined,
): Promise<ExperimentRow> {
  row ??= await findExperiment(db, id);
  if (!row) throw notFound(`Experiment ${id}`);
  if (row.purge_at !== null) throw removing(row);
  if (row.trashed_at !== null)
    throw trashedProblem(
      404,
      `Experiment ${row.name} is in the trash: restore it first.`,
      `/experiments/${id}/restore`,
    );
  return row;
}

/** One that is in the trash, or a 404 or 409. */
export async function requireTrashedExperiment(db: Db, id: number): Promise<ExperimentRow> {
  const row = await findExperiment(db, id);
  if (!row) throw notFound(`Experiment ${id}`);
  if (row.trashed_at === null)
    throw conflict('id', `Experiment ${row.name} is not in the trash: only what is there can be removed for ever.`);
  return row;
}

/** Those in the trash since `until` (ms) or longer that nobody has asked to remove. */
export async function trashedExperiments(db: Db, until: number): Promise<ExperimentRow[]> {
  return db
    .select()
    .from(experiments)
    .where(and(lte(experiments.trashed_at, until), isNull(experiments.purge_at)))
    .orderBy(asc(experiments.id));
}

export function removing({ name }: Pick<ExperimentRow, 'name'>): Problem {
  return conflict('id', `Experiment ${name} is being removed for ever.`);
}

export async function findByName(db: Db, name: string): Promise<ExperimentRow | undefined> {
  return (
    await db
      .select()
      .from(experiments)
      .where(and(eq(experiments.name, name), isNull(experiments.trashed_at)))
  )[0];
}

/** The same, also in the trash: one in sight first, else the one that went there last, the newer one of two at once; none that is being removed. */
export async function findByNameAnywhere(db: Db, name: string): Promise<ExperimentRow | undefined> {
  const found = await db
    .select()
    .from(experiments)
    .where(and(eq(experiments.name, name), isNull(experiments.purge_at)))
    .orderBy(
      sql`case when ${experiments.trashed_at} is null then 0 else 1 end`,
      desc(experiments.trashed_at),
      desc(experiments.id),
    )
    .limit(1);
  return found[0];
}

/** The metric keys that runs of the experiment have logged, by name. */
export async function metricKeys(db: Db, id: number): Promise<string[]> {
  const rows = await db
    .select({ key: experimentMetrics.key })
    .from(experimentMetrics)
    .where(eq(experimentMetrics.experiment_id, id))
    .orderBy(asc(experimentMetrics.key));
  return rows.map((row) => row.key);
}

/** Rows as the API gives them, with tags and run counts. */
export async function describeExperiments(db: Db, rows: ExperimentRow[]): Promise<ExperimentOut[]> {
  const ids = rows.map((row) => row.id);
  const [counts, tags] = [await runCounts(db, ids), await tagsOfExperiments(db, ids)];
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    status: row.status,
    main_metric: row.main_metric,
    repeat_keys: JSON.parse(row.repeat_keys) as ExperimentOut['repeat_keys'],
    tags: Object.fromEntries((tags.get(row.id) ?? []).map((tag) => [tag.key, tag.value])),
    run_counts: counts.get(row.id) ?? {},
    created_at: row.created_at,
    updated_at: row.updated_at,
    last_activity_at: row.last_activity_at,
    trashed_at: row.trashed_at,
    purge_at: row.purge_at,
  }));
}

export async function countExperiments(db: Db): Promise<number> {
  return (await db.select({ n: count() }).from(experiments).where(isNull(experiments.trashed_at)))[0]?.n ?? 0;
}

/** Those that there are, in the order of `ids`. */
export async function experimentsById(db: Db, ids: number[]): Promise<Map<number, ExperimentRow>> {
  if (ids.length === 0) return new Map();
  const rows = await db.select().from(experiments).where(inArray(experiments.id, ids));
  const known = new Map(rows.map((row) => [row.id, row]));
  return new Map(ids.flatMap((id) => known.get(id) ?? []).map((row) => [row.id, row]));
}

/** In the order of `ids`. */
export async function namesOfExperiments(db: Db, ids: number[]): Promise<Map<number, string>> {
  return new Map([...(await experimentsById(db, ids))].map(([id, { name }]) => [id, name]));
}
