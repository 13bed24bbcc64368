// runs/search/run-search.ts
// Purpose: a search for runs, and the places in which it looks.
// Why: whoever makes a search, and each way of answering it, means the same by it.
// Relevant files: runs/search/search-queries.ts, runs/search/ranked-search.ts

import type { SQL } from 'drizzle-orm';
import type { Condition } from '../../shared/search/condition.ts';
import type { View } from '../../shared/search/view.ts';
import type { RunField } from './run-fields.ts';
import type { RunOrder } from './run-order.ts';

export interface RunSearch {
  experiments: number[];
  /** An experiment in the trash has its runs there. */
  view: View;
  where: Condition<RunField>;
  order: RunOrder;
  limit: number;
  offset: number;
  /** The number (`seq`) of the newest run that counts: those that came while pages were turned shift nothing. */
  newest?: number | undefined;
}

/** Where the runs are looked for. */
export interface Places {
  /** The one experiment whose active runs are searched: then indexes give the order. */
  single: number | undefined;
  /** So many runs may be in them. */
  runs: number;
  isInPlace: SQL;
  versions: Map<number, number>;
}
