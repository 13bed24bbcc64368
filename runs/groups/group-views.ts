// runs/groups/group-views.ts
// Purpose: the table of groups as its page shows it: configurations, mean ± std (n), each run as a dot, links.
// Why: the best configuration is read in a second, and how much to believe it beside it.
// Relevant files: runs/groups/groups.ts, runs/groups/group-text.ts, runs/templates/groups.html

import type { ExperimentRow } from '../../experiments/models.ts';
import { showTabs } from '../../experiments/tabs.ts';
import { middle, plural } from '../../shared/format.ts';
import { showTagFilter } from '../../shared/http/list-view.ts';
import { hiddenFields, link } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { GroupsPageQuery, GroupsQuery } from '../page-schemas.ts';
import { showFilter } from '../table/filter-views.ts';
import { valuesWords } from '../rules/rule-text.ts';
import type { At } from '../table/table-views.ts';
import { viewText } from '../table/page-views.ts';
import type { OpenedView } from '../view/open-view.ts';
import { plainLink, showViewBar, type ViewTexts } from '../view/saved-views.ts';
import { readGroupsQuery } from '../view/view-query.ts';
import { ViewPage } from '../models.ts';
import type { GroupBase } from './group-baseline.ts';
import type { OpenGroup } from './group-members.ts';
import { bestGroups, labelOf, ranksOf, shownColumns } from './group-text.ts';
import type { RunGroups } from './groups.ts';
import { columnsAmong, metricIsFirst, showHeads, shownGroups } from './group-columns.ts';
import { curvesLink, groupsArguments, membersLink } from './group-links.ts';
import { scaleOf } from './group-dots.ts';
import { showChoices, showRepeats } from './group-choices.ts';
import { showGroup } from './group-row-views.ts';
import { showLacked, showLead, showSummary } from './group-said.ts';

export function showGroups(
  {
    data,
    base,
    open,
    experiment,
    keys,
  }: {
    data: RunGroups;
    base: GroupBase | null;
    open: Map<string, OpenGroup>;
    experiment: ExperimentRow;
    keys: { metric: string[]; param: string[] };
  },
  opened: OpenedView<GroupsPageQuery>,
  now: number,
): PageContext {
  const { query } = opened;
  const path = `/experiments/${experiment.id}/groups`;
  const { q, where, status = [], tag = [], by, order, metric } = query;
  const view = { ...groupsArguments(query), view: query.view };
  const at: At = (change) => link(path, { ...view, open: [...open.keys()], ...change });
  const all = shownColumns(data);
  const shown = shownGroups(data, all);
  const columns = columnsAmong(data, shown, order);
  const scale = scaleOf(data);
  const best = bestGroups(data);
  const ranks = ranksOf(data);
  const filter = showFilter(query, at, now, keys);
  return {
    title: `${middle(experiment.name, 60)} by configuration`,
    experiment,
    filter,
    query: {
      ...{ q: q ?? '', order: order === undefined ? [] : [order], status, tag },
      keep: hiddenFields({ metric, column: query.column, view: query.view }),
    },
    views: showViewBar(opened, ViewPage.Groups, experiment.id, viewTexts(opened, data)),
    clear: plainLink(opened, ViewPage.Groups, experiment.id),
    tabs: showTabs(experiment.id, '/groups', { filter: { q, where, status, tag }, by: by ?? null, metric }),
    activeTags: showTagFilter(tag, at),
    choices: data.choices.concat(data.by.filter((one) => !data.choices.includes(one))).map((name) => ({
      name,
      on: data.by.includes(name),
    })),
    ignored: data.ignored,
    repeats: showRepeats(data, at),
    hidden: hiddenFields({ ...view, open: [...open.keys()] }),
    baseline: base && { said: base.said, isGroup: base.baseline.group !== null },
    back: at({ open: [...open.keys()] }),
    choosable: showChoices(data, { base, columns, query }),
    lead: showLead(data, ranks, all),
    sure: link(`/experiments/${experiment.id}/conclusions`, { q, where, status, tag, by: by ?? null, metric }),
    valuesText: valuesWords(data.metrics),
    valueless: data.valueless.map((group) => ({
      label: labelOf(group, data, { shown: data.by.map((_, place) => place) }),
      runs: plural(group.runs, 'run'),
      href: membersLink(group, data, query, experiment),
    })),
    valuelessText: `${plural(data.valueless.length, 'configuration')} without any value`,
    heads: showHeads(data, columns, order ?? '', at),
    mainIsColumn: metricIsFirst(data),
    rows: filter.mistake ? [] : shown.map((group) => showGroup(group, { data, base, open, best, ranks, columns, scale, query, experiment, at })),
    same: all.same,
    sameHere: columns.same.filter(({ key }) => !all.same.some((one) => one.key === key)),
    lacked: showLacked(data),
    summary: showSummary(data, shown.length),
    curves: curvesLink(data, query, experiment),
    formats: ['csv', 'md', 'tex', 'json'].map((label) => ({ label, href: link(`${path}.${label}`, view) })),
  }; // prettier-ignore
}

/** What is shown, what of it is saved (by which keys, which metrics), and what was saved before. */
function viewTexts({ query, active }: OpenedView<GroupsQuery>, data: RunGroups): ViewTexts {
  const fields = data.metrics.map(({ key }) => `metrics.${key}`);
  // More keys than an address holds are chosen anew.
  const by = data.by.length > LIMITS.repeated ? query.by : data.by;
  const resolved = { ...groupsArguments(query), by, metric: data.main, column: fields };
  return {
    text: viewText(groupsArguments(query)),
    // Grouped by nothing is not the same as by what is usual.
    resolved: [viewText(resolved), ...(by?.length === 0 ? ['by='] : [])].filter(Boolean).join('&'),
    saved: active && viewText(groupsArguments(readGroupsQuery(active.query))),
  };
}
