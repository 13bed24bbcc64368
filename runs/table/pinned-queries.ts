// runs/table/pinned-queries.ts
// Purpose: a page of a run list as its reader set it up: pinned runs first, whatever order and page, hidden ones left out.
// Why: a baseline stays in sight while one turns pages; what is hidden is counted and marked nowhere.
// Relevant files: runs/queries.ts, runs/table/table.ts, runs/table/run-list-page.ts, runs/table/tick-views.ts

import type { Page } from '../../shared/db/paging.ts';
import type { Db } from '../../shared/db/store.ts';
import type { RunRow } from '../models.ts';
import { listRuns, matchesAmong, type RunPage } from '../list-queries.ts';
import { runsById } from '../queries.ts';
import type { RunFilter } from '../run-filter.ts';
import { someOf } from '../seqs.ts';

export interface RowChoice {
  pin?: string[] | undefined;
  hide?: string[] | undefined;
}

export interface PinnedPage extends RunPage {
  /** The pinned ones first; of those some may not match. */
  items: RunRow[];
  pinned: RunRow[];
  /** Ids of pinned runs that the filter does not find. */
  unmatched: string[];
  /** Runs on all pages besides the pinned ones; `total` counts those that match, too. */
  listed: number;
}

export async function listWithPins(
  db: Db,
  asked: RunFilter,
  { pin = [], hide = [] }: RowChoice,
  page: Page,
): Promise<PinnedPage> {
  const filter = { ...asked, without: hide };
  const pinned = asked.trashed ? [] : await pinnedRuns(db, asked, pin, hide);
  const ids = pinned.map(({ id }) => id);
  const list = await listRuns(db, { ...filter, without: [...hide, ...ids] }, page);
  const matching = await matchesAmong(db, filter, ids);
  const seqs = new Set(matching);
  return {
    ...list,
    items: [...pinned, ...list.items],
    few: list.few && [...list.few, ...matching],
    found: list.found && someOf([list.found, matching.sort((a, b) => a - b)]),
    total: list.total + matching.length,
    listed: list.total,
    pinned,
    unmatched: pinned.filter(({ seq }) => !seqs.has(seq)).map(({ id }) => id),
  };
}

async function pinnedRuns(db: Db, { experiment }: RunFilter, pin: string[], hide: string[]): Promise<RunRow[]> {
  const rows = await runsById(
    db,
    pin.filter((id) => !hide.includes(id)),
  );
  return rows.filter((run) => experiment === undefined || run.experiment_id === experiment);
}
