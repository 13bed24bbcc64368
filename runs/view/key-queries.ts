// runs/view/key-queries.ts
// Purpose: what is asked of an experiment's keys to choose columns: how metrics vary, which keys contain a text.
// Why: two looks into an index for each key, and a search on the server, so that ten thousand keys stay usable.
// Relevant files: runs/view/default-columns.ts, runs/view/chosen-columns.ts, runs/ranking-changes.ts

import type { Db } from '../../shared/db/store.ts';
import type { MetricSpread } from './default-columns.ts';

/** Of more metrics than that only these, the first by name, are looked at. */
const METRICS_MAX = 500;

/** Least and largest value that ended runs end with, from both ends of the index for each key. */
export async function metricSpreads(db: Db, experiment: number): Promise<MetricSpread[]> {
  const end = (what: string): string =>
    `(select ${what}(m.rank_value) from metrics m where m.experiment_id = k.experiment_id and m.key = k.key and m.rank_value is not null)`;
  const { rows } = await db.execute<MetricSpread>(
    `select k.key as key, ${end('min')} as min, ${end('max')} as max
      from (select experiment_id, key from experiment_metrics where experiment_id = ? order by key limit ?) k`,
    [experiment, METRICS_MAX],
  );
  return rows;
}
