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
import { link } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { LIMITS } from '../../shared/limits.ts';
import { Scale, settingsOf, settingsQuery, XAxis, type ChartSettings } from './chart-settings.ts';
import { axesOf, type Size } from './chart-axes.ts';
import type { Axis } from './chart-scale.ts';
import type { Tick } from './chart-ticks.ts';
import { axisName, captionOf, saidOf } from './chart-words.ts';
import { chartUrls, showChart, type ChartView } from './chart-views.ts';
import { colorsFor, type RunColor } from './colors.ts';
import type { CurvesOut, CurvesQuery } from './curve-schemas.ts';
import type { Curve, CurveBucket } from './curves.ts';

/** Rows of the page's table; the csv has all points. */
const ROWS = 500;

export function showCurves(
  curves: Curve[],
  query: CurvesQuery,
  experiments: { id: number; name: string }[],
): PageContext {
  const { key } = query;
  const settings = settingsOf(query);
  const runIds = curves.map(({ run }) => run.id);
  const urls = chartUrls(runIds, key);
  const [only] = curves;
  return {
    title: middle(key, 60),
    key,
    experiments: experiments.map(({ id, name }) => ({ href: `/experiments/${id}`, name: middle(name, 40) })),
    run: only && curves.length === 1 ? { href: `/runs/${only.run.id}`, name: middle(only.run.name, 60) } : null,
    compare: curves.length > 1 ? link('/compare', { run: runIds, metric: key, ...settingsQuery(settings) }) : null,
    chart: showOwnChart(curves, key, settings),
    axes: [
      segment('step', settings.x === XAxis.Step, urls.page({ ...settings, x: XAxis.Step })),
      segment('time since start', settings.x === XAxis.Relative, urls.page({ ...settings, x: XAxis.Relative })),
      segment('clock time', settings.x === XAxis.Time, urls.page({ ...settings, x: XAxis.Time })),
    ],
    scales: [
      segment('linear', settings.scale === Scale.Linear, urls.page({ ...settings, scale: Scale.Linear })),
      segment('log', settings.scale === Scale.Log, urls.page({ ...settings, scale: Scale.Log })),
    ],
    hidden: hiddenFields(runIds, key, settings),
    settings,
    everything: urls.page({ x: settings.x, scale: settings.scale, smooth: settings.smooth }),
    zoomed: settings.from !== undefined || settings.to !== undefined,
    ...showTable(curves, settings),
    formats: [
      { label: 'csv', href: link('/curves.csv', { run: runIds, key }) },
      { label: 'json', href: urls.data(settings) },
      { label: 'svg', href: link('/curves.svg', { run: runIds, key, ...settingsQuery(settings) }) },
    ],
  };
}

/** On its own page a chart has no link to itself, and its settings are above it. */
function showOwnChart(curves: Curve[], key: string, settings: ChartSettings): ChartView {
  const title = curves.length === 1 ? middle(curves[0]?.run.name ?? '', 60) : plural(curves.length, 'run');
  const chart = showChart(curves, key, settings, { size: 'large', legend: LIMITS.compareRuns, title });
  return { ...chart, href: '', tools: chart.tools.filter(({ label }) => label === 'svg' || label === 'csv') };
}

function segment(label: string, on: boolean, href: string): { label: string; on: boolean; href: string } {
  return { label, on, href };
}

/** What the form of smoothing and steps must send along. */
function hiddenFields(runIds: string[], key: string, settings: ChartSettings): { name: string; value: string }[] {
  const { x, scale, buckets } = settingsQuery(settings);
  const rest = { key, x, scale, buckets };
  return [
    ...runIds.map((value) => ({ name: 'run', value })),
    ...Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: String(value) }])),
  ];
}

interface TableRow extends RunColor {
  first: boolean;
  run: { name: string; title: string; href: string };
  steps: string;
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
  smooth: boolean;
  rowsText: string;
}

function showTable(curves: Curve[], { smooth }: ChartSettings): TableView {
  const colors = colorsFor(curves.map(({ run }) => run));
  const all = curves.flatMap((curve) => curve.buckets.map((bucket, index) => ({ curve, bucket, first: index === 0 })));
  const shown = all.slice(0, ROWS);
  const texts = (of: (bucket: CurveBucket) => number | null): string[] =>
    formatColumn(shown.map(({ bucket }) => of(bucket)));
  const [min, mean, max] = [texts((b) => b.min), texts((b) => b.mean), texts((b) => b.max)];
  const smoothed = texts((b) => b.smoothed);
  const rows = shown.map(({ curve: { run }, bucket, first }, index): TableRow => ({
    ...(colors.get(run.id) ?? { color: 'c0', dash: 'd0' }),
    first,
    run: { name: middle(run.name, 40), title: run.name, href: `/runs/${run.id}` },
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
  const several = all.some(({ bucket }) => bucket.count > 1);
  return { rows, several, smooth: smooth > 0, rowsText: rowsText(shown.length, all.length, several) };
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

function rowsText(shown: number, all: number, several: boolean): string {
  const what = several ? 'stretch' : 'point';
  const many = several ? 'stretches' : 'points';
  if (shown < all) return `The first ${formatCount(shown)} of ${plural(all, what, many)}; the csv has every point.`;
  return several ? `All ${plural(all, what, many)}; the csv has every point.` : `All ${plural(all, what, many)}.`;
}

function showAxis({ min, max, ticks }: Axis, name: string): { name: string; min: number; max: number; ticks: Tick[] } {
  return { name, min, max, ticks };
}

export function curvesAnswer(curves: Curve[], key: string, settings: ChartSettings, size: Size): CurvesOut {
  const axes = axesOf(curves, settings, size);
  const colors = colorsFor(curves.map(({ run }) => run));
  return {
    key,
    x: settings.x,
    scale: settings.scale,
    caption: captionOf(curves, settings),
    said: saidOf(curves, key, settings),
    axes: axes && { x: showAxis(axes.x, axisName(settings.x, axes.x)), y: showAxis(axes.y, key) },
    curves: curves.map(({ run, count, shown, nonfinite_count, nonpositive_count, buckets }) => ({
      run_id: run.id,
      label: run.name,
      ...(colors.get(run.id) ?? { color: 'c0', dash: 'd0' }),
      count,
      shown,
      nonfinite_count,
      nonpositive_count,
      buckets,
    })),
  };
}
