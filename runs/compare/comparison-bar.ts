// runs/compare/comparison-bar.ts
// Purpose: the saved views of a comparison's experiment above it, and how to save this comparison.
// Why: a comparison names its runs or their filter, so its address is the view; which one is open is told by that address.
// Relevant files: runs/view/saved-views.ts, runs/compare/compare-views.ts, runs/templates/_views.html

import { ViewPage, type SavedViewRow } from '../models.ts';
import { showViewBar, type ViewBar } from '../view/saved-views.ts';
import { isSameView } from '../view/view-query.ts';

/** Addresses of the page: as it was asked for, and with its charts named, which is what is saved. */
export interface ComparisonAddress {
  here: string;
  resolved: string;
}

/** A comparison over several experiments is kept with the first of them. */
export function showComparisonBar(views: SavedViewRow[], experiment: number, address: ComparisonAddress): ViewBar {
  const [text, resolved] = [queryOf(address.here), queryOf(address.resolved)];
  const active = views.find(({ page, query }) => page === ViewPage.Compare && isSameView(query, text)) ?? null;
  const saved = active && active.query;
  const opened = { views, active, isDefault: false };
  return showViewBar(opened, ViewPage.Compare, experiment, { text, resolved, saved });
}

function queryOf(address: string): string {
  return address.split('?')[1] ?? '';
}
