// decisions/queries.ts
// Purpose: every read of decisions: of an experiment, or one.
// Why: the experiment page, the decisions' own pages and the API read them here.
// Relevant files: decisions/models.ts, decisions/changes.ts

import { and, asc, count, desc, eq, isNotNull, isNull, sql, type SQL } from 'drizzle-orm';
import { afterCursor, orderBy, pageOf, type Order, type Page } from '../shared/db/paging.ts';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { notFound, trashedProblem } from '../shared/errors.ts';
import { decisions, type DecisionRow } from './models.ts';

function conditionOf(experiment: number, trashed = false): SQL | undefined {
  return and(
    eq(decisions.experiment_id, experiment),
    trashed ? isNotNull(decisions.trashed_at) : isNull(decisions.trashed_at),
  );
}

export async function countDecisions(db: Db, experiment: number, trashed = false): Promise<number> {
  const rows = await db.select({ n: count() }).from(decisions).where(conditionOf(experiment, trashed));
  return one(rows).n;
}

/** The newest first. */
export async function latestDecisions(db: Db, experiment: number, limit: number): Promise<DecisionRow[]> {
  return db.select().from(decisions).where(conditionOf(experiment)).orderBy(desc(decisions.id)).limit(limit);
}

export interface DecisionList {
  items: DecisionRow[];
  next_cursor: string | null;
  total: number;
}

/** The newest first, page by page. */
export async function listDecisions(
  db: Db,
  { experiment, trashed }: { experiment: number; trashed: boolean },
  { limit, offset = 0, cursor }: Page,
): Promise<DecisionList> {
  const order: Order = { by: sql`${decisions.id}`, descending: true, id: sql`${decisions.id}` };
  const rows = await db
    .select({ row: decisions, order_value: sql<number>`${decisions.id}`.as('order_value') })
    .from(decisions)
    .where(and(conditionOf(experiment, trashed), afterCursor(order, cursor)))
    .orderBy(...orderBy(order), asc(decisions.id))
    .limit(limit + 1)
    .offset(offset);
  const { items, next_cursor } = pageOf(rows, limit, ({ row }) => row.id);
  return {
    items: items.map(({ row }) => row),
    next_cursor,
    total: await countDecisions(db, experiment, trashed),
  };
}

export async function findDecision(db: Db, id: number): Promise<DecisionRow | undefined> {
  const [row] = await db.select().from(decisions).where(eq(decisions.id, id));
  return row;
}

/** One that is not in the trash, or a 404. */
export async function requireDecision(db: Db, id: number): Promise<DecisionRow> {
  const row = await findDecision(db, id);
  if (!row) throw notFound(`Decision ${id}`);
  if (row.trashed_at !== null)
    throw trashedProblem(404, `Decision ${id} is in the trash: restore it first.`, `/decisions/${id}/restore`);
  return row;
}
