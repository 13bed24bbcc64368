// runs/table/experiment-views.ts
// Purpose: the page of one experiment, ready for its template.
// Why: the answer first, one picture, then the table; every link keeps the view.
// Relevant files: runs/table/experiment-page.ts, runs/table/table-views.ts, runs/templates/experiment.html

import { showDecision } from '../../decisions/views.ts';
import { showTagFilter, splitTrash, trashSegment, type SegmentView } from '../../shared/http/list-view.ts';
import { countsInWords, experimentState, sumCounts } from '../../experiments/experiment-state.ts';
import { showTabs } from '../../experiments/tabs.ts';
import { formatCount, middle, plural, showTime } from '../../shared/format.ts';
import { hiddenFields, link, showPager } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { renderMarkdown } from '../../shared/markdown.ts';
import { showTag } from '../../tags/views.ts';
import { settingsOf, settingsQuery } from '../curves/chart-settings.ts';
import { showChart } from '../curves/chart-views.ts';
import type { ExperimentPageData } from './experiment-page.ts';
import type { OpenedView } from '../view/open-view.ts';
import { plainLink, showViewBar, type ViewTexts } from '../view/saved-views.ts';
import { readTableQuery } from '../view/view-query.ts';
import { byImportance } from '../metric-rules.ts';
import { RUN_STATUSES, ViewPage } from '../models.ts';
import { narrowed } from '../query/where.ts';
import type { TableQuery } from '../page-schemas.ts';
import { showFormats, showSizes, sorting, viewArguments, viewText } from './page-views.ts';
import { showCounting } from '../rules/rule-views.ts';
import { ColumnKind, type Column } from '../view/columns.ts';
import { showFilter, type FilterView } from './filter-views.ts';
import type { RunTable } from './table.ts';
import { runsBesides, showMarks, showPicked } from './tick-views.ts';
import { showTreeLine, showTreeMark, topText, type TreeMarkView } from './tree-views.ts';
import { showConstant, showMore, showSame } from './same-views.ts';
import { showHeads } from './head-views.ts';
import { showLead } from './lead-views.ts';
import { showRows } from './row-views.ts';
import type { At } from './table-views.ts';

export function showExperimentPage(data: ExperimentPageData, opened: OpenedView, now: number): PageContext {
  const { query } = opened;
  const { experiment, table, counts } = data;
  const path = `/experiments/${experiment.id}`;
  const { q, where, status = [], tag = [], order, limit, metric } = query;
  const view = { ...viewArguments(query), view: query.view };
  const at: At = (change) => link(path, { ...view, ...change });
  const sorted = sorting(query, at);
  const total = sumCounts(counts);
  const rows = showRows(table, path, now);
  const runs = table.rows.map(({ run }) => run);
  const marks = showMarks(query, runs, table.unmatched, at);
  const treeMark = ({ id, title }: { id: string; title: string }): TreeMarkView | null => {
    const mark = table.tree?.get(id);
    return mark ? showTreeMark(query, { id, name: title }, mark, at) : null;
  };
  const [intro = '', ...more] = experiment.description.split(/\n\s*\n/);
  const { trashed, states } = splitTrash(status);
  const filter = showFilter(query, at, now, { metric: table.metricKeys, param: table.paramKeys });
  const filtered = Boolean(q) || Boolean(where) || status.length > 0 || tag.length > 0;
  return {
    title: middle(experiment.name, 60),
    experiment,
    /** As Python reads it. */
    quoted: JSON.stringify(experiment.name),
    state: experimentState(experiment.status),
    intro: renderMarkdown(intro),
    description: renderMarkdown(more.join('\n\n')),
    tags: data.tags.map((one) => showTag(one, '/experiments')),
    decisions: showDecisions(data, now),
    facts: showFacts(data, total, now),
    lead: showLead(table, (condition) => {
      const both = narrowed(where, condition);
      return both === null ? null : at({ where: both, page: null });
    }),
    counting: showCounting(table.counting),
    turn: trashed || !table.columns.some(({ kind }) => kind === ColumnKind.Metric) ? '' : `${path}/metrics/turn`,
    chart: data.curves.length > 0 && table.main !== null ? showMainChart(data, query, at) : null,
    empty: total === 0 && data.trashed === 0,
    filter: { ...filter, hints: [...filter.hints, ...unknownColumns(table)] },
    filtered,
    trashed,
    hidden: filtered && !trashed ? total - table.total : 0,
    hiddenText: formatCount(total - table.total),
    query: {
      q: q ?? '',
      order,
      status,
      tag,
      metric: metric ?? '',
      keep: hiddenFields({ ...view, q: null, where: null, status: null, tag: null, order: null, metric: null }),
    },
    columns: link(`${path}/columns`, { ...view, tick: null }),
    views: showViewBar(opened, ViewPage.Table, experiment.id, viewTexts(opened, table)),
    clear: plainLink(opened, ViewPage.Table, experiment.id),
    activeTags: showTagFilter(tag, at),
    tabs: showTabs(experiment.id, '', { filter: { q, where, status: states, tag }, metric }),
    segments: showSegments(data, status, at),
    heads: showHeads(table, sorted.order, sorted.at),
    // Of a filter that cannot be read nothing is shown: all runs would look like its answer.
    rows: filter.mistake ? [] : rows.map((row, place) => ({ ...row, ...marks[place], tree: treeMark(row) })),
    tree: showTreeLine(query, data.hasTree, table.tree !== null, at),
    picked: showPicked(query, runs, table.total, at, experiment.id),
    same: showSame(table),
    constant: showConstant(table),
    sameText: table.total === 1 ? 'Params:' : `Same in all ${formatCount(table.total)} runs that have it:`,
    moreText: `${plural(table.moreParams.length, 'more param')} ${table.moreParams.length === 1 ? 'differs' : 'differ'}`,
    main: table.main,
    allTrashed: total === 0 && !filtered,
    trash: at({ status: 'trash', page: null }),
    more: showMore(table),
    back: at({ tick: null, page: query.page === 1 ? null : query.page }),
    emptyTrash: link('/runs/empty', { experiment: experiment.id, back: at({ page: null }) }),
    pager: {
      ...showPager(
        {
          page: query.page,
          size: limit,
          total: table.listed,
          what: table.tree ? topText(table.listed) : runsBesides(table),
        },
        (page) => at({ page }),
      ),
      sizes: showSizes(limit, table.total, at),
      formats: showFormats(path, view),
    },
    exports: showExports(experiment.id),
    metrics: byImportance(table.metricKeys, table.main)
      .slice(0, METRICS_OFFERED)
      .sort()
      .map((key) => ({ key, selected: key === table.main })),
  };
}

