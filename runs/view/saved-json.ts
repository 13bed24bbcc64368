// runs/view/saved-json.ts
// Purpose: where a saved view opens, and a view as the API gives it.
// Why: the short address is written in one place; it stays the same when the view is renamed.
// Relevant files: runs/view/saved-schemas.ts, runs/view/saved-api.ts

import { link } from '../../shared/http/links.ts';
import { ViewPage, type SavedViewRow } from '../models.ts';
import type { ViewOut } from './saved-schemas.ts';

/** Where views of this kind are, of an experiment. */
export function pagePath(page: ViewPage, experiment: number): string {
  if (page === ViewPage.Compare) return '/compare';
  return page === ViewPage.Table ? `/experiments/${experiment}` : `/experiments/${experiment}/${page}`;
}

/** On the page of this experiment, or of its own one. A comparison names its runs: it opens without an experiment. */
export function addressOf(
  { id, page, query, experiment_id }: SavedViewRow,
  experiment: number | null = experiment_id,
): string | null {
  if (page === ViewPage.Compare) return `/compare?${query}`;
  return experiment === null ? null : link(pagePath(page, experiment), { view: id });
}

export function viewJson(row: SavedViewRow): ViewOut {
  return { ...row, is_default: row.is_default === 1, address: addressOf(row) };
}
