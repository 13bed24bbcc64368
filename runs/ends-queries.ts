// runs/ends-queries.ts
// Purpose: the value of a metric that counts in every run of an experiment, of ended ones read once, and then those that changed.
// Why: groups, pivots, pictures and filters ask for the same values again and again.
// Relevant files: runs/ends.ts, runs/kept-columns.ts, runs/ranking-changes.ts

import { sql } from 'drizzle-orm';
import { bound, isOneOf } from '../shared/db/dialect.ts';
import type { Db } from '../shared/db/store.ts';
import { endsWith, type Ends } from './ends.ts';
import { columnNow, keepColumn, keptColumn, VALUE_BYTES, type State } from './kept-columns.ts';
import type { MetricRule } from './rules/rule.ts';
import { standingSql } from './rules/value-sql.ts';

type Rule = Pick<MetricRule, 'key' | 'countedTo'>;

/** NaN left out. Runs beyond `countedTo` are not counted yet by a rule that was just changed. */
export async function readEnds(db: Db, experiment: State, rule: Rule): Promise<Ends> {
  const known = await endsNow(db, experiment, rule);
  if (known) return known;
  const ends = await askEnds(db, experiment, rule);
  return keepColumn(db, experiment, nameOf(rule), ends, bytesOf(ends));
}

/** As far as they are known: with those of the runs that changed since they were read. */
function endsNow(db: Db, experiment: State, rule: Rule): Promise<Ends | undefined> {
  return columnNow<Ends>(db, experiment, nameOf(rule), async (before, changed) => {
    const value = endsWith(before, changed, await askEnds(db, experiment, rule, changed));
    return { value, bytes: bytesOf(value) };
  });
}

/** `some`: of these runs only, of which others may be in other experiments. */
async function askEnds(db: Db, { id }: State, { key, countedTo }: Rule, some?: readonly number[]): Promise<Ends> {
  // The sign keeps the order by the metric out of it: a few runs are looked up.
  const isOf = some ? sql`${isOneOf(sql`run_seq`, [...some])} and +experiment_id = ${id}` : sql`experiment_id = ${id}`;
  const isCounted = countedTo === null ? sql`` : sql` and run_seq <= ${countedTo}`;
  const rows = await db.arrays<[number, number]>(
    ...bound(sql`select run_seq, rank_value from metrics
      where ${isOf} and key = ${key} and rank_value is not null${isCounted} order by run_seq`),
  );
  return endsIn(rows);
}

function bytesOf({ seqs }: Ends): number {
  return seqs.length * 2 * VALUE_BYTES;
}

/** The same where they are kept. To read them all is worth it for who asks a second time, and will a third; undefined the first time. */
export async function endsAskedAgain(db: Db, experiment: State, rule: Rule): Promise<Ends | undefined> {
  const known = await endsNow(db, experiment, rule);
  if (known) return known;
  const asked = `asked ${nameOf(rule)}`;
  // Who asked for an earlier state asks again, where it will be told what changed.
  if (await columnNow(db, experiment, asked, (value) => Promise.resolve({ value, bytes: 1 })))
    return readEnds(db, experiment, rule);
  keepColumn(db, experiment, asked, true, 1);
  return undefined;
}

/** What the runs that go on stand at; `live`: the state of everything, since each point moves it. */
export async function readOpenEnds(db: Db, live: State, key: string): Promise<Ends> {
  const name = `open metric ${key}`;
  const known = keptColumn<Ends>(db, live, name);
  if (known) return known;
  const rows = (await db.arrays<[number, number | null]>(OPEN, [key, live.id])).filter(([, value]) => value !== null);
  return keepColumn(db, live, name, endsIn(rows), rows.length * 2 * VALUE_BYTES);
}

/** The partial index is taken because its condition stands here literally. */
const OPEN = `select r.seq, ${standingSql('m', 'r')} from runs r join metrics m on m.run_seq = r.seq and m.key = ?
  where r.experiment_id = ? and r.settled = 0 and r.trashed_at is null order by r.seq`;

function endsIn(rows: [number, number | null][]): Ends {
  return {
    seqs: Float64Array.from(rows, ([seq]) => Number(seq)),
    values: Float64Array.from(rows, ([, value]) => Number(value)),
  };
}

function nameOf({ key, countedTo }: Pick<MetricRule, 'key' | 'countedTo'>): string {
  return `metric ${JSON.stringify([key, countedTo])}`;
}
