// runs/view/table-queries.ts
// Purpose: summaries of many runs for the files of a table, by one prepared statement.
// Why: ten thousand runs with a hundred metrics are a million rows; the builder's rows cost several times as much.
// Relevant files: runs/view/table-file.ts, runs/rules/rule-queries.ts, shared/db/dialect.ts

import { sql } from 'drizzle-orm';
import { bound, isOneOf } from '../../shared/db/dialect.ts';
import type { Db } from '../../shared/db/store.ts';
import type { MetricRow } from '../models.ts';

/** As `metricsOf`, in no order. */
export async function summariesOf(db: Db, ids: string[], keys: string[]): Promise<MetricRow[]> {
  if (keys.length === 0) return [];
  const { rows } = await db.execute<MetricRow>(
    ...bound(sql`select m.*, r.id as run_id from runs r join metrics m on m.run_seq = r.seq
      where ${isOneOf(sql`r.id`, ids)} and ${isOneOf(sql`m.key`, keys)}`),
  );
  return rows;
}
