// runs/view/saved-views.ts
// Purpose: saved views as templates show them: the line above a table, and the page on which they are managed.
// Why: which one is open, and whether it was changed since, is said in words.
// Relevant files: runs/view/open-view.ts, runs/view/saved-pages.ts, runs/templates/_views.html, runs/templates/views.html

import type { ExperimentRow } from '../../experiments/models.ts';
import { middle, showTime } from '../../shared/format.ts';
import { link } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { ViewPage, type SavedViewRow } from '../models.ts';
import { isDefaultOfTable, PLAIN, type OpenedView } from './open-view.ts';
import { addressOf } from './saved-json.ts';
import { isSameView } from './view-query.ts';

export interface ViewBar {
  items: { label: string; title: string; href: string; on: boolean; changed: boolean }[];
  /** The table without any saved view; null where that is what is shown. */
  plain: string | null;
  /** The name of the default, where it is shown because nothing was asked for. */
  byDefault: string | null;
  save: { action: string; page: ViewPage; query: string; named: string };
  /** The open view, where it was changed. */
  change: { action: string; name: string; query: string } | null;
  manage: string;
}

/** `text`: what is shown, as its address says it; `resolved`: the same with its columns named, which is what is saved. */
export function showViewBar(
  opened: Pick<OpenedView, 'views' | 'active' | 'isDefault'>,
  page: ViewPage,
  experiment: number,
  { text, resolved, saved }: { text: string; resolved: string; saved: string | null },
): ViewBar {
  const { views, active, isDefault } = opened;
  const isChanged = saved !== null && !isSameView(text, saved);
  const path = `/experiments/${experiment}`;
  return {
    items: views.map((view) => ({
      label: middle(view.name, 40),
      title: `${view.name}${view.experiment_id === null ? ', for all experiments' : ''}`,
      href: addressOf(view, experiment) ?? path,
      on: view.id === active?.id,
      changed: view.id === active?.id && isChanged,
    })),
    plain: active ? link(path, { view: views.some(isDefaultOfTable) ? PLAIN : null }) : null,
    byDefault: isDefault ? (active?.name ?? null) : null,
    save: { action: `${path}/views`, page, query: resolved, named: '' },
    change: active && isChanged ? { action: `/views/${active.id}`, name: middle(active.name, 40), query: resolved } : null,
    manage: `${path}/views`,
  }; // prettier-ignore
}

export function showViewsPage(
  { experiment, views, trashed }: { experiment: ExperimentRow; views: SavedViewRow[]; trashed: SavedViewRow[] },
  now: number,
): PageContext {
  const show = (view: SavedViewRow): unknown => ({
    id: view.id,
    name: view.name,
    shown: middle(view.name, 60),
    href: addressOf(view, experiment.id),
    of: view.experiment_id === null ? 'all experiments' : 'this experiment',
    page: view.page,
    isDefault: view.is_default === 1,
    // A view for all experiments is the default of none.
    mayBeDefault: view.experiment_id !== null && view.page === ViewPage.Table,
    changed: showTime(view.updated_at, now),
  });
  return {
    title: `Views of ${middle(experiment.name, 60)}`,
    experiment,
    views: views.map(show),
    trashed: trashed.map(show),
    back: `/experiments/${experiment.id}/views`,
  };
}
