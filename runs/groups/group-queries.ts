// runs/groups/group-queries.ts
// Purpose: what grouping needs of all runs of a filter: themselves, and what they are grouped by.
// Why: groups are made of every run, never of a page; a few columns of each are read along indexes.
// Relevant files: runs/groups/groups.ts, runs/run-filter.ts, runs/ends-queries.ts

import { and, asc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { experiments } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { runTags, tags } from '../../tags/models.ts';
import { params, runs, type RunStatus } from '../models.ts';
import { runConditions, type RunFilter } from '../run-filter.ts';

export interface Member {
  seq: number;
  id: string;
  status: RunStatus;
  parent_id: string | null;
}

/** A member and its values of the params asked for, in their order; null: it has none. */
export interface MemberWithParams {
  member: Member;
  params: (string | null)[];
}

/** So many params are columns of the statement that finds the runs; the values of others are read apart. */
const COLUMNS_MAX = 24;

/**
 * Runs by number, as arrays of plain values: ten thousand objects with named fields would cost more than finding them. A param is
 * looked up run by run: of a join each param of a run would be a row.
 */
export async function membersOf(db: Db, filter: Omit<RunFilter, 'order'>, keys: string[]): Promise<MemberWithParams[]> {
  const columns = keys.slice(0, COLUMNS_MAX);
  const { sql: text, params: values } = db
    .select({
      ...{ seq: runs.seq, id: runs.id, status: runs.status, parent_id: runs.parent_id },
      ...Object.fromEntries(columns.map((key, place) => [`p${place}`, valueOf(key)])),
    })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(runConditions(filter))
    .orderBy(asc(runs.number))
    .toSQL();
  const rows = await db.arrays<[number, string, RunStatus, string | null, ...(string | null)[]]>(text, values);
  const found = rows.map(([seq, id, status, parent_id, ...own]) => ({
    member: { seq: Number(seq), id, status, parent_id },
    params: own,
  }));
  return keys.length > COLUMNS_MAX ? withMore(db, filter.experiment ?? 0, found, keys.slice(COLUMNS_MAX)) : found;
}

function valueOf(key: string): SQL {
  return sql`(select p.value from params p where p.run_id = ${runs.id} and p.key = ${key})`;
}

async function withMore(
  db: Db,
  experiment: number,
  found: MemberWithParams[],
  keys: string[],
): Promise<MemberWithParams[]> {
  const places = new Map(keys.map((key, place) => [key, place]));
  const known = new Map<number, (string | null)[]>();
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE)
    for (const { seq, key, value } of await paramValues(db, experiment, keys.slice(start, start + KEYS_AT_ONCE))) {
      const own = known.get(seq) ?? Array<string | null>(keys.length).fill(null);
      own[places.get(key) ?? 0] = value;
      known.set(seq, own);
    }
  return found.map(({ member, params: own }) => ({
    member,
    params: [...own, ...(known.get(member.seq) ?? Array<null>(keys.length).fill(null))],
  }));
}

/** Below the number of bound values that an engine takes. */
const KEYS_AT_ONCE = 500;

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
