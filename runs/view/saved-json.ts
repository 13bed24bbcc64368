// runs/view/saved-json.ts
// Purpose: where a saved view opens, and a view as the API gives it.
// Why: the short address is written in one place; it stays the same when the view is renamed.
// Relevant files: runs/view/saved-schemas.ts, runs/view/saved-api.ts

import { link } from '../../shared/http/links.ts';
import { ViewPage, type SavedViewRow } from '../models.ts';
import type { ViewOut } from './saved-schemas.ts';

/** On the page of this experiment, or of its own one. */
export function addressOf(
  { id, page, query, experiment_id }: SavedViewRow,
  experiment: number | null = experiment_id,
): string | null {
  if (experiment === null) return null;
  const path = `/experiments/${experiment}`;
  if (page === ViewPage.Table) return link(path, { view: id });
  return query === '' ? `${path}/${page}` : `${path}/${page}?${query}`;
}

export function viewJson(row: SavedViewRow): ViewOut {
  return { ...row, is_default: row.is_default === 1, address: addressOf(row) };
}
