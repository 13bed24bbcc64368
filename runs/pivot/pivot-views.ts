// runs/pivot/pivot-views.ts
// Purpose: a pivot as its page shows it: the square with mean ± std (n), shaded, each cell a link to its runs.
// Why: the best place is seen at once, and so is what has not been run.
// Relevant files: runs/pivot/pivot.ts, runs/pivot/pivot-text.ts, runs/templates/pivot.html

import type { ExperimentRow } from '../../experiments/models.ts';
import { showTabs } from '../../experiments/tabs.ts';
import { formatCount, middle, plural } from '../../shared/format.ts';
import { showTagFilter } from '../../shared/http/list-view.ts';
import { hiddenFields, link, type QueryValue } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { deviation, labelOf, meanText } from '../groups/group-text.ts';
import { membersLink } from '../groups/group-links.ts';
import type { Group } from '../groups/groups.ts';
import { Direction } from '../metric-rules.ts';
import { ViewPage } from '../models.ts';
import type { PivotPageQuery, PivotQuery } from '../page-schemas.ts';
import { viewText } from '../table/page-views.ts';
import type { OpenedView } from '../view/open-view.ts';
import { plainLink, showViewBar, type ViewTexts } from '../view/saved-views.ts';
import { readPivotQuery } from '../view/view-query.ts';
import { showFilter } from '../table/filter-views.ts';
import { countsWords, headWords } from '../rules/rule-text.ts';
import { type At } from '../table/table-views.ts';
import { countCells, type Axis, type Pivot } from './pivot.ts';
import { cut, sideName, valueText } from './pivot-text.ts';

export interface PivotPage {
  pivot: Pivot;
  experiment: ExperimentRow;
  keys: { metric: string[]; param: string[] };
}

export function showPivot({ pivot, experiment, keys }: PivotPage, opened: OpenedView<PivotPageQuery>, now: number): PageContext {
  const { query } = opened;
  const path = `/experiments/${experiment.id}/pivot`;
  const { q, where, status = [], tag = [], metric } = query;
  const filters = { q, where, status, tag };
  const view = { ...pivotArguments(query), view: query.view };
  const at: At = (change) => link(path, { ...view, ...change });
  const filter = showFilter(query, at, now, keys);
  const shown = { rows: cut(pivot.rows, 'page'), cols: cut(pivot.cols, 'page', 'cols') };
  const shade = shadeOf(pivot, shown.rows.shown, shown.cols.shown);
  const isEmpty = pivot.data.runs === 0;
  return {
    title: `${middle(experiment.name, 60)} as a pivot`,
    experiment,
    filter,
    query: { q: q ?? '', status, tag, keep: hiddenFields({ view: query.view }) },
    views: showViewBar(opened, ViewPage.Pivot, experiment.id, viewTexts(opened, pivot)),
    clear: plainLink(opened, ViewPage.Pivot, experiment.id),
    tabs: showTabs(experiment.id, '/pivot', { filter: filters, metric }),
    activeTags: showTagFilter(tag, at),
    choosers: showChoosers(pivot, keys),
    swap: pivot.cols.key === null ? null : at({ rows: pivot.cols.key, cols: pivot.rows.key }),
    metric: pivot.metric && { key: pivot.metric.key, arrow: headWords(pivot.metric), counts: countsWords(pivot.metric) },
    sides: { rows: sideName(pivot.rows), cols: sideName(pivot.cols) },
    ...showSides(pivot),
    heads: shown.cols.shown.map((value) => showValue(pivot.cols, value)),
    rows: filter.mistake || isEmpty ? [] : shown.rows.shown.map((row) => ({
      head: showValue(pivot.rows, row),
      cells: shown.cols.shown.map((col) => showCell(pivot, pivot.cell(row, col), { shade, query, experiment })),
    })),
    lead: showLead(pivot),
    differs: pivot.data.ignored.slice(0, DIFFERS_MAX),
    differsMore: pivot.data.ignored.length > DIFFERS_MAX ? ` and ${plural(pivot.data.ignored.length - DIFFERS_MAX, 'more param')}` : '',
    shadeText: shadeText(pivot),
    summary: showSummary(pivot, shown),
    formats: ['csv', 'md', 'tex', 'json'].map((label) => ({ label, href: link(`${path}.${label}`, view) })),
  };
} // prettier-ignore

/** The heading, and why there is but one row or column: few params differ. */
function showSides({ rows, cols }: Pivot): { heading: string; lacking: string } {
  const named = [rows, cols].filter(({ key }) => key !== null).map(sideName);
  const lacking = ['No param', 'No second param', ''][named.length];
  return {
    heading: named.join(' by ') || 'Pivot',
    lacking: lacking ? `${lacking} differs between the runs of this experiment, repeats such as the seed aside; two that do are its rows and columns.` : '',
  };
} // prettier-ignore

function pivotArguments({ q, where, status, tag, rows, cols, metric }: PivotQuery): Record<string, QueryValue> {
  return { q, where, status, tag, rows, cols, metric };
}

/** What is shown, what of it is saved (its two sides and its metric named), and what was saved before. */
function viewTexts({ query, active }: OpenedView<PivotQuery>, { rows, cols, metric }: Pivot): ViewTexts {
  const named = { rows: rows.key, cols: cols.key, metric: metric?.key };
  return {
    text: viewText(pivotArguments(query)),
    resolved: viewText({ ...pivotArguments(query), ...named }),
    saved: active && viewText(pivotArguments(readPivotQuery(active.query))),
  };
}

