// experiments/version-queries.ts
// Purpose: versions of experiments as texts: the same text as long as nothing of them or their runs has changed.
// Why: ETags and live pages ask nothing else; whatever moves a version is seen by both.
// Relevant files: experiments/depends.ts, experiments/live-routes.ts, experiments/touch-changes.ts, shared/http/unchanged.ts

import { asc, count, inArray, sql, type SQL } from 'drizzle-orm';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { experiments, type ExperimentRow } from './models.ts';

/** The versions of some experiments, or of all: the same text as long as nothing of them or their runs has changed. */
export interface Versions {
  text: string;
  /** When something last happened in one of them, ms. */
  at: number;
}

/** `5.17,7.2`: id and version of each that there is. */
export async function versionsOf(db: Db, ids: number[]): Promise<Versions> {
  const rows = await db
    .select({ id: experiments.id, version: experiments.version, at: lastChange })
    .from(experiments)
    .where(inArray(experiments.id, ids))
    .orderBy(asc(experiments.id));
  return { text: versionText(rows), at: Math.max(0, ...rows.map((row) => row.at)) };
}

/** The same of a row that was read. */
export function versionOf(row: ExperimentRow): Versions {
  return { text: versionText([row]), at: Math.max(0, row.updated_at, row.last_activity_at) };
}

function versionText(rows: { id: number; version: number }[]): string {
  return rows.map(({ id, version }) => `${id}.${version}`).join(',');
}

/** The same texts for many at once, in one query or two: `5,7` stands for two experiments, '' for all. */
export async function statesOf(db: Db, topics: string[]): Promise<Map<string, string>> {
  const idsOf = (topic: string): number[] => topic.split(',').map(Number);
  const some = topics.filter((topic) => topic !== '');
  const rows = await db
    .select({ id: experiments.id, version: experiments.version })
    .from(experiments)
    .where(inArray(experiments.id, [...new Set(some.flatMap(idsOf))]));
  const known = new Map(rows.map((row) => [row.id, row]));
  const states = new Map(some.map((topic) => [topic, versionText(idsOf(topic).flatMap((id) => known.get(id) ?? []))]));
  if (topics.includes('')) states.set('', (await versionsOfAll(db)).text);
  return states;
}

/**
 * Count, newest id and the sum of all versions. Ids are never used again and versions only go up, so the same three
 * numbers mean the same experiments, none of which has moved.
 */
export async function versionsOfAll(db: Db): Promise<Versions> {
  const number = (value: SQL): SQL<number> => sql<number>`coalesce(${value}, 0)`.mapWith(Number);
  const rows = await db
    .select({
      n: count(),
      newest: number(sql`max(${experiments.id})`),
      sum: number(sql`sum(${experiments.version})`),
      at: number(sql`max(${lastChange})`),
    })
    .from(experiments);
  const { n, newest, sum, at } = one(rows);
  return { text: `${n}.${newest}.${sum}`, at };
}

/** Of an experiment or of a run of it. */
const lastChange = sql<number>`case when ${experiments.updated_at} > ${experiments.last_activity_at}
  then ${experiments.updated_at} else ${experiments.last_activity_at} end`.mapWith(Number);
