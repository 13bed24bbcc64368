// runs/view/table-filter.ts
// Purpose: the runs that a view of an experiment's table is about, as a filter.
// Why: the page, its files and the chooser of columns mean the same runs.
// Relevant files: runs/page-schemas.ts, runs/run-filter.ts, runs/view/table-file.ts, runs/table/experiment-page.ts

import { splitTrash } from '../../shared/http/list-view.ts';
import type { TableQuery } from '../page-schemas.ts';
import type { RunFilter } from '../run-filter.ts';

/** `experiment` undefined: runs of all of them. */
export function tableFilter(experiment: number | undefined, { q, where, status, tag, order }: TableQuery): RunFilter {
  const { trashed, states } = splitTrash(status);
  return { experiment, q, where, status: states, tag, order, trashed };
}
