// runs/table/tick-views.ts
// Purpose: what the buttons under a run table are about: ticked rows of this page and of others, or all that match.
// Why: ticks of other pages are not seen, so the page says how many there are and takes them along.
// Relevant files: runs/table/ticks.ts, runs/templates/_table.html, runs/table/bulk-routes.ts

import { formatCount, plural } from '../../shared/format.ts';
import { link } from '../../shared/http/links.ts';
import type { TableQuery } from '../page-schemas.ts';
import type { At } from './table-views.ts';
import { countTicks, isTicked, parseTicks, tickOf, ticksWithout, writeTicks, type Place } from './ticks.ts';

export interface PickedView {
  /** Ticks of rows that are not on this page, as they stand in its address. */
  elsewhere: string[];
  elsewhereCount: number;
  elsewhereText: string;
  /** The page without any ticks. */
  untick: string;
  /** `all 1,234 that match`; '' where all are on this page. */
  all: string;
  /** What finds all of them, as a query. */
  filter: string;
  /** `2 runs are hidden`, and the page that shows them; '' where none is. */
  hiddenText: string;
  unhide: string;
  unhideText: string;
}

/** What the last line of a table counts. */
export function runsBesides({ listed, pinned }: { listed: number; pinned: number }): string {
  const what = listed === 1 ? 'run' : 'runs';
  return pinned === 0 ? what : `${what} besides ${pinned === 1 ? 'the pinned one' : `the ${pinned} pinned ones`}`;
}

/** What an address says of rows: which are ticked, which stand first, which are left out; whether they are a tree. */
export function rowsArgument({
  tick,
  pin,
  hide,
  tree,
  fold,
}: TableQuery): Pick<TableQuery, 'tick' | 'pin' | 'hide' | 'tree' | 'fold'> {
  return { tick, pin, hide, tree, fold };
}

export function showPicked(
  query: TableQuery,
  shown: readonly Place[],
  total: number,
  at: At,
  experiment?: number,
): PickedView {
  const { q, where, status, tag, hide } = query;
  const elsewhere = ticksWithout(parseTicks(query.tick), shown);
  const count = countTicks(elsewhere);
  return {
    elsewhere: writeTicks(elsewhere),
    elsewhereCount: count,
    elsewhereText: count === 0 ? '' : `${formatCount(count)} more ${count === 1 ? 'is' : 'are'} ticked on other pages.`,
    untick: at({ tick: null, page: query.page === 1 ? null : query.page }),
    all: total > shown.length ? `all ${formatCount(total)} that match` : '',
    hiddenText: hide?.length ? `${plural(hide.length, 'run')} ${hide.length === 1 ? 'is' : 'are'} hidden` : '',
    unhide: at({ hide: null }),
    unhideText: hide?.length === 1 ? 'show it' : 'show them',
    filter: link('', { experiment, q, where, status, tag, hide }).slice(1),
  };
}

export interface RowMark {
  /** A row's own tick. */
  tick: string;
  ticked: boolean;
  /** Where the page is on which it stands in its order again; '' where it does so here. */
  unpin: string;
  /** The filter does not find it: it is here because it is pinned. */
  dim: boolean;
}

/** The marks of the rows of a page; `unmatched`: the filter does not find them. */
export function showMarks(
  query: TableQuery,
  rows: readonly (Place & { id: string })[],
  unmatched: readonly string[],
  at: At,
): RowMark[] {
  const ticks = parseTicks(query.tick);
  const page = query.page === 1 ? null : query.page;
  const pin = query.pin ?? [];
  return rows.map((run) => ({
    tick: tickOf(run),
    ticked: isTicked(ticks, run),
    unpin: pin.includes(run.id) ? at({ pin: pin.filter((id) => id !== run.id), page }) : '',
    dim: unmatched.includes(run.id),
  }));
}
