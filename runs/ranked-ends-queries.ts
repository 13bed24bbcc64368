// runs/ranked-ends-queries.ts
// Purpose: what runs came to in one metric, in order: ended runs along the index, from what is kept, and which runs are open.
// Why: the best run and a page in the order of a metric begin with the same walk.
// Relevant files: runs/ranking-queries.ts, runs/ranked-list-queries.ts, runs/ranking-changes.ts

import { and, asc, desc, eq, sql, type SQL } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import { isOneOf } from '../shared/db/dialect.ts';
import type { Db } from '../shared/db/store.ts';
import type { End, Ends } from './ends.ts';
import { endsAskedAgain, readOpenEnds } from './ends-queries.ts';
import { factsOf, stateOf } from './kept-columns.ts';
import { keptRules } from './kept-facts.ts';
import { metrics, runs } from './models.ts';
import { ruleFor } from './rules/rule.ts';
import { COUNTED_TO, standingSql } from './rules/value-sql.ts';
import { runConditions, type RunFilter } from './run-filter.ts';
import { isAmong, type Seqs } from './seqs.ts';

const MAX = sql.raw('1.7976931348623157e308');

/** By the rule of the metric; null for NaN. */
export const VALUE: SQL = sql.raw(standingSql('metrics', 'runs'));

/** Not NaN, not ±Infinity. */
export const FINITE_VALUE: SQL = sql`${VALUE} between -${MAX} and ${MAX}`;

export const FINITE_RANK: SQL = sql`${metrics.rank_value} between -${MAX} and ${MAX}`;

const IS_OPEN: SQL = sql`${runs.settled} = 0 and ${runs.trashed_at} is null`;

/** Ended runs and open ones that were found, where what they come to is kept. */
export interface EndsAmong {
  found: Seqs;
  ended: Ends;
  open: Ends;
}

export async function endsAmong(
  db: Db,
  { keptFor, found, trashed }: Omit<RunFilter, 'order'>,
  key: string,
): Promise<EndsAmong | undefined> {
  if (!keptFor || !found || trashed) return undefined;
  const ended = await endsAskedAgain(db, factsOf(keptFor), ruleFor(await keptRules(db, keptFor), key));
  return ended && { found, ended, open: await readOpenEnds(db, stateOf(keptFor), key) };
}

/** Of settled runs those whose rank follows the rule: while a rule that was changed is counted, not all do. */
function isCounted(experiment: number | undefined, key: string): SQL {
  const [before = '', between = '', after = ''] = COUNTED_TO.split('?');
  const to = sql`${sql.raw(before)}${experiment ?? 0}${sql.raw(between)}${key}${sql.raw(after)}`;
  return sql`${metrics.run_seq} <= ${to}`;
}

/** Read beyond what is wanted, at first; and so many times as much where that is not enough. */
const READ_MIN = 64;

const READ_MORE = 4;

/**
 * The settled runs that match, in the order of the index: so many as are wanted, and all that equal the last of them. Of runs
 * that were found already only the index is read.
 */
export async function alongRank(
  db: Db,
  { found, ...filter }: Omit<RunFilter, 'order'>,
  { key, descending, wanted, among }: { key: string; descending: boolean; wanted: number; among: SQL },
): Promise<End[]> {
  const matches = found ? undefined : runConditions(filter);
  for (let limit = wanted + READ_MIN; ; limit *= READ_MORE) {
    const { sql: text, params: values } = db
      .select({ seq: metrics.run_seq, value: metrics.rank_value })
      .from(metrics)
      .innerJoin(runs, eq(runs.seq, metrics.run_seq))
      .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
      .where(
        and(
          eq(metrics.experiment_id, filter.experiment ?? 0),
          eq(metrics.key, key),
          among,
          isCounted(filter.experiment, key),
          matches,
        ),
      )
      .orderBy(descending ? desc(metrics.rank_value) : asc(metrics.rank_value))
      .limit(limit)
      .toSQL();
    const read = (await db.arrays<[number, number]>(text, values)).map(([seq, value]) => ({ seq: Number(seq), value }));
    const passing = found ? read.filter(({ seq }) => isAmong(found, seq)) : read;
    const last = passing[wanted - 1];
    if (read.length < limit || (last && last.value !== read.at(-1)?.value))
      return last ? passing.filter(({ value }, place) => place < wanted || value === last.value) : passing;
  }
}

/** Those of the runs that match which go on; undefined: there are none. Of runs that were found already nothing is asked again. */
export async function openOnes(db: Db, { found, ...filter }: Omit<RunFilter, 'order'>): Promise<SQL | undefined> {
  if (filter.experiment === undefined) return and(IS_OPEN, runConditions({ ...filter, found }));
  const { rows } = await db.execute<{ seq: number }>(
    'select seq from runs where experiment_id = ? and settled = 0 and trashed_at is null',
    [filter.experiment],
  );
  const all = rows.map(({ seq }) => Number(seq));
  const open = found ? all.filter((seq) => isAmong(found, seq)) : all;
  if (open.length === 0) return undefined;
  const isOpen = isOneOf(sql`${runs.seq}`, open);
  return found ? isOpen : and(isOpen, runConditions(filter, true));
}
