// runs/compare/compare-views.ts
// Purpose: a comparison, ready for its template: heads, lines that differ, lines that are equal, metrics, charts.
// Why: what differs comes first; equal things are one line; the best is marked by more than colour.
// Relevant files: runs/compare/compare.ts, runs/compare/compare-routes.ts, runs/templates/compare.html

import { formatNumber, middle, plural, showTime } from '../../shared/format.ts';
import { link } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { plainLine } from '../../shared/markdown.ts';
import { askedOf } from '../curves/chart-settings.ts';
import type { PageSettings } from '../curves/own-settings.ts';
import { showChart, type DrawnOf } from '../curves/chart-views.ts';
import { colorsFor } from '../curves/colors.ts';
import type { Comparison, Line, MetricLine } from './compare.ts';
import { showBaseline } from './baseline-views.ts';
import { placeOfCurves } from './curves-place.ts';
import type { DeltaBase, KeptBaselines } from './delta-base.ts';
import { showDiffs, type DiffView } from './diff-views.ts';
import { sayFirstLines, type FirstLines } from './first-lines.ts';
import type { GroupEnds } from './group-ends.ts';
import { metricCells } from './metric-cells.ts';
import { countOf } from './summary-cells.ts';
import type { Selection } from './selection.ts';
import { showLeftOut, withoutLeftOut } from './left-out.ts';
import type { ComparePageQuery } from '../page-schemas.ts';
import type { Curve } from '../curves/curves.ts';
import { Direction, isProgress } from '../metric-rules.ts';
import type { RunRow, SavedViewRow } from '../models.ts';
import { showComparisonBar } from './comparison-bar.ts';
import type { HiddenRun } from '../queries.ts';
import { runState } from '../run-state.ts';
import { bestBy, headWords, ruleNumber, ruleSentence } from '../rules/rule-text.ts';
import { took } from '../table/fact-views.ts';
import { arrowOf, showRunLink, type At } from '../table/table-views.ts';
import { isSystemTag } from '../table/table.ts';

const CHARTS = 4;
/** Metrics and choices of metrics shown before the rest is folded or left to the JSON. */
const METRICS = 60;
const CHOICES = 24;

export interface ComparePageData extends Comparison {
  curves: Map<string, Curve[]>;
  /** Which runs are drawn in each chart, where there are many. */
  firsts: ReadonlyMap<string, FirstLines>;
  settings: PageSettings;
  /** Runs of the first run's experiment, to be added. */
  others: RunRow[];
  /** Of the experiments of the runs. */
  kept: KeptBaselines;
  base: DeltaBase;
  ends: GroupEnds | null;
  selection: Selection;
  /** Runs that the address names and that are not in sight. */
  out: HiddenRun[];
  /** Saved views of the experiment that it is kept with. */
  views: SavedViewRow[];
  home: number;
}

/** The metrics asked for, else the most telling ones that are curves in some run. */
/** `ofGroups`: metrics of groups, which stand for themselves where no run is compared. */
export function chartKeysOf({ metrics }: Comparison, asked: string[], ofGroups: string[] = []): string[] {
  const known = new Set([...metrics.map(({ key }) => key), ...ofGroups]);
  if (asked.length > 0) return asked.filter((key) => known.has(key));
  if (metrics.length === 0) return ofGroups.filter((key) => !isProgress(key)).slice(0, CHARTS);
  const curves = metrics.filter((line) => isCurve(line) && !isProgress(line.key));
  return curves.slice(0, CHARTS).map(({ key }) => key);
}

function isCurve({ cells }: MetricLine): boolean {
  return cells.some((some) => some !== null && countOf(some) > 1);
}

