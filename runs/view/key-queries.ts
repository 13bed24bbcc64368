// runs/view/key-queries.ts
// Purpose: what is asked of an experiment's keys to choose columns: how metrics vary, which keys contain a text.
// Why: two looks into an index for each key, and a search on the server, so that ten thousand keys stay usable.
// Relevant files: runs/view/default-columns.ts, runs/view/chosen-columns.ts, runs/ranking-changes.ts

import { inMarks } from '../../shared/db/marks.ts';
import type { Db } from '../../shared/db/store.ts';
import { ColumnKind } from './columns.ts';
import type { MetricSpread } from './default-columns.ts';

/** Of more metrics than that only these, the first by name, are looked at. */
const METRICS_MAX = 500;

/** Least and largest value that ended runs end with, from both ends of the index for each key; `keys` undefined: of all metrics. */
export async function metricSpreads(db: Db, experiment: number, keys?: readonly string[]): Promise<MetricSpread[]> {
  const end = (what: string): string =>
    `(select ${what}(m.rank_value) from metrics m where m.experiment_id = k.experiment_id and m.key = k.key and m.rank_value is not null)`;
  const { marks, values } = keys?.length ? inMarks(keys) : { marks: '', values: [] };
  const asked = keys?.length ? `and key in (${marks})` : '';
  const { rows } = await db.execute<MetricSpread>(
    `select k.key as key, ${end('min')} as min, ${end('max')} as max, (select count(*) from (select 1 from metrics m
        where m.experiment_id = k.experiment_id and m.key = k.key and m.rank_value is not null limit 2) few) as ended
      from (select experiment_id, key from experiment_metrics where experiment_id = ? ${asked} order by key limit ${METRICS_MAX}) k`,
    [experiment, ...values],
  );
  return rows.map((row) => ({ ...row, ended: Number(row.ended) }));
}

export interface FoundKeys {
  items: { key: string; runs: number | null; values: number | null }[];
  total: number;
}

/** Params, metrics or tags of an experiment whose key contains `text` (in lower case), by name; at most `limit` of them. */
export async function findKeys(
  db: Db,
  experiment: number,
  kind: ColumnKind,
  text: string,
  limit: number,
): Promise<FoundKeys> {
  if (kind === ColumnKind.Fact) return { items: [], total: 0 };
  const from = {
    [ColumnKind.Param]: `select key, runs, variety as "values" from experiment_keys where experiment_id = ? and kind = 'param' and runs > 0`,
    [ColumnKind.Metric]: `select key, null as runs, null as "values" from experiment_metrics where experiment_id = ?`,
    [ColumnKind.Tag]: `select t.key, k.runs, k.variety as "values" from experiment_keys k join tags t on k.key = cast(t.id as text)
      where k.experiment_id = ? and k.kind = 'tag' and k.runs > 0 and t.trashed_at is null`,
  }[kind];
  const matches = `from (${from}) k where ? = '' or contains_ci(k.key, ?)`;
  const values = [experiment, text, text];
  const { rows } = await db.execute<FoundKeys['items'][number]>(`select k.* ${matches} order by k.key limit ?`, [...values, limit]); // prettier-ignore
  const sums = await db.execute<{ n: number }>(`select count(*) as n ${matches}`, values);
  return { items: rows, total: Number(sums.rows[0]?.n ?? 0) };
}
