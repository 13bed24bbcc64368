// experiments/tabs.ts
// Purpose: the pages of one experiment as a line of links, the one that is open marked.
// Why: runs, groups, pivot and conclusions are the same runs seen differently; each is one click from each other.
// Relevant files: shared/templates/_parts.html, runs/table/experiment-views.ts, runs/groups/group-views.ts, decisions/views.ts

import type { SegmentView } from '../shared/http/list-view.ts';
import { link, type QueryValue } from '../shared/http/links.ts';

/** In this order. `isFiltered`: it shows the runs that a filter finds; `by` and `metric` are known to it. */
const TABS = [
  { path: '', label: 'Runs', isFiltered: true },
  { path: '/groups', label: 'Groups', isFiltered: true, has: ['by', 'metric'] },
  { path: '/pivot', label: 'Pivot', isFiltered: true, has: ['metric'] },
  { path: '/conclusions', label: 'Conclusions', isFiltered: true, has: ['by', 'metric'] },
  { path: '/pictures', label: 'Pictures', isFiltered: true },
  { path: '/metrics', label: 'Metrics', isFiltered: false },
  { path: '/params', label: 'Params', isFiltered: false },
  { path: '/decisions', label: 'Decisions', isFiltered: false },
] as const;

type Path = (typeof TABS)[number]['path'];

export interface TabsView {
  /** Runs are filtered by these, wherever one goes. */
  filter?: Record<'q' | 'where' | 'status' | 'tag', QueryValue>;
  by?: QueryValue;
  metric?: QueryValue;
}

/** `on`: what follows `/experiments/ID` in the address of the open page. */
export function showTabs(experiment: number, on: Path, { filter, by, metric }: TabsView = {}): SegmentView[] {
  const more = { by, metric };
  return TABS.map((tab) => {
    const kept = 'has' in tab ? Object.fromEntries(tab.has.map((name) => [name, more[name]])) : {};
    return {
      label: tab.label,
      href: link(`/experiments/${experiment}${tab.path}`, tab.isFiltered ? { ...filter, ...kept } : {}),
      on: tab.path === on,
    };
  });
}
