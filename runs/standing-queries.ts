// runs/standing-queries.ts
// Purpose: what tables and run pages say about all runs of a filter: how params and tags vary, points, times, the nearest run.
// Why: of a whole experiment from its sums, of a few runs from themselves: the cost does not grow with what is stored.
// Relevant files: runs/tally-queries.ts, runs/ranking-queries.ts, runs/table/table.ts, runs/run/neighbours.ts

import { and, asc, count, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import type { Db } from '../shared/db/store.ts';
import { runTags, tags } from '../tags/models.ts';
import { keptFact, type Standing as Kept } from './kept-facts.ts';
import { params, RUN_STATUSES, runs, type RunRow } from './models.ts';
import {
  countStates,
  paramsOfExperiment,
  tagsOfExperimentsRuns,
  type ParamVariety,
  type SameTag,
} from './tally-queries.ts';

/** All runs of an experiment that are not in the trash or, where they are named by their numbers, these few. */
export interface Group {
  experiment: number;
  few?: number[] | null | undefined;
}

/** A value may have 100,000 characters; a line about all runs shows its beginning and its end. */
function shortened(value: SQL): SQL<string> {
  return sql`case when length(${value}) <= 500 then ${value}
    else substr(${value}, 1, 250) || '…' || substr(${value}, length(${value}) - 248) end`;
}

/** How much each param varies: what differs becomes a column, the rest one line. */
export async function paramVariety(db: Db, { experiment, few }: Group): Promise<ParamVariety[]> {
  if (!few) return paramsOfExperiment(db, experiment);
  if (few.length === 0) return [];
  return db
    .select({
      key: params.key,
      runs: count(),
      least: shortened(sql`min(${params.value})`),
      values: sql<number>`count(distinct ${params.value})`.mapWith(Number),
    })
    .from(runs)
    .innerJoin(params, eq(params.run_id, runs.id))
    .where(inArray(runs.seq, few))
    .groupBy(params.key)
    .orderBy(asc(params.key));
}

/** Tags that say the same wherever they hang (`dataset=digits`); plain labels are not asked for. */
export async function sameTags(db: Db, { experiment, few }: Group): Promise<SameTag[]> {
  if (!few) return tagsOfExperimentsRuns(db, experiment);
  if (few.length === 0) return [];
  return db
    .select({ key: tags.key, value: sql<string>`min(${runTags.value})`, runs: count() })
    .from(runs)
    .innerJoin(runTags, eq(runTags.run_id, runs.id))
    .innerJoin(tags, eq(tags.id, runTags.tag_id))
    .where(and(inArray(runs.seq, few), isNull(tags.trashed_at)))
    .groupBy(tags.key)
    .having(sql`min(${runTags.value}) = max(${runTags.value}) and min(${runTags.value}) <> '' and count(*) > 1`)
    .orderBy(asc(tags.key));
}

interface Near {
  id: string;
  shared: number;
  /** In numbers. */
  away: number;
  number: number;
}

/**
 * The run of the experiment with the most equal params among those that logged the metric `key`, or undefined where none
 * shares a param. Of equally near ones the next by number. Looks at the experiment's newest 2,000 runs: at those that have
 * ended once until one of them changes, at open ones each time, since a point of theirs may be the first of the metric.
 */
export async function nearestRun(
  db: Db,
  experiment: Kept,
  { id }: Pick<RunRow, 'id'>,
  key: string,
): Promise<string | undefined> {
  const { from, near } = await keptFact(db, experiment, `nearest ${JSON.stringify([id, key])}`, async () => {
    const { rows } = await db.execute<{ least: number | null }>(
      `select min(number) as least from (select number from runs where experiment_id = ? and trashed_at is null and id <> ?
        order by number desc limit ${NEAR_RUNS}) newest`,
      [experiment.id, id],
    );
    const from = Number(rows[0]?.least ?? 0);
    return { from, near: await nearestAmong(db, 'settled = 1', [experiment.id, id, from], key) };
  });
  const open = await nearestAmong(db, 'settled = 0', [experiment.id, id, from], key);
  const [first] = [...near, ...open].sort((a, b) => b.shared - a.shared || a.away - b.away || a.number - b.number);
  return first?.id;
}

const NEAR_RUNS = 2_000;

/** `among`: literally as in a partial index. `from`: the least number that counts. At most one. */
async function nearestAmong(
  db: Db,
  among: string,
  [experiment, id, from]: [experiment: number, id: string, from: number],
  key: string,
): Promise<Near[]> {
  const { rows } = await db.execute<Near>(
    `select other.id, other.number, count(*) as shared, abs(other.number - (select number from runs where id = ?)) as away
      from (select seq, id, number from runs
        where experiment_id = ? and trashed_at is null and ${among} and id <> ? and number >= ?) other
      join params theirs on theirs.run_id = other.id
      join params mine on mine.run_id = ? and mine.key = theirs.key and mine.value = theirs.value
      where exists (select 1 from metrics where run_seq = other.seq and key = ?)
      group by other.id, other.number order by shared desc, away, other.number limit 1`,
    [id, experiment, id, from, id, key],
  );
  return rows.map((row) => ({ ...row, shared: Number(row.shared), away: Number(row.away) }));
}

/** When one of the experiment's runs was last heard of: of the settled ones by an index, of the open ones one by one. */
export async function lastHeard(db: Db, experiment: number): Promise<number | null> {
  const ofStatus = `select max(heard_at) as at from runs where experiment_id = ? and settled = 1 and status = ?`;
  const { rows } = await db.execute<{ at: number | null }>(
    `select max(at) as at from (${RUN_STATUSES.map(() => ofStatus).join(' union all ')}
      union all select max(heard_at) from runs where experiment_id = ? and settled = 0 and trashed_at is null) heard`,
    [...RUN_STATUSES.flatMap((status) => [experiment, status]), experiment],
  );
  return rows[0]?.at ?? null;
}

export interface Totals {
  runs: number;
  points: number;
}

/** Runs and points outside the trash. */
export async function readTotals(db: Db): Promise<Totals> {
  const sums = await db
    .select({ points: sql<number>`coalesce(sum(${experiments.points}), 0)`.mapWith(Number) })
    .from(experiments)
    .where(isNull(experiments.trashed_at));
  return { runs: await countStates(db, {}), points: sums[0]?.points ?? 0 };
}
