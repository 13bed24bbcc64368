// experiments/search-queries.ts
// Purpose: finds the experiments that a condition tree means, in the order asked for, page by page.
// Why: MLflow's search of experiments asks here, as its search of runs asks runs/search/.
// Relevant files: shared/search/condition-sql.ts, mlflow/experiment-filter.ts, experiments/queries.ts

import { sql, type SQL } from 'drizzle-orm';
import { bound } from '../shared/db/dialect.ts';
import type { Db } from '../shared/db/store.ts';
import type { Condition, OrderKey } from '../shared/search/condition.ts';
import { conditionSql, type Source } from '../shared/search/condition-sql.ts';
import type { View } from '../shared/search/view.ts';
import { tagsOfExperiments, type HungTag } from '../tags/queries.ts';
import type { ExperimentRow } from './models.ts';
import { experimentsById } from './queries.ts';

export type ExperimentOrderField = { of: 'experiment'; name: 'id' | 'name' | 'created_at' | 'updated_at' };
export type ExperimentField =
  ExperimentOrderField | { of: 'experiment'; name: 'description' } | { of: 'tag'; key: string };
export type ExperimentOrder = OrderKey<ExperimentOrderField>[];

export interface ExperimentSearch {
  view: View;
  where: Condition<ExperimentField>;
  order: ExperimentOrder;
  limit: number;
  offset: number;
  /** One that is found as if it were there, made at time 0, while it is not. */
  always?: { id: number; name: string };
}

export interface FoundExperiment {
  row: ExperimentRow;
  tags: HungTag[];
}

/** `undefined` stands for the one that is always there. */
export async function searchExperiments(
  db: Db,
  search: ExperimentSearch,
): Promise<{ items: (FoundExperiment | undefined)[]; hasMore: boolean }> {
  const order = search.order.map(({ field, descending }) => {
    const { column } = sourceOf(field);
    return descending ? sql`${column} desc` : sql`${column} asc`;
  });
  const query = sql`select e.id from (${allOf(search)}) e where ${IN_VIEW[search.view]} and ${conditionSql(search.where, sourceOf)}
    order by ${sql.join(order, sql`, `)} limit ${search.limit + 1} offset ${search.offset}`;
  const { rows } = await db.execute<{ id: number }>(...bound(query));
  const ids = rows.slice(0, search.limit).map(({ id }) => id);
  const found = await experimentsById(db, ids);
  const tags = await tagsOfExperiments(db, ids);
  const items = ids.map((id) => {
    const row = found.get(id);
    return row && { row, tags: tags.get(id) ?? [] };
  });
  return { items, hasMore: rows.length > search.limit };
}

const IN_VIEW: Record<View, SQL> = {
  active: sql`e.trashed_at is null`,
  trashed: sql`e.trashed_at is not null`,
  all: sql`1 = 1`,
};

/** What is being removed for ever is not found. */
function allOf({ always }: ExperimentSearch): SQL {
  const columns = sql`id, name, description, created_at, updated_at, trashed_at`;
  const real = sql`select ${columns} from experiments where purge_at is null`;
  if (!always) return real;
  const { id, name } = always;
  return sql`${real} union all select ${id}, ${name}, '', 0, 0, null where not exists (select 1 from experiments where id = ${id})`;
}

function sourceOf(field: ExperimentField): Source {
  if (field.of === 'experiment') return COLUMNS[field.name];
  return {
    column: sql`h.value`,
    from: sql`experiment_tags h where h.experiment_id = e.id
      and h.tag_id = (select t.id from tags t where t.key = ${field.key} and t.trashed_at is null)`,
  };
}

const COLUMNS = {
  id: { column: sql`e.id`, isWhole: true },
  name: { column: sql`e.name` },
  description: { column: sql`nullif(e.description, '')` },
  created_at: { column: sql`e.created_at`, isWhole: true },
  updated_at: { column: sql`e.updated_at`, isWhole: true },
};
