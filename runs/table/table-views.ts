// runs/table/table-views.ts
// Purpose: what all tables and pages of runs share: links that change one thing of an address, a run by its name, a comparison, a note on NaN.
// Why: a run is named and linked in the same way wherever it is shown.
// Relevant files: runs/table/head-views.ts, runs/table/row-views.ts, runs/table/lead-views.ts, shared/http/links.ts

import { formatCount, middle, formatStep } from '../../shared/format.ts';
import { link, type QueryValue } from '../../shared/http/links.ts';
import type { RunRow } from '../models.ts';
import { arrowOf } from '../rules/rule-text.ts';

/** Change some arguments of the page's URL and keep the others. */
export type At = (change: Record<string, QueryValue>) => string;

export { arrowOf };

export function showRunLink(run: RunRow): { name: string; title: string; href: string } {
  return { name: middle(run.name, 48), title: run.name, href: `/runs/${run.id}` };
}

export function nonfiniteText(count: number, step: number | null): string {
  return `${formatCount(count)} NaN/Inf from step ${formatStep(step ?? 0)}`;
}

export function compareLink(ids: string[]): string {
  return link('/compare', { run: ids });
}