/** What is shown, what of it is saved (with its columns and its metric named), and what was saved before. */
function viewTexts({ query, active }: OpenedView, table: RunTable): ViewTexts {
  const arguments_ = { ...viewArguments(query), tick: null };
  const resolved = { ...arguments_, column: table.columns.map(({ field }) => field), metric: table.main };
  return {
    text: viewText(arguments_),
    resolved: viewText(resolved),
    saved: active && viewText(viewArguments(readTableQuery(active.query))),
  };
}

/** A column that no run fills is shown, and said. */
function unknownColumns({ columns, paramColumns, metricKeys }: RunTable): FilterView['hints'] {
  const isKnown = ({ kind, key }: Column): boolean =>
    kind === ColumnKind.Param
      ? paramColumns.some((param) => param.key === key)
      : kind !== ColumnKind.Metric || metricKeys.includes(key);
  return columns
    .filter((column) => !isKnown(column))
    .map(({ kind, key }) => ({ text: `No run here has a ${kind} named ${middle(key, 60)}.`, near: null, href: null }));
}

function showFacts(
  { counts, trashed, table }: ExperimentPageData,
  total: number,
  now: number,
): Record<string, unknown>[] {
  return [
    { label: 'runs', value: formatCount(total) },
    { label: 'state', value: total === 0 ? '–' : countsInWords(counts) },
    { label: 'points', value: formatCount(table.points) },
    ...(table.lastHeard === null ? [] : [{ label: 'last activity', time: showTime(table.lastHeard, now) }]),
    ...(trashed > 0 ? [{ label: 'in the trash', value: formatCount(trashed) }] : []),
  ];
}

function showDecisions({ decisions, experiment }: ExperimentPageData, now: number): unknown {
  const href = `/experiments/${experiment.id}/decisions`;
  return {
    rows: decisions.latest.map((row) => showDecision(row, now)),
    all:
      decisions.total > decisions.latest.length ? { href, label: `All ${plural(decisions.total, 'decision')}` } : null,
  };
}

function showMainChart({ curves, table }: ExperimentPageData, query: TableQuery, at: At): unknown {
  const note = curves.length < table.total ? `first ${curves.length} runs` : '';
  return showChart(curves, table.main ?? '', settingsOf(query), {
    size: 'small',
    legend: 0,
    note,
    here: (settings) => at(settingsQuery(settings)),
  });
}

function showSegments({ trashed, counts }: ExperimentPageData, status: string[], at: At): SegmentView[] {
  const present = RUN_STATUSES.filter((one) => counts[one] || status.includes(one));
  return [
    { label: 'All', href: at({ status: null, page: null }), on: status.length === 0 },
    ...present.map((one) => ({ label: one, href: at({ status: one, page: null }), on: status.includes(one) })),
    ...trashSegment(trashed, splitTrash(status).trashed, at),
  ];
}

/** Metrics that the chart is offered for; others are chosen in the address or on the page of a run. */
const METRICS_OFFERED = 200;

function showExports(id: number): { label: string; href: string }[] {
  const at = `/exports/experiments/${id}`;
  return [
    { label: 'Runs as CSV', href: `${at}/runs.csv` },
    { label: 'Runs as JSON', href: `${at}/runs.json` },
    { label: 'All points as CSV', href: `${at}/points.csv` },
    { label: 'All points as NDJSON', href: `${at}/points.ndjson` },
    { label: 'Everything as JSON', href: `${at}.json` },
  ];
}
