// runs/view/saved-views.ts
// Purpose: saved views as templates show them: the line above a table, groups, a pivot, a picture or a comparison, and the page on which they are managed.
// Why: which one is open, and whether it was changed since, is said in words.
// Relevant files: runs/view/open-view.ts, runs/view/saved-pages.ts, runs/templates/_views.html, runs/templates/views.html

import type { ExperimentRow } from '../../experiments/models.ts';
import { middle, showTime } from '../../shared/format.ts';
import { link } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { ViewPage, type SavedViewRow } from '../models.ts';
import { isDefaultOf, PLAIN, type OpenedView } from './open-view.ts';
import { addressOf, pagePath } from './saved-json.ts';
import { isSameView } from './view-query.ts';

export interface ViewBar {
  items: { label: string; title: string; href: string; on: boolean; changed: boolean }[];
  /** The table without any saved view; null where that is what is shown. */
  plain: string | null;
  /** Which view it is, where the default is shown because nothing was asked for. */
  byDefault: string | null;
  save: { action: string; page: ViewPage; query: string };
  /** What opens with the default: `this experiment`, `this page`; '' where there is none. */
  opens: string;
  /** The open view, where it was changed. */
  change: { action: string; name: string; query: string } | null;
  manage: string;
}

export interface ViewTexts {
  /** What is shown, as its address says it. */
  text: string;
  /** The same with its columns named, which is what is saved. */
  resolved: string;
  saved: string | null;
}

export function showViewBar(
  opened: Pick<OpenedView<unknown>, 'views' | 'active' | 'isDefault'>,
  page: ViewPage,
  experiment: number,
  { text, resolved, saved }: ViewTexts,
): ViewBar {
  const { views, active, isDefault } = opened;
  const isChanged = saved !== null && !isSameView(text, saved);
  const path = pagePath(page, experiment);
  return {
    items: views.map((view) => ({
      label: `${middle(view.name, 40)}${view.page === page ? '' : ` (${PAGE_WORDS[view.page]})`}`,
      title: `${view.name}${view.experiment_id === null ? ', for all experiments' : ''}`,
      href: addressOf(view, experiment) ?? path,
      on: view.id === active?.id,
      changed: view.id === active?.id && isChanged,
    })),
    plain: active && page !== ViewPage.Compare ? plainLink(opened, page, experiment) : null,
    byDefault: isDefault && active ? `This is the view ${active.name}, with which ${OPENS[page]} opens.` : null,
    save: { action: `/experiments/${experiment}/views`, page, query: resolved },
    opens: OPENS[page],
    change: active && isChanged ? { action: changeAction(active, experiment), name: middle(active.name, 40), query: resolved } : null,
    manage: `/experiments/${experiment}/views`,
  }; // prettier-ignore
}

/** A view for all experiments is of no page: it goes back to the one where it was changed. */
function changeAction(view: SavedViewRow, experiment: number): string {
  const back = view.experiment_id === null ? addressOf(view, experiment) : null;
  return link(`/views/${view.id}`, { back });
}

/** The page without any saved view, not even the default one. */
export function plainLink({ views }: { views: SavedViewRow[] }, page: ViewPage, experiment: number): string {
  const hasDefault = views.some((view) => isDefaultOf(view, page));
  return link(pagePath(page, experiment), { view: hasDefault ? PLAIN : null });
}

const PAGE_WORDS: Record<ViewPage, string> = {
  table: 'runs',
  groups: 'groups',
  pivot: 'pivot',
  compare: 'comparison',
  pictures: 'picture',
};
const OPENS: Record<ViewPage, string> = {
  table: 'this experiment',
  groups: 'this page',
  pivot: 'this page',
  compare: '',
  pictures: 'this page',
};

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
    page: PAGE_WORDS[view.page],
    isDefault: view.is_default === 1,
    // A view for all experiments is the default of none.
    mayBeDefault: view.experiment_id !== null && view.page !== ViewPage.Compare,
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
