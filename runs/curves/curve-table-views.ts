// runs/curves/curve-table-views.ts
// Purpose: the table of values below a large chart: its buckets as rows of text.
// Why: the table is the chart for who cannot see it, and the way to read exact numbers.
// Relevant files: runs/curves/curve-views.ts, runs/templates/curves.html, shared/format.ts

import {
  formatColumn,
  formatCount,
  formatNumber,
  formatStep,
  formatTime,
  middle,
  plural,
} from '../../shared/format.ts';
import { isSmoothed, type ChartSettings } from './chart-settings.ts';
import { colorsFor, type RunColor } from './colors.ts';
import type { Curve, CurveBucket } from './curves.ts';

/** Rows of the page's table; the csv has all points. Of many lines they are some of the first few only: half of a browser's work for nothing. */
const ROWS = { few: 500, many: 100 };

const FEW_LINES = 20;

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

export function showTable(curves: Curve[], settings: ChartSettings): TableView {
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
