// exports/queries.ts
// Purpose: the reads of exports: runs in bounded groups, the keys that make columns, the log of past exports.
// Why: all SQL of the feature is here; nothing of it holds more than a group in memory.
// Relevant files: exports/models.ts, exports/changes.ts, runs/queries.ts, runs/run-filter.ts

import { and, count, desc, eq, inArray } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import { metrics, params, runs, type RunRow } from '../runs/models.ts';
import { runsById } from '../runs/queries.ts';
import { withoutOrder } from '../runs/query/where.ts';
import { orderOf, runConditions, runOrder, type RunFilter } from '../runs/run-filter.ts';
import { afterCursor, orderBy, pageOf, thenColumns } from '../shared/db/paging.ts';
import type { Db } from '../shared/db/store.ts';
import { exportLog, type ExportRow } from './models.ts';
import { breathe } from '../shared/heavy/pieces.ts';

/** Ids of a filter read at once: each window sorts all matching runs again, each id is 32 characters. */
const IDS_AT_ONCE = 2_000;
/** Runs read at once with all they have: notes alone may be 200,000 characters each. */
const RUNS_AT_ONCE = 25;

/** The ids that a filter finds, in its order, window by window. */
async function* idWindows(db: Db, filter: RunFilter): AsyncGenerator<string[]> {
  const order = runOrder(orderOf(filter));
  let cursor: string | null = null;
  do {
    const rows: { id: string; order_value: unknown; order_then: Record<string, unknown> }[] = await db
      .select({ id: runs.id, order_value: order.by.as('order_value'), order_then: thenColumns(order) })
      .from(runs)
      .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
      .where(and(runConditions(filter), afterCursor(order, cursor ?? undefined)))
      .orderBy(...orderBy(order))
      .limit(IDS_AT_ONCE + 1);
    const page = pageOf(rows, IDS_AT_ONCE, (row) => row.id);
    if (page.items.length > 0) yield page.items.map((row) => row.id);
    cursor = page.next_cursor;
    await breathe();
  } while (cursor);
}

/** The runs of a filter in its order, a few at a time. */
export async function* runGroups(db: Db, filter: RunFilter): AsyncGenerator<RunRow[]> {
  for await (const ids of idWindows(db, filter)) {
    for (let start = 0; start < ids.length; start += RUNS_AT_ONCE) {
      yield await runsById(db, ids.slice(start, start + RUNS_AT_ONCE));
      await breathe();
    }
  }
}

/** The param and metric keys that at least one run of the filter has, sorted. */
export async function runKeys(db: Db, filter: RunFilter): Promise<{ params: string[]; metrics: string[] }> {
  const keys = { params: new Set<string>(), metrics: new Set<string>() };
  for await (const ids of idWindows(db, { ...filter, where: withoutOrder(filter.where ?? ''), order: 'number' })) {
    for (let start = 0; start < ids.length; start += 250) {
      const some = ids.slice(start, start + 250);
      const ofParams = await db.selectDistinct({ key: params.key }).from(params).where(inArray(params.run_id, some));
      const ofMetrics = await db
        .selectDistinct({ key: metrics.key })
        .from(metrics)
        .innerJoin(runs, eq(runs.seq, metrics.run_seq))
        .where(inArray(runs.id, some));
      for (const { key } of ofParams) keys.params.add(key);
      for (const { key } of ofMetrics) keys.metrics.add(key);
      await breathe();
    }
  }
  return { params: [...keys.params].sort(), metrics: [...keys.metrics].sort() };
}

/** Past exports, the latest first. */
export async function listExports(
  db: Db,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ items: ExportRow[]; total: number }> {
  const items = await db.select().from(exportLog).orderBy(desc(exportLog.id)).limit(limit).offset(offset);
  const total = await db.select({ n: count() }).from(exportLog);
  return { items, total: total[0]?.n ?? 0 };
}
