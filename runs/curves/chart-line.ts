// runs/curves/chart-line.ts
// Purpose: one run's curve as SVG: band of extremes, line with gaps, faint unsmoothed line, lone dots, non-finite marks.
// Why: the part of a chart that is repeated for each run.
// Relevant files: runs/curves/chart-svg.ts, runs/curves/chart-path.ts, runs/curves/curves.ts

import { formatCount, formatStep, middle } from '../../shared/format.ts';
import { bandOf, pathOf, stretches, type Place } from './chart-path.ts';
import type { Axis } from './chart-scale.ts';
import { Scale } from './chart-settings.ts';
import type { RunColor } from './colors.ts';
import type { Curve, CurveBucket } from './curves.ts';
import { escapeXml } from './chart-text.ts';

/** Where the axes lie in the picture, in its units. */
export interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: Axis;
  y: Axis;
  scale: Scale;
}

export function drawCurve(curve: Curve, color: RunColor, plot: Plot, smoothed: boolean): string {
  const parts = [
    drawBand(curve.buckets, plot),
    smoothed ? drawLine(curve.buckets, plot, 'raw', (bucket) => bucket.mean) : '',
    drawLine(curve.buckets, plot, 'line', (bucket) => (smoothed ? bucket.smoothed : bucket.mean)),
    ...drawMarks(curve, plot),
  ].join('');
  const faint = curve.isFaint ? ' overtaken' : '';
  return parts === '' ? '' : `<g class="${color.color} ${color.dash}${faint}">${parts}</g>`;
}

/** The line alone, for thumbnails. */
export function drawLine(
  buckets: readonly CurveBucket[],
  plot: Plot,
  name: string,
  valueOf: (bucket: CurveBucket) => number | null,
): string {
  const places = buckets.map((bucket) => placeOf(plot, bucket.x, valueOf(bucket)));
  const [lines, dots] = split(stretches(places));
  const path = lines.length > 0 ? `<path class="${name}" d="${lines.map(pathOf).join('')}"/>` : '';
  const circles = dots.map(([x, y]) => `<circle class="dot" cx="${short(x)}" cy="${short(y)}" r="2.5"/>`);
  return path + circles.join('');
}

/** A stretch of one place has no length: it becomes a dot. */
function split(found: Place[][]): [lines: Place[][], dots: Place[]] {
  return [found.filter(({ length }) => length > 1), found.filter(({ length }) => length === 1).flat()];
}

function placeOf(plot: Plot, x: number, value: number | null): Place | null {
  if (value === null || (plot.scale === Scale.Log && value <= 0)) return null;
  return [across(plot, x), up(plot, value)];
}

export function across({ left, right, x }: Plot, value: number): number {
  return left + x.at(value) * (right - left);
}

function up({ top, bottom, y, scale }: Plot, value: number): number {
  // On a log scale what is ≤ 0 lies below every edge.
  return bottom - (scale === Scale.Log && value <= 0 ? 0 : y.at(value)) * (bottom - top);
}

function drawBand(buckets: readonly CurveBucket[], plot: Plot): string {
  const found = stretches(buckets.map((bucket) => (isVisible(bucket, plot) ? bucket : null)));
  const areas = found
    .filter((stretch) => stretch.some(({ min, max }) => min !== max))
    .map((stretch) => {
      const edge = (of: (bucket: CurveBucket) => number | null): Place[] =>
        stretch.map((bucket) => [across(plot, bucket.x), up(plot, of(bucket) ?? 0)]);
      const [upper, lower] = [edge(({ max }) => max), edge(({ min }) => min)];
      // A single bucket has no width: its range is an upright stroke.
      return stretch.length === 1 ? widened(upper, lower) : bandOf(upper, lower);
    });
  return areas.length > 0 ? `<path class="band" d="${areas.join('')}"/>` : '';
}

function widened(upper: Place[], lower: Place[]): string {
  const aside = (places: Place[], by: number): Place[] => places.map(([x, y]) => [x + by, y]);
  return bandOf([...aside(upper, -2), ...aside(upper, 2)], [...aside(lower, -2), ...aside(lower, 2)]);
}

function isVisible({ max }: CurveBucket, { scale }: Plot): boolean {
  return max !== null && (scale !== Scale.Log || max > 0);
}

interface Mark {
  word: string;
  count: number;
  from: CurveBucket;
  to: CurveBucket;
}

/** Neighbours nearer than this share a mark, in units of the picture. */
const NEAR = 9;

/** Triangles at the edges: ∞ at the top, −∞ and NaN at the bottom; the title says what, how many and where. */
function drawMarks(curve: Curve, plot: Plot): string[] {
  const kinds: [word: string, of: (bucket: CurveBucket) => number][] = [
    ['NaN', (bucket) => bucket.nan_count],
    ['∞', (bucket) => bucket.inf_count],
    ['−∞', (bucket) => bucket.nonfinite_count - bucket.nan_count - bucket.inf_count],
  ];
  return kinds.flatMap(([word, of]) =>
    gather(curve.buckets, word, of, plot).map((mark) => drawMark(mark, curve, plot)),
  );
}

function gather(
  buckets: readonly CurveBucket[],
  word: string,
  of: (bucket: CurveBucket) => number,
  plot: Plot,
): Mark[] {
  const marks: Mark[] = [];
  for (const bucket of buckets) {
    const count = of(bucket);
    if (count === 0) continue;
    const last = marks.at(-1);
    if (last && across(plot, bucket.x) - across(plot, last.to.x) < NEAR) {
      last.count += count;
      last.to = bucket;
    } else marks.push({ word, count, from: bucket, to: bucket });
  }
  return marks;
}

function drawMark({ word, count, from, to }: Mark, curve: Curve, plot: Plot): string {
  const [x0, x1] = [short(across(plot, from.x)), short(across(plot, to.x))];
  const atTop = word === '∞';
  const edge = atTop ? plot.top : plot.bottom;
  // NaN points up from the axis, infinities point the way they go.
  const tip = word === 'NaN' ? edge - 7 : atTop ? edge - 2 : edge + 2;
  const base = word === 'NaN' ? edge : atTop ? edge + 5 : edge - 5;
  const bar = x0 === x1 ? '' : `M${x0} ${base}H${x1}v${base > tip ? -2 : 2}H${x0}z`;
  const [first, last] = [
    formatStep(Math.min(from.from_step, to.from_step)),
    formatStep(Math.max(from.to_step, to.to_step)),
  ];
  const where = first === last ? `step ${first}` : `steps ${first} to ${last}`;
  const title = `${middle(curve.run.name, 60)}: ${count > 1 ? `${formatCount(count)} × ` : ''}${word} at ${where}`;
  return `<path class="nan" d="M${short(x0 - 4)} ${base}h8l-4 ${short(tip - base)}z${bar}"><title>${escapeXml(title)}</title></path>`;
}

export function short(n: number): number {
  return Math.round(n * 10) / 10;
}
