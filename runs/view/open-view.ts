// runs/view/open-view.ts
// Purpose: which view a page of runs shows: what its address says, a saved view, or the experiment's default.
// Why: a view's own address is short; as soon as something is changed the whole view is in the address.
// Relevant files: runs/pages.ts, runs/view/saved-queries.ts, runs/view/view-query.ts, runs/view/saved-views.ts

import type { Db } from '../../shared/db/store.ts';
import { notFound, Problem } from '../../shared/errors.ts';
import { keptFact, type Standing } from '../kept-facts.ts';
import { ViewPage, type SavedViewRow } from '../models.ts';
import type { GroupsPageQuery, PivotPageQuery, TableQuery } from '../page-schemas.ts';
import type { PicturePageQuery } from '../pictures/picture-schemas.ts';
import { listViews, requireView } from './saved-queries.ts';
import { readGroupsQuery, readPictureQuery, readPivotQuery, readTableQuery } from './view-query.ts';

/** `view=plain`: no saved view, not even the default. */
export const PLAIN = 'plain';

export interface OpenedView<Q = TableQuery> {
  query: Q;
  /** Of the experiment, and those for all. */
  views: SavedViewRow[];
  active: SavedViewRow | null;
  /** Nobody asked for it by name. */
  isDefault: boolean;
}

interface Viewed {
  view?: number | 'plain' | undefined;
}

/** `url`: as it was asked for; without arguments the default is meant. */
export async function openView(db: Db, experiment: Of, query: TableQuery, url: string): Promise<OpenedView> {
  const { page } = query;
  return openSaved(db, { experiment, url, page: ViewPage.Table }, query, (text) => ({
    ...readTableQuery(text),
    page,
  }));
}

type Open<Q> = (db: Db, experiment: Of, query: Q, url: string) => Promise<OpenedView<Q>>;

function openerOf<Q extends Viewed>(page: ViewPage, read: (text: string) => Q): Open<Q> {
  return (db, experiment, query, url) => openSaved(db, { experiment, url, page }, query, read);
}

export const openGroups = openerOf<GroupsPageQuery>(ViewPage.Groups, readGroupsQuery);
export const openPivot = openerOf<PivotPageQuery>(ViewPage.Pivot, readPivotQuery);
export const openPicture = openerOf<PicturePageQuery>(ViewPage.Pictures, readPictureQuery);

/** The row, where a page has read it, keeps which views there are. */
type Of = number | Standing;

interface Asked {
  experiment: Of;
  page: ViewPage;
  url: string;
}

/** `read`: a saved query as a request would have it. */
async function openSaved<Q extends Viewed>(
  db: Db,
  { experiment, page, url }: Asked,
  query: Q,
  read: (text: string) => Q,
): Promise<OpenedView<Q>> {
  const id = typeof experiment === 'number' ? experiment : experiment.id;
  const list = (): Promise<SavedViewRow[]> => listViews(db, id);
  const views = await (typeof experiment === 'number' ? list() : keptFact(db, experiment, 'views', list));
  const asked = new Set(new URL(url, 'http://tracker').searchParams.keys());
  asked.delete('page');
  const { view } = query;
  if (view === undefined) {
    const standing = asked.size === 0 ? views.find((one) => isDefaultOf(one, page)) : undefined;
    const saved = standing && readOrNothing(standing.query, read);
    return standing && saved
      ? { query: { ...saved, view: standing.id }, views, active: standing, isDefault: true }
      : { query, views, active: null, isDefault: false };
  }
  if (view === PLAIN) return { query, views, active: null, isDefault: false };
  const active = views.find((one) => one.id === view) ?? (await requireView(db, view, '?view'));
  const isOther = active.experiment_id !== null && active.experiment_id !== id;
  if (isOther || active.page !== page) throw notFound(`View ${view} of this page`, '?view');
  const isAlone = asked.size === 1;
  return { query: isAlone ? { ...read(active.query), view } : query, views, active, isDefault: false };
}

export function isDefaultOf(view: SavedViewRow, page: ViewPage): boolean {
  return view.is_default === 1 && view.page === page;
}

/** A default that can no longer be read must not close the page. */
function readOrNothing<Q>(text: string, read: (text: string) => Q): Q | undefined {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
