// runs/groups/group-views.ts
// Purpose: the table of groups as its page shows it: configurations, mean ± std (n), each run as a dot, links.
// Why: the best configuration is read in a second, and how much to believe it beside it.
// Relevant files: runs/groups/groups.ts, runs/groups/group-text.ts, runs/templates/groups.html

import type { ExperimentRow } from '../../experiments/models.ts';
import { showTabs } from '../../experiments/tabs.ts';
import { middle, plural } from '../../shared/format.ts';
import { showTagFilter, sortOf, type SortView } from '../../shared/http/list-view.ts';
import { hiddenFields, link, type QueryValue } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { GroupsPageQuery, GroupsQuery } from '../page-schemas.ts';
import { Direction } from '../metric-rules.ts';
import { showFilter } from '../table/filter-views.ts';
import { headWords, valuesWords } from '../rules/rule-text.ts';
import type { MetricRule } from '../rules/rule.ts';
import type { At } from '../table/table-views.ts';
import { viewText } from '../table/page-views.ts';
import type { OpenedView } from '../view/open-view.ts';
import { plainLink, showViewBar, type ViewTexts } from '../view/saved-views.ts';
import { readGroupsQuery } from '../view/view-query.ts';
import { ViewPage } from '../models.ts';
import { canBeBaseline } from '../compare/baseline-words.ts';
import { groupDelta, type GroupBase } from './group-baseline.ts';
import type { OpenGroup } from './group-members.ts';
import { bestGroups, deviation, groupName, labelOf, meanText, namesOf, ranksOf, shortLabel, shownColumns, type ShownColumns } from './group-text.ts'; // prettier-ignore
import { filterOf, whereOf } from './group-where.ts';
import type { Group, MetricOfGroup, RunGroups } from './groups.ts';

/** Groups in the page's table, and cells of all of them: of thirty params fewer are shown. The other formats have all. */
const SHOWN_MAX = 100;
const CELLS_MAX = 2_000;
const SHOWN_MIN = 10;
/** Groups offered as the baseline: the first; any other by the API. */
const CHOICES_MAX = 20;
/** Params of the best group in the sentence above the table, which has all of them. */
const LEAD_PARAMS = 8;
/** Params named that some runs lack. */
const LACKED_MAX = 8;
/** Params offered to be ignored or not; any other is named in the API. */
const REPEATS_MAX = 60;

interface Head extends SortView {
  /** The column of the main metric: each run is drawn beside it. */
  main: boolean;
  label: string;
  href: string;
  number: boolean;
}

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

