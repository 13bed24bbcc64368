// runs/ends-queries.ts
// Purpose: the value of a metric that counts in every ended run of an experiment, read once for each state of its facts.
// Why: groups, pivots, pictures and filters ask for the same values again and again.
// Relevant files: runs/ends.ts, runs/kept-columns.ts, runs/ranking-changes.ts

import { and, asc, eq, isNotNull, lte } from 'drizzle-orm';
import type { Db } from '../shared/db/store.ts';
import type { Ends } from './ends.ts';
import { keepColumn, keptColumn, VALUE_BYTES, type State } from './kept-columns.ts';
import { metrics } from './models.ts';
import type { MetricRule } from './rules/rule.ts';

/** NaN left out. Runs beyond `countedTo` are not counted yet by a rule that was just changed. */
export async function readEnds(
  db: Db,
  experiment: State,
  { key, countedTo }: Pick<MetricRule, 'key' | 'countedTo'>,
): Promise<Ends> {
  const name = `metric ${JSON.stringify([key, countedTo])}`;
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
  const ends = {
    seqs: Float64Array.from(rows, ([seq]) => Number(seq)),
    values: Float64Array.from(rows, ([, value]) => Number(value)),
  };
  return keepColumn(db, experiment, name, ends, rows.length * 2 * VALUE_BYTES);
}

/** All ended runs are counted by the metric's rule: null, else up to which. */
export async function countedTo(db: Db, experiment: number, key: string): Promise<number | null> {
  const { rows } = await db.execute<{ counted_to: number | null }>(
    'select counted_to from metric_rules where experiment_id = ? and key = ?',
    [experiment, key],
  );
  return rows[0]?.counted_to ?? null;
}
