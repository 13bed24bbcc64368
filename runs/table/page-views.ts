// runs/table/page-views.ts
// Purpose: arguments that lists of runs share: the view as an address, the order where it is not the usual one, rows a page.
// Why: the usual view has a short address, and both lists spell the others in one way.
// Relevant files: runs/page-schemas.ts, runs/table/experiment-views.ts, runs/table/run-list-page.ts

import { PAGE_SIZE, PAGE_SIZES, type TableQuery } from '../page-schemas.ts';
import { withoutOrder } from '../query/where.ts';
import { link, type QueryValue } from '../../shared/http/links.ts';
import { settingsOf, settingsQuery } from '../curves/chart-settings.ts';
import { DEFAULT_ORDER, orderOf } from '../run-filter.ts';
import type { SegmentView } from '../../shared/http/list-view.ts';
import type { At } from './table-views.ts';
import { rowsArgument } from './tick-views.ts';

export function orderArgument(order: readonly string[]): readonly string[] | null {
  return order.length === 0 || (order.length === 1 && order[0] === DEFAULT_ORDER) ? null : order;
}

/** What a list is ordered by, and links that order it by something else: these take "order by" out of the filter. */
export function sorting(query: Pick<TableQuery, 'where' | 'order'>, at: At): { order: readonly string[]; at: At } {
  const { where } = query;
  const plain = where === undefined ? where : withoutOrder(where);
  if (plain === where) return { order: query.order, at };
  return { order: [orderOf(query)].flat(), at: (change) => at({ where: plain || null, ...change }) };
}

/** None where all rows fit on the smallest page. */
export function showSizes(size: number, total: number, at: At): SegmentView[] {
  if (total <= PAGE_SIZES[0] && size === PAGE_SIZE) return [];
  return PAGE_SIZES.map((one) => ({
    label: String(one),
    href: at({ limit: one === PAGE_SIZE ? null : one, page: null }),
    on: one === size,
  }));
}

/** Exactly this table as files, all its rows; `path`: of the experiment, '' for all of them. */
export function showFormats(path: string, view: Record<string, QueryValue>): { label: string; href: string }[] {
  const formats = ['csv', 'json', 'md', 'tex'];
  return formats.map((label) => ({ label, href: link(`${path}/runs.${label}`, { ...view, tick: null }) }));
}

/** A view of the table as arguments, what is usual left out; neither its page nor the saved view that it came from. */
export function viewArguments(query: TableQuery): Record<string, QueryValue> {
  const { q, where, status, tag, order, metric, column, narrow, wide, limit } = query;
  const filter = { q, where, status, tag, order: orderArgument(order), metric };
  const shown = { column, narrow, wide, limit: limit === PAGE_SIZE ? null : limit };
  return { ...filter, ...shown, ...rowsArgument(query), ...settingsQuery(settingsOf(query)) };
}

/** The same as text behind the `?`; what is ticked is no part of a view that is kept. */
export function viewText(view: Record<string, QueryValue>): string {
  return link('', { ...view, tick: null }).slice(1);
}