/** A view of groups as arguments; neither the groups that are open nor the saved view that it came from. */
function groupsArguments({
  q,
  where,
  status,
  tag,
  by,
  order,
  metric,
  column,
}: GroupsQuery): Record<string, QueryValue> {
  return { q, where, status, tag, by, order, metric, column };
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

/** `k 1`, the same in all runs that have it, and how many lack it: why there is no column of it. */
function showLacked({ lacked }: RunGroups): { params: string[]; more: string; text: string } | null {
  const most = Math.max(0, ...lacked.map(({ runs }) => runs));
  if (most === 0) return null;
  const isOne = lacked.length === 1;
  const alike = lacked.every(({ runs }) => runs === most);
  return {
    params: lacked.slice(0, LACKED_MAX).map(({ key, value }) => `${middle(key, 40)} ${middle(value, 32)}`),
    more: lacked.length > LACKED_MAX ? `and ${plural(lacked.length - LACKED_MAX, 'more param')}` : '',
    text: `${isOne ? 'is' : 'are'} the same in all runs that have ${isOne ? 'it' : 'them'}; ${alike ? '' : 'up to '}${plural(most, 'run')} ${most === 1 ? 'lacks' : 'lack'} ${isOne ? 'it' : 'them'}`,
  };
}

/** Params that vary, and the one click that makes groups ignore them or differ by them. */
function showRepeats({ repeats }: RunGroups, at: At): unknown {
  const shown = repeats.slice(0, REPEATS_MAX);
  return {
    ignored: shown.filter(({ isRepeat }) => isRepeat),
    counted: shown.filter(({ isRepeat }) => !isRepeat),
    said: repeats.some(({ said }) => said),
    more: repeats.length > shown.length ? `${plural(repeats.length - shown.length, 'more param')}` : '',
    back: at({ by: null, open: null }),
  };
}

type Columns = ShownColumns;

/** What differs among the groups that are shown, and what they are ordered by. */
function columnsAmong(data: RunGroups, groups: readonly Group[], order = ''): Columns {
  const { shown, same } = shownColumns(data, groups);
  const ordered = data.by.indexOf(order.replace(/^-/, ''));
  const isHidden = ordered >= 0 && groups.length > 1 && !shown.includes(ordered);
  if (!isHidden) return { shown, same };
  const name = namesOf(data)[ordered];
  return { shown: [...shown, ordered].sort((a, b) => a - b), same: same.filter(({ key }) => key !== name) };
}

function showHeads(data: RunGroups, { shown }: Columns, order: string, at: At): Head[] {
  const head = (label: string, field: string, number: boolean, first: '' | '-'): Head => ({
    main: field === `metrics.${data.main}`,
    label,
    number,
    href: at({ order: order === first + field ? (first === '' ? '-' : '') + field : first + field }),
    ...sortOf(order, field),
  });
  const metrics = data.metrics.map((rule) =>
    head(
      `${rule.key} ${headWords(rule)}`.trim(),
      `metrics.${rule.key}`,
      true,
      rule.direction === Direction.Min ? '' : '-',
    ),
  );
  // What groups are ranked by stands beside the rank: behind twenty params, or on a phone, nobody would see it.
  return [
    ...metrics.filter(({ main }) => main),
    ...shown.map((place) => head(namesOf(data)[place] ?? '', data.by[place] ?? '', false, '')),
    ...metrics.filter(({ main }) => !main),
    head('runs', 'runs', true, '-'),
  ];
}

interface Context {
  base: GroupBase | null;
  at: At;
  open: Map<string, OpenGroup>;
  data: RunGroups;
  best: ReturnType<typeof bestGroups>;
  columns: Columns;
  ranks: Map<Group, number>;
  scale: Scale | null;
  query: GroupsQuery;
  experiment: ExperimentRow;
}

function showGroup(
  group: Group,
  { data, base, open, best, ranks, columns, scale, query, experiment, at }: Context,
): unknown {
  const label = shortLabel(group, data, columns);
  const name = groupName(group);
  const others = [...open.keys()].filter((one) => one !== name);
  return {
    name,
    open: open.get(name) ?? null,
    toggle: `${at({ open: open.has(name) ? others : [...others, name] })}#g-${name}`,
    rank: ranks.get(group) ?? '–',
    label,
    values: columns.shown.map((column) => {
      const value = group.values[column] ?? null;
      return { text: value === null ? '–' : value === '' ? '""' : middle(value, 40), title: value ?? 'not set' };
    }),
    cells: data.metrics.map((rule) =>
      ({
        ...showCell(group.metrics.get(rule.key), rule, { isBest: best.get(rule.key)?.has(group) === true, isMain: rule.key === data.main }),
        delta: groupDelta(group, rule, base),
      }),
    ),
    isBaseline: base?.group === group,
    inWords: metricIsFirst(data) && columns.shown.length > 0 ? label : '',
    dots: scale && data.main !== null ? showDots(group, group.metrics.get(data.main), scale) : null,
    runs: group.runs,
    href: membersLink(group, data, query, experiment),
    compare: canCompare(group) ? compareGroup(name, query, experiment) : null,
  }; // prettier-ignore
}

function canCompare({ runs }: Group): boolean {
  return runs > 1 && runs <= LIMITS.compareRuns;
}

/** By its name: the ids of all runs of a hundred groups were most of the page. */
function compareGroup(name: string, query: GroupsQuery, { id }: ExperimentRow): string {
  return link(`/experiments/${id}/groups/compare`, { ...groupsArguments(query), group: name });
}

function showCell(
  metric: MetricOfGroup | undefined,
  { direction, digits }: MetricRule,
  { isBest, isMain }: { isBest: boolean; isMain: boolean },
): object {
  const stats = metric?.stats;
  if (!metric || !stats) return { mean: '–', rest: '', title: without(metric), mark: '', main: isMain };
  const std = stats.std === null ? 'one value, no deviation' : `standard deviation ${stats.std}`;
  return {
    mean: meanText(stats, digits),
    rest: `${stats.std === null ? '' : `± ${deviation(stats, digits)} `}(${stats.n})`,
    title: [`mean ${stats.mean}, ${std}, ${stats.min} to ${stats.max}`, without(metric)].filter(Boolean).join('; '),
    mark: isBest ? (direction === Direction.Min ? 'dn best' : 'best') : '',
    main: isMain,
  };
}

function metricIsFirst({ metrics, main }: RunGroups): boolean {
  return metrics.some(({ key }) => key === main);
}

/** The first groups of the table that can become the baseline, in its order. */
function showChoices(
  data: RunGroups,
  { base, columns, query }: Pick<Context, 'base' | 'columns' | 'query'>,
): { where: string; label: string }[] {
  return data.groups.slice(0, CHOICES_MAX).flatMap((group) => {
    const where = base?.group === group && base.baseline.group ? null : baselineWhere(group, data, query);
    return where === null ? [] : [{ where, label: middle(shortLabel(group, data, columns), 80) }];
  });
}

/** The filter that a group is kept as; null where it cannot be a baseline. */
function baselineWhere(group: Group, data: RunGroups, query: GroupsQuery): string | null {
  const where = filterOf(group, data, query);
  return where !== null && canBeBaseline(where) ? where : null;
}

function without(metric: MetricOfGroup | undefined): string {
  return metric && metric.without > 0
    ? `${plural(metric.without, 'finished run')} without a finite value left out`
    : '';
}

export function membersLink(
  group: Group,
  data: RunGroups,
  query: Pick<GroupsQuery, 'q' | 'where' | 'status' | 'tag'>,
  { id }: ExperimentRow,
): string | null {
  const where = whereOf(group, data, query.where);
  const { q, status, tag } = query;
  return where === null ? null : link(`/experiments/${id}`, { q, where, status, tag });
}

/** Groups whose curves are drawn at first: the best, in the order of the page. */
const CURVES_MAX = 10;

/** The curves of the first groups in the main metric. */
function curvesLink(
  data: RunGroups,
  query: GroupsQuery,
  { id }: ExperimentRow,
): { href: string; label: string } | null {
  const filters = data.groups.slice(0, CURVES_MAX).map((group) => filterOf(group, data, query));
  const groups = filters.flatMap((filter) => (filter === null ? [] : [`${id}:${filter}`]));
  if (data.main === null || groups.length === 0 || groups.length < filters.length) return null;
  if (groups.some((text) => text.length > LIMITS.query)) return null;
  const which = data.groups.length > CURVES_MAX ? `the first ${CURVES_MAX} groups` : 'these groups';
  return { href: link('/curves', { group: groups, key: data.main }), label: `Curves of ${which}` };
}

interface Scale {
  from: number;
  to: number;
}

/** Of all values of the main metric, so that rows can be compared. */
function scaleOf({ groups, main }: RunGroups): Scale | null {
  const all = groups.flatMap(({ metrics }) => (main === null ? [] : (metrics.get(main)?.stats ?? [])));
  if (all.length === 0) return null;
  const [from, to] = all.reduce(
    ([low, high], { min, max }) => [Math.min(low, min), Math.max(high, max)],
    [Infinity, -Infinity],
  );
  return { from, to };
}

const DOTS_WIDTH = 160;
const DOTS_EDGE = 4;
/** Of more, only the mean and the range are drawn. */
const DOTS_MAX = 24;

/** Each run as a dot, the mean as a line; px. */
function showDots(group: Group, metric: MetricOfGroup | undefined, { from, to }: Scale): unknown {
  if (!metric?.stats) return null;
  const x = (value: number): string => {
    const share = to > from ? (value - from) / (to - from) : 0.5;
    return (DOTS_EDGE + share * (DOTS_WIDTH - 2 * DOTS_EDGE)).toFixed(1);
  };
  const values = metric.values.filter((value) => value !== null);
  return {
    mean: x(metric.stats.mean),
    from: x(metric.stats.min),
    to: x(metric.stats.max),
    dots: values.length <= DOTS_MAX ? values.map(x) : [],
    label: values.length <= DOTS_MAX ? values.join(', ') : `${metric.stats.min} to ${metric.stats.max}`,
  };
}

function showLead(data: RunGroups, ranks: Map<Group, number>, columns: Columns): unknown {
  // Ranks of one group only are no contest; of several that share the first one is named.
  const [best] = [...ranks].find(([, rank]) => rank === 1 && ranks.size > 1) ?? [];
  const stats = best?.metrics.get(data.main ?? '')?.stats;
  if (!best || !stats) return null;
  const digits = data.metrics.find(({ key }) => key === data.main)?.digits ?? null;
  const first = [...ranks.values()].filter((rank) => rank === 1).length;
  return {
    key: data.main,
    shared: first > 1 ? plural(first, 'group') : '',
    label: labelOf(best, data, { shown: columns.shown.slice(0, LEAD_PARAMS) }),
    more: columns.shown.length > LEAD_PARAMS ? plural(columns.shown.length - LEAD_PARAMS, 'more param') : '',
    value: `${meanText(stats, digits)}${stats.std === null ? '' : ` ± ${deviation(stats, digits)}`} (${stats.n})`,
  };
}

function shownGroups({ groups, metrics }: RunGroups, { shown }: Columns): Group[] {
  const rows = Math.floor(CELLS_MAX / (shown.length + metrics.length + 1));
  return groups.slice(0, Math.min(SHOWN_MAX, Math.max(SHOWN_MIN, rows)));
}

function showSummary(data: RunGroups, shown: number): string {
  const { groups: valued, valueless, runs, main } = data;
  const groups = [...valued, ...valueless];
  const unfinished = groups.reduce((sum, group) => sum + group.unfinished, 0);
  const lost = groups.reduce((sum, { metrics }) => sum + (main === null ? 0 : (metrics.get(main)?.without ?? 0)), 0);
  return [
    `${plural(groups.length, 'group')} of ${plural(runs, 'run')}`,
    ...(valued.length > shown ? [`the first ${shown} are shown, all are in the files`] : []),
    ...(unfinished > 0 ? [`${plural(unfinished, 'run')} that did not finish left out of all values`] : []),
    ...(lost > 0 ? [`${plural(lost, 'run')} without a finite ${main} left out`] : []),
  ].join('; ');
}
