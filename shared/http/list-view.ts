// shared/http/list-view.ts
// Purpose: what the views of lists share: the trash as one more status, the tags of a filter, how a head shows that the list is ordered by it.
// Why: experiments, runs and the run table mean the same by `?status=trash` and by an arrow.
// Relevant files: shared/http/links.ts, experiments/views.ts, runs/table/experiment-views.ts, runs/table/run-list-page.ts

import { formatCount } from '../format.ts';
import type { QueryValue } from './links.ts';

const TRASH = 'trash';

/** `?status=`: the states asked for, and whether it is the trash that is looked at. */
export function splitTrash<S extends string>(
  status: readonly S[] = [],
): { trashed: boolean; states: Exclude<S, 'trash'>[] } {
  const isState = (one: S): one is Exclude<S, 'trash'> => one !== TRASH;
  return { trashed: status.some((one) => !isState(one)), states: status.filter(isState) };
}

export interface SegmentView {
  label: string;
  href: string;
  on: boolean;
}

/** The segment that leads to the trash; none while it is empty and not looked at. */
export function trashSegment(
  count: number,
  on: boolean,
  at: (change: Record<string, QueryValue>) => string,
): SegmentView[] {
  if (count === 0 && !on) return [];
  return [{ label: `trash (${formatCount(count)})`, href: at({ status: TRASH, page: null }), on }];
}

/** The tags that a list is filtered by, each with the list without it. */
export function showTagFilter(
  tags: readonly string[],
  at: (change: Record<string, QueryValue>) => string,
): { label: string; without: string }[] {
  return tags.map((tag) => ({ label: tag, without: at({ tag: tags.filter((other) => other !== tag), page: null }) }));
}

export interface SortView {
  arrow: string;
  /** For `aria-sort`; '' where the list is ordered by something else. */
  sort: '' | 'ascending' | 'descending';
}

/** `order` is `field` or `-field`. Of several keys the first is what the list is ordered by; the others say their place. */
export function sortOf(orders: string | readonly string[], field: string): SortView {
  const [order = '', ...more] = [orders].flat();
  const place = more.findIndex((one) => one === field || one === `-${field}`);
  if (place >= 0) return { arrow: `${more[place] === field ? '▴' : '▾'}${place + 2}`, sort: '' };
  if (order === field) return { arrow: '▴', sort: 'ascending' };
  if (order === `-${field}`) return { arrow: '▾', sort: 'descending' };
  return { arrow: '', sort: '' };
}
