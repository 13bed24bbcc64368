// runs/curves/curve-views.ts
// Purpose: the curve page: a large chart, its settings as links and a form, and its buckets as a table.
// Why: the table is the chart for who cannot see it, and the way to read exact numbers.
// Relevant files: runs/curves/curve-routes.ts, runs/templates/curves.html, runs/curves/chart-views.ts

import {
  formatColumn,
  formatCount,
  formatNumber,
  formatStep,
  formatTime,
  middle,
  plural,
} from '../../shared/format.ts';
import type { LeftOut } from '../compare/left-out.ts';
import { link } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import {
  Band,
  isSmoothed,
  Outliers,
  Scale,
  settingsQuery,
  Smoothing,
  windowOf,
  XAxis,
  type ChartSettings,
} from './chart-settings.ts';
import { keptText } from './own-settings.ts';
import { FORMULAE } from './smoothing.ts';
import { axesOf, type Size } from './chart-axes.ts';
import type { Axis } from './chart-scale.ts';
import type { Tick } from './chart-ticks.ts';
import { axisName, captionOf, describeChart, linesText, saidOf } from './chart-words.ts';
import { chartUrls, csvLinks, showChart, type ChartView, type DrawnOf } from './chart-views.ts';
import { GROUP_RULE } from './group-curves.ts';
import { colorsFor, type RunColor } from './colors.ts';
import { columnsOf } from './curve-columns.ts';
import { CurveShape, type CurvesOut } from './curve-schemas.ts';
import type { Curve, CurveBucket } from './curves.ts';

const BANDS = [
  { band: Band.Std, label: '± std' },
  { band: Band.Se, label: '± standard error' },
  { band: Band.Ci, label: '95 % interval' },
  { band: Band.Range, label: 'min to max' },
] as const;

/** Rows of the page's table; the csv has all points. Of many lines they are some of the first few only: half of a browser's work for nothing. */
const ROWS = { few: 500, many: 100 };
const FEW_LINES = 20;

export interface CurvePageData {
  curves: Curve[];
  /** What the address names. */
  of: DrawnOf;
  /** What of it was left out. */
  cut: string[];
  leftOut: LeftOut;
  key: string;
  settings: ChartSettings;
  /** What the metric is drawn by where the URL says nothing. */
  base: ChartSettings;
  experiments: { id: number; name: string }[];
  /** Metrics that may be the x-axis. */
  others: string[];
}

export function showCurves({
  curves,
  of,
  cut,
  leftOut,
  key,
  settings,
  base,
  experiments,
  others,
}: CurvePageData): PageContext {
  const urls = chartUrls(of, key, base);
  const grouped = curves.some(({ members }) => members !== undefined);
  const [only] = curves;
  return {
    title: middle(key, 60),
    key,
    experiments: experiments.map(({ id, name }) => ({ href: `/experiments/${id}`, name: middle(name, 40) })),
    run:
      only && curves.length === 1
        ? { href: only.run.href ?? `/runs/${only.run.id}`, name: middle(only.run.name, 60) }
        : null,
    cut,
    leftOut,
    words: curves.length > 1 ? describeChart(curves, key, settings) : '',
    bands: grouped
      ? BANDS.map(({ band, label }) =>
          segment(label, (settings.band ?? Band.Std) === band, urls.page({ ...settings, band })),
        )
      : [],
    groupRule: grouped ? GROUP_RULE : '',
    compare: curves.length > 1 ? link('/compare', { ...of, metric: key, ...settingsQuery(settings) }) : null,
    chart: showOwnChart(curves, of, key, settings, base),
    axes: [
      segment('step', settings.x === XAxis.Step, urls.page({ ...settings, x: XAxis.Step })),
      segment('time since start', settings.x === XAxis.Relative, urls.page({ ...settings, x: XAxis.Relative })),
      segment('clock time', settings.x === XAxis.Time, urls.page({ ...settings, x: XAxis.Time })),
    ],
    scales: [
      segment('linear', settings.scale === Scale.Linear, urls.page({ ...settings, scale: Scale.Linear })),
      segment('log', settings.scale === Scale.Log, urls.page({ ...settings, scale: Scale.Log })),
      segment('symlog', settings.scale === Scale.Symlog, urls.page({ ...settings, scale: Scale.Symlog })),
    ],
    hidden: hiddenFields(of, key, { ...settingsQuery(settings, base) }),
    settings,
    smoothings: [
      { value: Smoothing.Ema, label: 'moving average', on: (settings.smoothing ?? Smoothing.Ema) === Smoothing.Ema },
      { value: Smoothing.Mean, label: 'running mean', on: settings.smoothing === Smoothing.Mean },
      { value: Smoothing.Gauss, label: 'Gaussian', on: settings.smoothing === Smoothing.Gauss },
    ],
    window: settings.smoothing === Smoothing.Mean || settings.smoothing === Smoothing.Gauss ? windowOf(settings) : '',
    clipped: settings.outliers === Outliers.Clipped,
    over: settings.xmetric ?? '',
    others: others.filter((other) => other !== key),
    overHidden: hiddenFields(of, key, {
      ...settingsQuery({ ...settings, xmetric: undefined }, base),
      x: XAxis.Metric,
    }),
    formulae: FORMULAE,
    ...showDefault(key, settings, base, experiments, urls.page(settings)),
    everything: urls.page({ ...settings, from: undefined, to: undefined, buckets: undefined }),
    zoomed: settings.from !== undefined || settings.to !== undefined,
    ...showTable(curves, settings),
    formats: [
      ...csvLinks(of, key, settings),
      { label: 'json', href: link('/curves.json', { ...of, key, ...settingsQuery(settings) }) },
      { label: 'md', href: link('/curves.md', { ...of, key, ...settingsQuery(settings) }) },
      { label: 'svg', href: link('/curves.svg', { ...of, key, ...settingsQuery(settings) }) },
    ],
  };
}

