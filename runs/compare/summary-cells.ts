// runs/compare/summary-cells.ts
// Purpose: the summaries of many runs as plain arrays, one for each run and metric.
// Why: a comparison of 100 runs has 10,000 of them and shows a few fields of each; an object apiece, with its points, took half of the page's time.
// Relevant files: runs/compare/compare.ts, runs/compare/metric-cells.ts, runs/models.ts

import { sql } from 'drizzle-orm';
import { bound, isOneOf } from '../../shared/db/dialect.ts';
import type { Db } from '../../shared/db/store.ts';
import type { Counted } from '../rules/rule.ts';
import { fromStored } from '../values.ts';

/** What a page shows of a summary; each field costs ten thousand reads. */
export type SummaryCells = [
  run_seq: number,
  key: string,
  experiment_id: number,
  count: number,
  last_value: number,
  last_kind: number,
  last_step: number,
  min_value: number | null,
  max_value: number | null,
  nonfinite_count: number,
  nonfinite_step: number | null,
];

/** Of these runs (`seq`), in no order. */
export async function summaryCells(db: Db, seqs: readonly number[]): Promise<SummaryCells[]> {
  if (seqs.length === 0) return [];
  return db.arrays<SummaryCells>(
    ...bound(sql`select m.run_seq, m.key, m.experiment_id, m.count, m.last_value, m.last_kind, m.last_step,
      m.min_value, m.max_value, m.nonfinite_count, m.nonfinite_step
      from metrics m where ${isOneOf(sql`m.run_seq`, seqs)}`),
  );
}

export function countOf({ 3: count }: SummaryCells): number {
  return count;
}

export function lastOf({ 4: value, 5: kind, 6: step }: SummaryCells): Counted {
  return { value: fromStored(value, kind), step };
}

export function extremesOf({ 7: min, 8: max }: SummaryCells): { min: number | null; max: number | null } {
  return { min, max };
}

export function nonfiniteOf({ 9: count, 10: step }: SummaryCells): { count: number; step: number | null } {
  return { count, step };
}