const DIFFERS_MAX = 8;
/** Keys and metrics offered; any other is named in the address. */
const CHOICES_MAX = 200;

function showChoosers({ rows, cols, metric, data }: Pivot, { metric: metrics }: PivotPage['keys']): unknown {
  const choices = (name: string, on: string | null): { value: string; label: string; on: boolean }[] =>
    [...new Set([on ?? '', ...data.choices, 'parent'])]
      .slice(0, CHOICES_MAX)
      .map((value) => ({ value, label: `${name}: ${value.replace(/^params\./, '') || '–'}`, on: value === (on ?? '') }));
  const named = [...new Set([...(metric ? [metric.key] : []), ...metrics])].slice(0, CHOICES_MAX);
  return [
    { name: 'rows', label: 'Rows', options: choices('rows', rows.key) },
    { name: 'cols', label: 'Columns', options: choices('columns', cols.key).filter(({ value }) => value !== rows.key) },
    { name: 'metric', label: 'Metric', options: named.map((key) => ({ value: key, label: key, on: key === metric?.key })) },
  ].filter(({ options }) => options.length > 0);
} // prettier-ignore

function showValue(axis: Axis, value: string | null): { text: string; title: string } {
  return { text: middle(valueText(axis, value), 24), title: `${sideName(axis)} ${valueText(axis, value)}` };
}

interface CellContext {
  shade: (mean: number) => string;
  query: PivotQuery;
  experiment: ExperimentRow;
}

/** No group: the combination has not been run. */
function showCell(pivot: Pivot, group: Group | undefined, { shade, query, experiment }: CellContext): unknown {
  if (!group) return null;
  const found = pivot.metric && group.metrics.get(pivot.metric.key);
  const digits = pivot.metric?.digits ?? null;
  const stats = found?.stats;
  const left = [
    ...(group.unfinished > 0 ? [`${plural(group.unfinished, 'run')} not finished`] : []),
    ...(found && found.without > 0 ? [`${plural(found.without, 'finished run')} without a finite value`] : []),
  ].join(', ');
  const runs = plural(group.runs, 'run');
  const title = stats
    ? `mean ${stats.mean}, ${stats.std === null ? 'one value, no deviation' : `standard deviation ${stats.std}`}, ${stats.min} to ${stats.max}`
    : 'no value';
  return {
    mean: stats ? meanText(stats, digits) : 'no value',
    rest: stats ? `${stats.std === null ? '' : `± ${deviation(stats, digits)} `}(${stats.n})` : `(${runs})`,
    title: `${title}; ${runs}${left === '' ? '' : `, left out: ${left}`}`,
    mark: pivot.best.has(group) ? (pivot.metric?.direction === Direction.Min ? 'dn best' : 'best') : '',
    shade: stats ? shade(stats.mean) : '',
    href: membersLink(group, pivot.data, query, experiment),
  };
}

const SHADES = 5;

/** In fifths of the cells by rank, the better ones stronger: one that diverged does not make all others look equal. */
function shadeOf({ metric, cell }: Pivot, rows: Axis['values'], cols: Axis['values']): (mean: number) => string {
  const means = rows.flatMap((row) => cols.flatMap((col) => cell(row, col)?.metrics.get(metric?.key ?? '')?.stats?.mean ?? [])); // prettier-ignore
  const sorted = [...new Set(means)].sort((a, b) => (metric?.direction === Direction.Min ? b - a : a - b));
  const places = new Map(sorted.map((mean, place) => [mean, place]));
  const size = Math.max(1, sorted.length);
  return (mean) => (sorted.length < 2 ? '' : `h${1 + Math.floor((SHADES * (places.get(mean) ?? 0)) / size)}`);
}

/** Nothing where no cell is shaded: `shadeOf`. */
function shadeText({ metric, data }: Pivot): string {
  const means = new Set(data.groups.flatMap(({ metrics }) => metrics.get(metric?.key ?? '')?.stats?.mean ?? []));
  if (!metric || means.size < 2) return '';
  const better = metric.direction === null ? 'higher' : metric.direction === Direction.Min ? 'lower and better' : 'higher and better';
  return `The stronger the shade, the ${better}; in fifths of the cells`;
} // prettier-ignore

function showLead({ best, metric, data }: Pivot): unknown {
  const [first] = best;
  const stats = metric && first?.metrics.get(metric.key)?.stats;
  if (!first || !stats) return null;
  return {
    key: metric.key,
    // Row and column, also where all cells with a value lie in one row: that is where it is found.
    label: labelOf(first, data, { shown: data.by.map((_, place) => place) }),
    shared: best.size > 1 ? plural(best.size, 'cell') : '',
    value: `${meanText(stats, metric.digits)}${stats.std === null ? '' : ` ± ${deviation(stats, metric.digits)}`} (${stats.n})`,
  };
}

function showSummary(pivot: Pivot, shown: Record<'rows' | 'cols', { left: number }>): string {
  const { all, empty } = countCells(pivot);
  const left = (side: 'rows' | 'cols'): string[] =>
    shown[side].left === 0
      ? []
      : [`${formatCount(shown[side].left)} more values of ${sideName(pivot[side])} are not shown: filter to see them, or take the csv`];
  return [
    `${plural(pivot.data.runs, 'run')} in ${formatCount(all - empty)} of ${plural(all, 'combination')}`,
    ...(empty > 0 ? [`${formatCount(empty)} not run`] : []),
    ...left('rows'),
    ...left('cols'),
  ].join('; ');
} // prettier-ignore
