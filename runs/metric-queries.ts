// runs/metric-queries.ts
// Purpose: summaries of metrics: of many runs, a page of one run's, one by its key.
// Why: pages read summaries only, so they cost the same however many points there are.
// Relevant files: runs/summary.ts, runs/points.ts, runs/models.ts

import { and, asc, count, eq, getTableColumns, sql, type SQL } from 'drizzle-orm';
import { bound, isOneOf, onPostgres } from '../shared/db/dialect.ts';
import type { Db } from '../shared/db/store.ts';
import { notFound } from '../shared/errors.ts';
import { inGroups } from './in-groups.ts';
import { metrics, runs, type MetricRow } from './models.ts';

/** A summary with the id of its run, as `MetricRow` has it. */
const SUMMARY = { ...getTableColumns(metrics), run_id: runs.id };

/** Summaries of runs, by key; `keys` undefined: all of them. */
export async function metricsOf(db: Db, runIds: string[], keys?: string[]): Promise<MetricRow[]> {
  return inGroups(runIds, async (some) => {
    const isOfRuns = isOneOf(sql`r.id`, some);
    const { rows } = await db.execute<MetricRow>(
      ...bound(sql`select m.*, r.id as run_id from runs r join metrics m on m.run_seq = r.seq
        where ${isOfRuns}${keys ? sql` and ${isOfKeys(isOfRuns, keys)}` : sql``} order by m.key`),
    );
    return rows;
  });
}

/** For SQLite in pairs: by the keys alone it reads all metrics of each run, and leaves out most. */
function isOfKeys(isOfRuns: SQL, keys: string[]): SQL {
  if (onPostgres) return isOneOf(sql`m.key`, keys);
  return sql`(m.run_seq, m.key) in (select r.seq, k.value
    from runs r cross join json_each(${JSON.stringify(keys)}) k where ${isOfRuns})`;
}

/** A page of a run's summaries by key, and how many there are and how many points they sum up. */
export async function metricPage(
  db: Db,
  runId: string,
  { find, limit }: { find?: string | undefined; limit: number },
): Promise<{ items: MetricRow[]; total: number; points: number }> {
  const text = find?.trim().toLowerCase();
  const matches = and(eq(runs.id, runId), text ? sql`contains_ci(${metrics.key}, ${text})` : undefined);
  const items = await db
    .select(SUMMARY)
    .from(metrics)
    .innerJoin(runs, eq(runs.seq, metrics.run_seq))
    .where(matches)
    .orderBy(asc(metrics.key))
    .limit(limit);
  const sums = await db
    .select({ total: count(), points: sql<number>`coalesce(sum(${metrics.count}), 0)` })
    .from(metrics)
    .innerJoin(runs, eq(runs.seq, metrics.run_seq))
    .where(matches);
  return { items, total: sums[0]?.total ?? 0, points: sums[0]?.points ?? 0 };
}

/** By one prepared statement: each curve that is asked for begins with it. */
export async function findMetric(db: Db, runId: string, key: string): Promise<MetricRow | undefined> {
  const { rows } = await db.execute<MetricRow>(
    'select m.*, r.id as run_id from metrics m join runs r on r.seq = m.run_seq where r.id = ? and m.key = ?',
    [runId, key],
  );
  return rows[0];
}

/** The summary of a run's metric, or a 404 that names what there is. */
export async function requireMetric(db: Db, runId: string, key: string): Promise<MetricRow> {
  const row = await findMetric(db, runId, key);
  if (!row) throw notFound(`Metric ${JSON.stringify(key)} of run ${runId}`);
  return row;
}
