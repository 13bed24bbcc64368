// runs/groups/group-queries.ts
// Purpose: what grouping needs of all runs of a filter: themselves, what they are grouped by, the values that count.
// Why: groups are made of every run, never of a page; a few columns of each are read along indexes.
// Relevant files: runs/groups/groups.ts, runs/run-filter.ts, runs/ranking-changes.ts

import { and, asc, eq, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import { experiments } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { runTags, tags } from '../../tags/models.ts';
import { metrics, params, runs, type RunStatus } from '../models.ts';
import type { MetricRule } from '../rules/rule.ts';
import { runConditions, type RunFilter } from '../run-filter.ts';

export interface Member {
  seq: number;
  id: string;
  name: string;
  number: number;
  status: RunStatus;
  parent_id: string | null;
}

export async function membersOf(db: Db, filter: Omit<RunFilter, 'order'>): Promise<Member[]> {
  return db
    .select({
      ...{ seq: runs.seq, id: runs.id, name: runs.name, number: runs.number },
      ...{ status: runs.status, parent_id: runs.parent_id },
    })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(runConditions(filter))
    .orderBy(asc(runs.number));
}

export interface KeyedValue {
  seq: number;
  key: string;
  value: string;
}

/** Of all runs of the experiment that are not in the trash; the caller knows which of them are asked for. */
export async function paramValues(db: Db, experiment: number, keys: string[]): Promise<KeyedValue[]> {
  if (keys.length === 0) return [];
  return db
    .select({ seq: runs.seq, key: params.key, value: params.value })
    .from(runs)
    .innerJoin(params, eq(params.run_id, runs.id))
    .where(and(eq(runs.experiment_id, experiment), inArray(params.key, keys)));
}

export async function tagValues(db: Db, experiment: number, keys: string[]): Promise<KeyedValue[]> {
  if (keys.length === 0) return [];
  return db
    .select({ seq: runs.seq, key: tags.key, value: runTags.value })
    .from(tags)
    .innerJoin(runTags, eq(runTags.tag_id, tags.id))
    .innerJoin(runs, eq(runs.id, runTags.run_id))
    .where(and(eq(runs.experiment_id, experiment), inArray(tags.key, keys), sql`${tags.trashed_at} is null`));
}

/**
 * The value of a metric that counts, in the runs that have ended, NaN left out: one index holds it. Runs beyond
 * `countedTo` are not counted yet by a rule that was just changed.
 */
export async function endValues(
  db: Db,
  experiment: number,
  { key, countedTo }: Pick<MetricRule, 'key' | 'countedTo'>,
): Promise<Map<number, number>> {
  const rows = await db
    .select({ seq: metrics.run_seq, value: metrics.rank_value })
    .from(metrics)
    .where(
      and(
        eq(metrics.experiment_id, experiment),
        eq(metrics.key, key),
        isNotNull(metrics.rank_value),
        countedTo === null ? undefined : lte(metrics.run_seq, countedTo),
      ),
    );
  return new Map(rows.map(({ seq, value }) => [seq, value ?? NaN]));
}