export function showComparison(data: ComparePageData, query: ComparePageQuery, now: number): PageContext {
  const { runs, params, tags, metrics } = data;
  const ids = runs.map((run) => run.id);
  const charts = [...data.curves.keys()];
  const shown = withoutLeftOut(query, data.out);
  const at: At = (change) =>
    link('/compare', {
      run: query.run,
      group: query.group,
      experiment: query.experiment,
      where: query.where,
      lines: query.lines,
      metric: query.metric,
      ...askedOf(query),
      chart: query.chart,
      ...change,
    });
  const isOwn = (line: Line): boolean => !isSystemTag(line);
  const diffs = showDiffs(
    [...params.differ, ...tags.differ.filter(isOwn), notesLine(data)],
    runs.map(({ name }) => name),
    Math.max(0, data.base.run),
  );
  const facts = showFacts(data, now);
  const chosen = new Set(charts);
  const differing = metrics.filter((line) => !isEqualMetric(line));
  const choices = metrics.filter(isCurve).map(({ key }) => ({
    key,
    on: chosen.has(key),
    href: at({ metric: chosen.has(key) ? charts.filter((other) => other !== key) : [...charts, key] }),
  }));
  return {
    title: `Compare ${compared(data)}`,
    cut: data.selection.said,
    leftOut: showLeftOut(data.out),
    ends: data.ends,
    matching:
      query.experiment === undefined
        ? ''
        : `${plural(runs.length, 'run')} of ${query.where?.trim() ? `the filter ${query.where}` : 'the experiment'}.`,
    diffs,
    environment: tags.differ.filter((line) => !isOwn(line)).map(showLine),
    equalEnvironment: tags.equal.filter((line) => !isOwn(line)).map(showEqual),
    baseline: showBaseline(data, at),
    experiments: [...data.experiments].map(([id, { name }]) => ({
      href: `/experiments/${id}`,
      name: middle(name, 40),
    })),
    heads: showHeads(data, at, now),
    alone: runs.length < 2 && data.ends === null,
    lead: showLead(data),
    facts,
    params: params.differ.map(showLine),
    equalParams: params.equal.map(showEqual),
    tags: tags.differ.filter(isOwn).map(showLine),
    equalTags: tags.equal.filter(isOwn).map(showEqual),
    metrics: differing.slice(0, METRICS).map((line) => showMetricLine(line, data.runs, data.base)),
    moreMetrics:
      differing.length > METRICS
        ? `${METRICS} of ${differing.length} metrics that differ are shown; all are in the JSON.`
        : '',
    showBest: runs.length > 4,
    equalMetrics: metrics.filter(isEqualMetric).map(({ key, values, rule }) => ({
      key,
      value: ruleNumber(values[0]?.value ?? null, rule),
      title: String(values[0]?.value),
    })),
    charts: [...data.curves].map(([key, curves]) =>
      showChart(curves, key, data.settings.of(key), {
        size: 'normal',
        base: data.settings.base(key),
        of: drawnIn(data, key, shown),
        here: (settings) => at({ chart: data.settings.changed(key, settings) }),
      }),
    ),
    curvesPlace: placeOfCurves([
      data.ends?.rows.length ?? 0,
      differingRows(data, diffs) + facts.length,
      Math.min(differing.length, METRICS),
    ]),
    drawnText: sayFirstLines(data.firsts.values()),
    allLines: query.lines === 'all' ? null : at({ lines: 'all' }),
    metricChoices: choices.slice(0, CHOICES),
    moreChoices: choices.slice(CHOICES),
    query: {
      metric: query.metric ?? [],
      run: query.run,
      group: query.group ?? [],
      experiment: query.experiment,
      where: query.where,
    },
    candidates: data.others
      .filter((run) => !ids.includes(run.id))
      .map((run) => ({ id: run.id, name: middle(run.name, 60) })),
    json: jsonLink(shown),
    // Its numbers are those of what is shown.
    decide: decideLink(data, at({ run: shown.run })),
    views: showComparisonBar(data.views, data.home, { here: at({}), resolved: at({ metric: charts }) }),
  };
}

/** Lines of the table of what differs and of the diffs under it, which stand open where there are few. */
function differingRows({ params, tags }: ComparePageData, diffs: readonly DiffView[]): number {
  const open = diffs.length < 3 ? diffs : [];
  return (
    params.differ.length +
    tags.differ.filter((line) => !isSystemTag(line)).length +
    diffs.length +
    open.reduce((sum, { parts }) => sum + (parts[0]?.lines.length ?? 0), 0)
  );
}

function showHeads(data: ComparePageData, at: At, now: number): Record<string, unknown>[] {
  const { runs } = data;
  const colors = colorsFor(runs);
  const removing = removeLinks(runs, at);
  return runs.map((run, place) => ({
    ...showRunLink(run),
    name: middle(run.name, runs.length > 6 ? 24 : 40),
    color: colors.get(run.id)?.color ?? 'c0',
    isBaseline: data.kept.runs.some(({ id }) => id === run.id),
    state: runState(run, now),
    remove: removing(place),
  }));
}

/**
 * The comparison without the run at a place. Runs of a query are named one by one as soon as one of them is taken out. Put
 * together from one address: of 100 runs, 100 addresses with 99 ids each would be encoded.
 */
function removeLinks(runs: readonly RunRow[], at: At): (place: number) => string {
  const [before = '', after = ''] = at({ run: MARK, experiment: null, where: null }).split(`run=${MARK}`);
  const args = runs.map(({ id }) => `run=${id}`);
  if (runs.length < 2) return () => at({ run: [], experiment: null, where: null });
  return (place) => before + args.filter((_, other) => other !== place).join('&') + after;
}

/** No run has this id. */
const MARK = '-';

/** What the addresses of a chart name: what the page does, or the few runs that are drawn of many. */
function drawnIn({ firsts }: ComparePageData, key: string, query: ComparePageQuery): DrawnOf {
  const first = firsts.get(key);
  if (first && first.said !== '') return { run: first.runs.map(({ id }) => id), group: query.group };
  return { run: query.run, group: query.group, experiment: query.experiment, where: query.where };
}

