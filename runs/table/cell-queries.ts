// runs/table/cell-queries.ts
// Purpose: params, metrics and tags of the runs of a page, as cells need them and nothing else.
// Why: hundreds of whole rows made into objects took longer than finding them; here each is a short array of one prepared statement.
// Relevant files: runs/table/table.ts, runs/queries.ts, runs/rules/rule-queries.ts

import { sql, type SQL } from 'drizzle-orm';
import { bound, isOneOf, onPostgres } from '../../shared/db/dialect.ts';
import type { Db } from '../../shared/db/store.ts';
import { tagsOfRuns, type HungTag } from '../../tags/queries.ts';
import type { RunRow } from '../models.ts';
import { metricsOf } from '../metric-queries.ts';
import { ruleFor, Takes, type RuleBook } from '../rules/rule.ts';
import { withCounted, type CountedMetric } from '../rules/rule-queries.ts';
import { fromStored } from '../values.ts';

/** What a cell shows of a metric. */
export type CellMetric = Pick<CountedMetric, 'counts' | 'nonfinite_count' | 'nonfinite_step'>;

export interface TableRow {
  run: RunRow;
  params: Map<string, string>;
  metrics: Map<string, CellMetric>;
  tags: HungTag[];
}

export async function readRows(
  db: Db,
  runs: RunRow[],
  { params: paramKeys, metrics: metricKeys, rules }: { params: string[]; metrics: string[]; rules: RuleBook },
): Promise<TableRow[]> {
  const ids = runs.map((run) => run.id);
  const isLast = metricKeys.every((key) => ruleFor(rules, key).takes === Takes.Last);
  const [params, metrics, tags] = await Promise.all([
    paramCells(db, ids, paramKeys),
    isLast ? lastCells(db, runs, metricKeys) : countedCells(db, runs, metricKeys, rules),
    tagsOfRuns(db, ids),
  ]);
  return runs.map((run) => ({
    run,
    params: new Map(params.get(run.id)),
    metrics: new Map(metrics.get(run.seq)),
    tags: tags.get(run.id) ?? [],
  }));
}

type Cells<Owner, T> = Map<Owner, [key: string, cell: T][]>;

async function paramCells(db: Db, ids: string[], keys: string[]): Promise<Cells<string, string>> {
  if (ids.length === 0 || keys.length === 0) return new Map();
  const rows = await db.arrays<[run: string, key: string, value: string]>(
    ...bound(
      sql`select run_id, key, value from params where ${isOneOf(sql`run_id`, ids)} and ${isOneOf(sql`key`, keys)}`,
    ),
  );
  return byOwner(rows.map(([run, key, value]) => [run, key, value]));
}

type LastRow = [
  ...[run: number, key: string, nonfinite: number, nonfiniteStep: number | null],
  ...[value: number, kind: number, step: number],
];

/** The last value counts of all of them, as it nearly always does. */
async function lastCells(db: Db, runs: RunRow[], keys: string[]): Promise<Cells<number, CellMetric>> {
  if (runs.length === 0 || keys.length === 0) return new Map();
  const seqs = runs.map(({ seq }) => seq);
  const rows = await db.arrays<LastRow>(
    ...bound(sql`select run_seq, key, nonfinite_count, nonfinite_step, last_value, last_kind, last_step
      from metrics where ${isPair(seqs, keys)}`),
  );
  return byOwner(
    rows.map(([run, key, nonfinite_count, nonfinite_step, value, kind, step]) => [
      run,
      key,
      { nonfinite_count, nonfinite_step, counts: { value: fromStored(value, kind), step } },
    ]),
  );
}

/** For SQLite in pairs: by the keys alone it reads all metrics of each run, and leaves out most. */
function isPair(seqs: number[], keys: string[]): SQL {
  if (onPostgres) return sql`${isOneOf(sql`run_seq`, seqs)} and ${isOneOf(sql`key`, keys)}`;
  return sql`(run_seq, key) in (select s.value, k.value
    from json_each(${JSON.stringify(seqs)}) s cross join json_each(${JSON.stringify(keys)}) k)`;
}

async function countedCells(
  db: Db,
  runs: RunRow[],
  keys: string[],
  rules: RuleBook,
): Promise<Cells<number, CellMetric>> {
  const ids = runs.map(({ id }) => id);
  const counted = await withCounted(db, rules, await metricsOf(db, ids, keys));
  return byOwner(counted.map((metric) => [metric.run_seq, metric.key, metric]));
}

function byOwner<Owner, T>(rows: [owner: Owner, key: string, cell: T][]): Cells<Owner, T> {
  const found: Cells<Owner, T> = new Map();
  for (const [owner, key, cell] of rows) {
    const own = found.get(owner);
    if (own) own.push([key, cell]);
    else found.set(owner, [[key, cell]]);
  }
  return found;
}
