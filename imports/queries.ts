// imports/queries.ts
// Purpose: what of a source is here already: its runs, the experiments that hold them, an empty one of the same name.
// Why: an import that is run again finds its own, also after people renamed, moved or trashed it.
// Relevant files: imports/target.ts, imports/write-run.ts, runs/models.ts, experiments/models.ts

import { and, asc, count, desc, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { experiments, type ExperimentRow } from '../experiments/models.ts';
import { runs } from '../runs/models.ts';
import type { Db } from '../shared/db/store.ts';
import { tags } from '../tags/models.ts';

const IDS_AT_ONCE = 500;

/** Those of `ids` that are here, in the trash or not. */
export async function knownRunIds(db: Db, ids: string[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const some = ids.slice(start, start + IDS_AT_ONCE);
    const rows = await db.select({ id: runs.id }).from(runs).where(inArray(runs.id, some));
    for (const { id } of rows) known.add(id);
  }
  return known;
}

/** The experiments that hold these runs, in the trash or not, and stay; first the one that holds most of the first 500. */
export async function experimentsHolding(db: Db, ids: string[]): Promise<ExperimentRow[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .select({ experiment: experiments })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(inArray(runs.id, ids.slice(0, IDS_AT_ONCE)), isNull(experiments.purge_at)))
    .groupBy(experiments.id)
    .orderBy(desc(count()), asc(experiments.id));
  return rows.map(({ experiment }) => experiment);
}

export async function findTrashedByName(db: Db, name: string, createdAt: number): Promise<ExperimentRow | undefined> {
  const isIt = and(
    eq(experiments.name, name),
    eq(experiments.created_at, createdAt),
    isNotNull(experiments.trashed_at),
    isNull(experiments.purge_at),
  );
  return (await db.select().from(experiments).where(isIt))[0];
}

/** Those of `keys` that are tags here, in the trash or not. */
export async function knownTagKeys(db: Db, keys: string[]): Promise<Set<string>> {
  const rows = await db.selectDistinct({ key: tags.key }).from(tags).where(inArray(tags.key, keys));
  return new Set(rows.map(({ key }) => key));
}
