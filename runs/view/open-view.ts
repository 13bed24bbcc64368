// runs/view/open-view.ts
// Purpose: which view a page of runs shows: what its address says, a saved view, or the experiment's default.
// Why: a view's own address is short; as soon as something is changed the whole view is in the address.
// Relevant files: runs/pages.ts, runs/view/saved-queries.ts, runs/view/view-query.ts, runs/view/saved-views.ts

import type { Db } from '../../shared/db/store.ts';
import { notFound, Problem } from '../../shared/errors.ts';
import { ViewPage, type SavedViewRow } from '../models.ts';
import type { TableQuery } from '../page-schemas.ts';
import { listViews, requireView } from './saved-queries.ts';
import { readTableQuery } from './view-query.ts';

/** `view=plain`: no saved view, not even the default. */
export const PLAIN = 'plain';

export interface OpenedView {
  query: TableQuery;
  /** Of the experiment, and those for all. */
  views: SavedViewRow[];
  active: SavedViewRow | null;
  /** Nobody asked for it by name. */
  isDefault: boolean;
}

/** `url`: as it was asked for; without arguments the default is meant. */
export async function openView(db: Db, experiment: number, query: TableQuery, url: string): Promise<OpenedView> {
  const views = await listViews(db, experiment);
  const asked = new Set(new URL(url, 'http://tracker').searchParams.keys());
  asked.delete('page');
  const { view, page } = query;
  if (view === undefined) {
    const standing = asked.size === 0 ? views.find(isDefaultOfTable) : undefined;
    const saved = standing && readOrNothing(standing.query);
    return standing && saved
      ? { query: { ...saved, page, view: standing.id }, views, active: standing, isDefault: true }
      : { query, views, active: null, isDefault: false };
  }
  if (view === PLAIN) return { query, views, active: null, isDefault: false };
  const active = views.find(({ id }) => id === view) ?? (await requireView(db, view, '?view'));
  const isOther = active.experiment_id !== null && active.experiment_id !== experiment;
  if (isOther || active.page !== ViewPage.Table) throw notFound(`View ${view} of this table`, '?view');
  const isAlone = asked.size === 1;
  const shown = isAlone ? { ...readTableQuery(active.query), page, view } : query;
  return { query: shown, views, active, isDefault: false };
}

export function isDefaultOfTable({ is_default, page }: SavedViewRow): boolean {
  return is_default === 1 && page === ViewPage.Table;
}

/** A default that can no longer be read must not close the page. */
function readOrNothing(text: string): TableQuery | undefined {
  try {
    return readTableQuery(text);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
