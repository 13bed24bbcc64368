// experiments/list-queries.ts
// Purpose: the filtered list of experiments: a page of it in its order, and how many there are.
// Why: the page of all experiments and the API list the same by the same words.
// Relevant files: experiments/queries.ts, experiments/list-page.ts, shared/db/paging.ts

import { and, count, inArray, isNull, isNotNull, sql, type SQL } from 'drizzle-orm';
import { afterCursor, orderBy, pageOf, parseOrder, type Order, type Page } from '../shared/db/paging.ts';
import type { Db } from '../shared/db/store.ts';
import { hasTag } from '../tags/queries.ts';
import { experiments, type ExperimentRow, type ExperimentStatus } from './models.ts';

export interface ExperimentFilter {
  q?: string | undefined;
  status?: ExperimentStatus[] | undefined;
  /** `key` or `key=value`; all of them. */
  tag?: string[] | undefined;
  trashed?: boolean | undefined;
  order: string;
}

export async function listExperiments(
  db: Db,
  filter: ExperimentFilter,
  page: Page,
): Promise<{ items: ExperimentRow[]; next_cursor: string | null; total: number }> {
  const order = orderOf(filter.order);
  const matches = conditions(filter);
  const rows = await db
    .select({ row: experiments, order_value: order.by.as('order_value') })
    .from(experiments)
    .where(and(matches, afterCursor(order, page.cursor)))
    .orderBy(...orderBy(order))
    .limit(page.limit + 1)
    .offset(page.offset ?? 0);
  const total = await db.select({ n: count() }).from(experiments).where(matches);
  const { items, next_cursor } = pageOf(rows, page.limit, ({ row }) => row.id);
  return { items: items.map(({ row }) => row), next_cursor, total: total[0]?.n ?? 0 };
}

function orderOf(text: string): Order {
  const { field, descending } = parseOrder(text);
  const columns: Record<string, SQL> = {
    name: sql`lower(${experiments.name})`,
    status: sql`${experiments.status}`,
    created_at: sql`${experiments.created_at}`,
    last_activity_at: sql`${experiments.last_activity_at}`,
    // Written out: among the selected columns Drizzle leaves the table's name away, and `id` would be the run's.
    runs: sql`(select coalesce(sum(r.runs), 0) from experiment_runs r where r.experiment_id = experiments.id and r.trashed = 0)`,
  };
  return { by: columns[field] ?? sql`${experiments.last_activity_at}`, id: sql`${experiments.id}`, descending };
}

function conditions({ q, status, tag, trashed }: ExperimentFilter): SQL | undefined {
  const text = q?.trim().toLowerCase();
  return and(
    trashed ? isNotNull(experiments.trashed_at) : isNull(experiments.trashed_at),
    text
      ? sql`(contains_ci(${experiments.name}, ${text}) or contains_ci(${experiments.description}, ${text}))`
      : undefined,
    status && status.length > 0 ? inArray(experiments.status, status) : undefined,
    ...(tag ?? []).map((one) => hasTag('experiment', sql`${experiments.id}`, one)),
  );
}