/** On its own page a chart has no link to itself, and its settings are above it. */
function showOwnChart(
  curves: Curve[],
  of: DrawnOf,
  key: string,
  settings: ChartSettings,
  base: ChartSettings,
): ChartView {
  const title = curves.length === 1 ? middle(curves[0]?.run.name ?? '', 60) : linesText(curves);
  const chart = showChart(curves, key, settings, { size: 'large', namesAll: true, title, base, of });
  return { ...chart, href: '', tools: chart.tools.filter(({ label }) => label === 'svg' || label === 'csv') };
}

function segment(label: string, on: boolean, href: string): { label: string; on: boolean; href: string } {
  return { label, on, href };
}

/** Fields that the form of smoothing and steps has itself. */
const OWN_FIELDS = new Set(['smooth', 'smoothing', 'window', 'outliers', 'from', 'to']);

/** What a form must send along besides its own fields. */
function hiddenFields(
  of: DrawnOf,
  key: string,
  query: Record<string, string | number | undefined>,
): { name: string; value: string }[] {
  const isOver = query['x'] === XAxis.Metric && query['xmetric'] === undefined;
  return [
    ...Object.entries(of).flatMap(([name, some]) =>
      [some].flat().flatMap((value) => (value === undefined ? [] : [{ name, value: String(value) }])),
    ),
    { name: 'key', value: key },
    ...Object.entries(query)
      .filter(([name]) => isOver || !OWN_FIELDS.has(name))
      .flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: String(value) }])),
  ];
}

/** What of these settings can be kept for the metric, and what can be forgotten. */
function showDefault(
  key: string,
  settings: ChartSettings,
  base: ChartSettings,
  experiments: { id: number }[],
  here: string,
): { keep: Record<string, unknown> | null } {
  const [experiment, other] = experiments;
  if (!experiment || other) return { keep: null };
  const [now, kept] = [keptText(settings), keptText(base)];
  return {
    keep: {
      experiment: experiment.id,
      settings: now,
      back: here,
      canKeep: now !== kept,
      isKept: kept !== '',
      label: `Keep as the default of ${middle(key, 40)}`,
    },
  };
}

interface TableRow extends RunColor {
  first: boolean;
  run: { name: string; title: string; href: string };
  steps: string;
  /** Of a group: runs that count there. */
  n: number | '';
  time: string;
  count: string;
  nonfinite: string;
  min: string;
  mean: string;
  max: string;
  smoothed: string;
  /** The exact mean. */
  exact: string;
}

interface TableView {
  rows: TableRow[];
  /** Some bucket holds several points: then extremes and counts are columns. */
  several: boolean;
  grouped: boolean;
  smooth: boolean;
  /** Of many lines: some of the first few only, so nobody is led to scroll through them. */
  folded: boolean;
  rowsText: string;
}