/** `3 runs`, `2 runs and 1 group` */
function compared({ runs, ends }: ComparePageData): string {
  const groups = ends?.heads.length ?? 0;
  return [...(runs.length > 0 || groups === 0 ? [plural(runs.length, 'run')] : []), ...(groups > 0 ? [plural(groups, 'group')] : [])].join(' and '); // prettier-ignore
}

function notesLine({ runs }: ComparePageData): Line {
  const values = runs.map(({ notes }) => (notes === '' ? null : notes));
  return { key: 'notes', values: values.every((value) => value === values[0]) ? [] : values };
}

/** A decision belongs to one experiment. */
function decideLink({ experiments }: ComparePageData, url: string): string | null {
  const [only, ...others] = experiments.keys();
  return only === undefined || others.length > 0 ? null : link(`/experiments/${only}/decisions/new`, { url });
}

/** The same comparison as JSON, in the same words; null for a single run, which is none. */
function jsonLink({ run, group, experiment, where }: ComparePageQuery): string | null {
  const isOne = new Set(run).size < 2 && (group?.length ?? 0) === 0 && experiment === undefined;
  return isOne ? null : link('/api/compare', { run, group, experiment, where });
}

function showFacts({ runs, experiments }: ComparePageData, now: number): Record<string, unknown>[] {
  const texts = (of: (run: RunRow) => string): { text: string; title: string }[] =>
    runs.map((run) => ({ text: middle(of(run), 40), title: of(run) }));
  const fact = (key: string, of: (run: RunRow) => string): Record<string, unknown>[] => {
    const cells = texts(of);
    return cells.every(({ title }) => title === cells[0]?.title) ? [] : [{ key, cells }];
  };
  return [
    ...fact('experiment', (run) => experiments.get(run.experiment_id)?.name ?? ''),
    ...fact('state', (run) => runState(run, now).label),
    ...fact('took', (run) => took(run, now)),
    ...fact('started', (run) => (run.start_time === null ? '–' : showTime(run.start_time, now).exact)),
    ...fact('notes', (run) => plainLine(run.notes)),
  ];
}

function showLine({ key, values }: Line): Record<string, unknown> {
  return {
    key,
    cells: values.map((value) => ({
      text: value === null ? '–' : value === '' ? '✓' : middle(value, 60),
      title: value ?? 'not set',
    })),
  };
}

function showEqual({ key, values }: Line): { key: string; value: string; title: string } {
  const value = values[0] ?? '';
  return { key, value: middle(value, 32), title: value.slice(0, 500) };
}

/** The same value everywhere, and everywhere there. */
function isEqualMetric({ values }: MetricLine): boolean {
  const first = values[0];
  return values.length > 1 && values.every((one) => first && one && Object.is(one.value, first.value));
}

function showMetricLine(line: MetricLine, runs: RunRow[], base: DeltaBase): Record<string, unknown> {
  const { key, rule, isMixed, best } = line;
  const { texts, html } = metricCells(line, base);
  return {
    key,
    arrow: arrowOf(rule.direction),
    note: isMixed ? 'last, rules differ' : headWords({ ...rule, direction: null }),
    title: isMixed
      ? 'The experiments of these runs have different rules for this metric: last values are compared.'
      : ruleSentence(rule),
    best: showBest(best, texts, runs),
    cells: html,
  };
}

/** The best value and the first run that has it: among many columns it may be out of sight. */
function showBest(best: number[], texts: string[], runs: RunRow[]): Record<string, unknown> | null {
  const run = runs[best[0] ?? -1];
  if (!run) return null;
  return { ...showRunLink(run), name: middle(run.name, 24), value: texts[best[0] ?? 0] };
}

/** `val/accuracy is best in A: 0.9778, 0.0105 above B.` */
function showLead({ metrics, main, runs }: ComparePageData): Record<string, unknown> | null {
  const line = metrics.find(({ key }) => key === main);
  const place = line?.best[0];
  if (!line?.direction || place === undefined) return null;
  const sign = line.direction === Direction.Max ? 1 : -1;
  const winners = new Set(line.best);
  const rest = line.values
    .map((one, index) => ({ value: one?.value ?? NaN, run: runs[index] }))
    .filter(({ value }, index) => Number.isFinite(value) && !winners.has(index))
    .sort((a, b) => sign * (b.value - a.value));
  const value = line.values[place]?.value ?? NaN;
  const next = rest[0];
  const winner = runs[place];
  if (!winner) return null;
  return {
    key: line.key,
    value: ruleNumber(value, line.rule),
    rule: bestBy(line.rule),
    ...showRunLink(winner),
    shared: line.best.length > 1 ? plural(line.best.length, 'run') : null,
    next: next?.run
      ? { ...showRunLink(next.run), by: formatNumber(Math.abs(value - next.value)), word: sign > 0 ? 'above' : 'below' }
      : null,
  };
}
