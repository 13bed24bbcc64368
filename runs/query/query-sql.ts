// runs/query/query-sql.ts
// Purpose: a filter as an SQL condition on `runs`.
// Why: free words are searched along indexes (runs/run-filter.ts), all else is looked up run by run; both may stand in one filter.
// Relevant files: runs/run-filter.ts, runs/query/parser.ts, shared/search/condition-sql.ts

import { and, not, or, sql, type SQL } from 'drizzle-orm';
import { conditionSql, plainLeaf, treeSql } from '../../shared/search/condition-sql.ts';
import type { Condition } from '../../shared/search/condition.ts';
import { runs } from '../models.ts';
import { runSource, tableSource, type RunField } from '../search/run-fields.ts';
import type { Query } from './leaves.ts';
import { rankedLeaf } from './ranked-sql.ts';

/** `hasWords`: the condition that a run has this text in its name, notes or tags. `experiment`: all runs are of this one. */
export function querySql(query: Query, hasWords: (text: string) => SQL, experiment?: number): SQL {
  if (isWordless(query)) return experiment === undefined ? ofAll(query) : ofOne(query, experiment);
  const within = (one: Query): SQL => querySql(one, hasWords, experiment);
  if ('and' in query) return sql`(${and(...query.and.map(within))})`;
  if ('or' in query) return sql`(${or(...query.or.map(within))})`;
  if ('not' in query) return not(within(query.not));
  const text = query.test.op === 'contains' ? query.test.text.trim().toLowerCase() : '';
  return text === '' ? sql`1 = 1` : hasWords(text);
}

/** The runs of all experiments are gone through along an index that has little of them: the row is looked up besides. */
function ofAll(query: Condition<RunField>): SQL {
  return sql`exists (select 1 from runs r where r.seq = ${runs.seq} and ${conditionSql(query, runSource)})`;
}

function ofOne(query: Condition<RunField>, experiment: number): SQL {
  return treeSql(query, (leaf) => rankedLeaf(leaf, plainLeaf(leaf, tableSource), experiment));
}

function isWordless(query: Query): query is Condition<RunField> {
  if ('and' in query) return query.and.every(isWordless);
  if ('or' in query) return query.or.every(isWordless);
  if ('not' in query) return isWordless(query.not);
  return query.field.of !== 'words';
}