function showTable(curves: Curve[], settings: ChartSettings): TableView {
  const colors = colorsFor(curves.map(({ run }) => run));
  const all = curves.flatMap((curve) => curve.buckets.map((bucket, index) => ({ curve, bucket, first: index === 0 })));
  const shown = all.slice(0, curves.length > FEW_LINES ? ROWS.many : ROWS.few);
  const texts = (of: (bucket: CurveBucket) => number | null): string[] =>
    formatColumn(shown.map(({ bucket }) => of(bucket)));
  const [min, mean, max] = [texts((b) => b.min), texts((b) => b.mean), texts((b) => b.max)];
  const smoothed = texts((b) => b.smoothed);
  const rows = shown.map(({ curve: { run }, bucket, first }, index): TableRow => ({
    ...(colors.get(run.id) ?? { color: 'c0', dash: 'd0' }),
    first,
    run: { name: middle(run.name, 40), title: run.title ?? run.name, href: run.href ?? `/runs/${run.id}` },
    n: bucket.n ?? '',
    steps: stepsText(bucket),
    time: formatTime(bucket.from_time),
    count: formatCount(bucket.count),
    nonfinite: nonfiniteWords(bucket),
    min: min[index] ?? '',
    mean: mean[index] ?? '',
    max: max[index] ?? '',
    smoothed: smoothed[index] ?? '',
    exact: bucket.mean === null ? '' : String(bucket.mean),
  }));
  const grouped = curves.some(({ members }) => members !== undefined);
  const several = grouped || all.some(({ bucket }) => bucket.count > 1);
  return {
    rows,
    several,
    grouped,
    smooth: isSmoothed(settings),
    folded: curves.length > FEW_LINES,
    rowsText: rowsText(shown.length, all.length, { several, grouped }),
  };
}

function stepsText({ from_step, to_step }: CurveBucket): string {
  return from_step === to_step ? formatStep(from_step) : `${formatStep(from_step)} to ${formatStep(to_step)}`;
}

/** `NaN`, `∞`, `3 × NaN, −∞`; '' when all is finite. */
function nonfiniteWords({ nonfinite_count, nan_count, inf_count }: CurveBucket): string {
  const kinds: [number, number][] = [
    [nan_count, NaN],
    [inf_count, Infinity],
    [nonfinite_count - nan_count - inf_count, -Infinity],
  ];
  return kinds
    .filter(([count]) => count > 0)
    .map(([count, value]) => (count > 1 ? `${formatCount(count)} × ` : '') + formatNumber(value))
    .join(', ');
}

function rowsText(shown: number, all: number, { several, grouped }: Pick<TableView, 'several' | 'grouped'>): string {
  const file = grouped ? 'points' : 'the csv';
  const what = several ? 'stretch' : 'point';
  const many = several ? 'stretches' : 'points';
  if (shown < all) return `The first ${formatCount(shown)} of ${plural(all, what, many)}; ${file} has every point.`;
  return several ? `All ${plural(all, what, many)}; ${file} has every point.` : `All ${plural(all, what, many)}.`;
}

function showAxis({ min, max, ticks }: Axis, name: string): { name: string; min: number; max: number; ticks: Tick[] } {
  return { name, min, max, ticks };
}

export function curvesAnswer(
  curves: Curve[],
  key: string,
  settings: ChartSettings,
  size: Size,
  shape: CurveShape,
): CurvesOut {
  const asColumns = shape === CurveShape.Columns;
  const axes = axesOf(curves, settings, size);
  const colors = colorsFor(curves.map(({ run }) => run));
  return {
    key,
    x: settings.x,
    scale: settings.scale,
    caption: captionOf(curves, settings),
    said: saidOf(curves, key, settings),
    axes: axes && {
      x: showAxis(axes.x, axisName(settings, axes.x)),
      y: { ...showAxis(axes.y, key), linear_to: axes.y.linearTo },
    },
    curves: curves.map(({ run, members, count, shown, nonfinite_count, nonpositive_count, buckets }) => ({
      run_id: run.id,
      label: run.name,
      title: run.title ?? run.name,
      members,
      band: members === undefined ? undefined : (settings.band ?? Band.Std),
      ...(colors.get(run.id) ?? { color: 'c0', dash: 'd0' }),
      count,
      shown,
      nonfinite_count,
      nonpositive_count,
      ...(asColumns ? { buckets: [], columns: columnsOf(buckets) } : { buckets }),
    })),
  };
}
