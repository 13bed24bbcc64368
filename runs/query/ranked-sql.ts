// runs/query/ranked-sql.ts
// Purpose: a bound of the value that counts (`metrics.val/accuracy > 0.9`) by the index of ended runs, in one experiment.
// Why: it is the filter that people write most; run by run a page of 10,000 runs pays 2 µs and more for each, along the index 0.2.
// Relevant files: runs/query/query-sql.ts, runs/ranking-changes.ts, runs/rules/value-sql.ts

import { sql, type SQL } from 'drizzle-orm';
import type { Leaf } from '../../shared/search/condition-sql.ts';
import type { Test } from '../../shared/search/condition.ts';
import type { RunField } from '../search/run-fields.ts';
import { BARE_METRIC } from './fields.ts';

const SIGNS = new Set(['=', '<', '<=', '>', '>=']);

/**
 * The same test as `plain`. Ended runs stand in `metrics_rank`, those that log do not; and while a changed rule is counted again,
 * no run is asked there. Another kind of test stays as it is.
 */
export function rankedLeaf({ field, test }: Leaf<RunField>, plain: SQL, experiment: number): SQL {
  const isRanked = field.of === 'metric' && field.value === BARE_METRIC && isBound(test);
  if (!isRanked) return plain;
  const isOfKey = (row: SQL): SQL => sql`${row}.experiment_id = ${experiment} and ${row}.key = ${field.key}`;
  const isCounted = sql`not exists (select 1 from metric_rules u where ${isOfKey(sql`u`)} and u.counted_to is not null)`;
  const passing = sql`select m.run_seq from metrics m where ${isOfKey(sql`m`)} and m.rank_value is not null
    and m.rank_value ${sql.raw(test.op)} ${test.value}`;
  return sql`(case when runs.settled = 1 and ${isCounted} then runs.seq in (${passing}) else ${plain} end)`;
}

function isBound(test: Test): test is Extract<Test, { value: string | number }> {
  return 'value' in test && SIGNS.has(test.op) && typeof test.value === 'number';
}
