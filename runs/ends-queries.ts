// runs/ends-queries.ts
// Purpose: the value of a metric that counts in every run of an experiment, of ended ones read once for each state of its facts.
// Why: groups, pivots, pictures and filters ask for the same values again and again.
// Relevant files: runs/ends.ts, runs/kept-columns.ts, runs/ranking-changes.ts

import { and, asc, eq, isNotNull, lte } from 'drizzle-orm';
import type { Db } from '../shared/db/store.ts';
import type { Ends } from './ends.ts';
import { keepColumn, keptColumn, VALUE_BYTES, type State } from './kept-columns.ts';
import { metrics } from './models.ts';
import type { MetricRule } from './rules/rule.ts';
import { standingSql } from './rules/value-sql.ts';

/** NaN left out. Runs beyond `countedTo` are not counted yet by a rule that was just changed. */
export async function readEnds(db: Db, experiment: State, rule: Pick<MetricRule, 'key' | 'countedTo'>): Promise<Ends> {
  const { key, countedTo } = rule;
  const name = nameOf(rule);
  const known = keptColumn<Ends>(db, experiment, name);
  if (known) return known;
  const { sql: text, params: values } = db
    .select({ seq: metrics.run_seq, value: metrics.rank_value })
    .from(metrics)
    .where(
      and(
        eq(metrics.experiment_id, experiment.id),
        eq(metrics.key, key),
        isNotNull(metrics.rank_value),
        countedTo === null ? undefined : lte(metrics.run_seq, countedTo),
      ),
    )
    .orderBy(asc(metrics.run_seq))
    .toSQL();
  const rows = await db.arrays<[number, number]>(text, values);
  return keepColumn(db, experiment, name, endsIn(rows), rows.length * 2 * VALUE_BYTES);
}

/** The same where they are kept. To read them all is worth it for who asks a second time, and will a third; undefined the first time. */
export async function endsAskedAgain(
  db: Db,
  experiment: State,
  rule: Pick<MetricRule, 'key' | 'countedTo'>,
): Promise<Ends | undefined> {
  const asked = `asked ${nameOf(rule)}`;
  if (keptColumn(db, experiment, nameOf(rule)) || keptColumn(db, experiment, asked))
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
