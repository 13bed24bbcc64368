// runs/query/ranked-sql.ts
// Purpose: a bound of the value that counts (`metrics.val/accuracy > 0.9`) by the index of ended runs, in one experiment.
// Why: it is the filter that people write most; run by run a page of 10,000 runs pays 2 µs and more for each, along the index 0.2.
// Relevant files: runs/query/query-sql.ts, runs/ranking-changes.ts, runs/rules/value-sql.ts

import { sql, type SQL } from 'drizzle-orm';
import type { Leaf } from '../../shared/search/condition-sql.ts';
import type { Test } from '../../shared/search/condition.ts';
import type { RunField } from '../search/run-fields.ts';
import { BARE_METRIC } from './fields.ts';

/**
 * The same test as `plain`. Ended runs stand in `metrics_rank`, those that log do not; and while a changed rule is counted again,
 * no run is asked there. Another kind of test stays as it is.
 */
export function rankedLeaf(leaf: Leaf<RunField>, plain: SQL, experiment: number): SQL {
  const bound = boundIn(leaf);
  if (!bound) return plain;
  const isOfKey = (row: SQL): SQL => sql`${row}.experiment_id = ${experiment} and ${row}.key = ${bound.key}`;
  const isCounted = sql`not exists (select 1 from metric_rules u where ${isOfKey(sql`u`)} and u.counted_to is not null)`;
  const passing = sql`select m.run_seq from metrics m where ${isOfKey(sql`m`)} and m.rank_value is not null
    and m.rank_value ${sql.raw(bound.op)} ${bound.value}`;
  return sql`(case when runs.settled = 1 and ${isCounted} then runs.seq in (${passing}) else ${plain} end)`;
}

/** A test of a metric that a rank answers. */
export interface RankBound {
  key: string;
  op: '=' | '<' | '<=' | '>' | '>=';
  value: number;
}

export function boundIn({
  field,
  test,
}: { field: { of: string }; test: Test } | Leaf<RunField>): RankBound | undefined {
  if (field.of !== 'metric' || !('key' in field) || field.value !== BARE_METRIC) return undefined;
  if (!('value' in test) || typeof test.value !== 'number' || test.op === '!=') return undefined;
  return { key: field.key, op: test.op, value: test.value };
}
