// runs/query/query-sql.ts
// Purpose: a filter as an SQL condition on `runs`.
// Why: free words are searched along indexes (runs/run-filter.ts), all else is looked up run by run; both may stand in one filter.
// Relevant files: runs/run-filter.ts, runs/query/parser.ts, shared/search/condition-sql.ts

import { sql, type SQL } from 'drizzle-orm';
import { plainLeaf, treeSql, type Leaf } from '../../shared/search/condition-sql.ts';
import { tableSource, type RunField } from '../search/run-fields.ts';
import type { Query } from './leaves.ts';
import { rankedLeaf } from './ranked-sql.ts';

/** `hasWords`: the condition that a run has this text in its name, notes or tags. `experiment`: all runs are of this one. */
export function querySql(query: Query, hasWords: (text: string) => SQL, experiment?: number): SQL {
  return treeSql(query, (leaf) => {
    if (isOfField(leaf)) return rankedLeaf(leaf, plainLeaf(leaf, tableSource), experiment);
    const text = leaf.test.op === 'contains' ? leaf.test.text.trim().toLowerCase() : '';
    return text === '' ? sql`1 = 1` : hasWords(text);
  });
}

function isOfField(leaf: Leaf<RunField | { of: 'words' }>): leaf is Leaf<RunField> {
  return leaf.field.of !== 'words';
}
