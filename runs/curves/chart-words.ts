// runs/curves/chart-words.ts
// Purpose: a chart in words: its label for screen readers, what it leaves out, why there is nothing to draw.
// Why: a picture says nothing to who cannot see it, and nothing may be left out without a word.
// Relevant files: runs/curves/chart-svg.ts, runs/curves/chart-views.ts, runs/curves/curves.ts

import { formatCount, formatNumber, formatStep, formatTime, middle, plural } from '../../shared/format.ts';
import { xLabel } from './chart-scale.ts';
import { Band, isSmoothed, Scale, XAxis, type ChartSettings } from './chart-settings.ts';
import type { Curve, CurveBucket } from './curves.ts';
import { clippedWords } from './outliers.ts';
import { storyOf } from './chart-story.ts';
import { smoothingWords } from './smoothing.ts';

function over({ x, xmetric = '' }: ChartSettings): string {
  if (x === XAxis.Step) return 'over steps';
  if (x === XAxis.Metric) return `over ${middle(xmetric, 60)}`;
  return x === XAxis.Time ? 'over time' : 'over time since the start';
}

/** The name of an x-axis, to be written under it; clock times need their day. */
export function axisName({ x: kind, xmetric = '' }: ChartSettings, { min, max }: { min: number; max: number }): string {
  if (kind === XAxis.Step) return 'step';
  if (kind === XAxis.Metric) return middle(xmetric, 60);
  if (kind === XAxis.Relative) return 'time since the start of the run';
  const [from, to] = [dayOf(min), dayOf(max)];
  return `time, UTC, ${from === to ? from : `${from} to ${to}`}`;
}

/** `23 Nov 2026` */
function dayOf(ms: number): string {
  return formatTime(ms).split(',')[0] ?? '';
}

const NAMED = 5;

/** `val/accuracy over steps: from 0.63 at step 20 to 0.97 at step 300` */
export function describeChart(curves: readonly Curve[], key: string, settings: ChartSettings): string {
  const about = `${middle(key, 80)} ${over(settings)}${settings.scale === Scale.Linear ? '' : `, ${settings.scale} scale`}`;
  const drawn = curves.filter((curve) => isDrawable(curve, settings));
  const [only] = drawn;
  if (!only) return `${about}: nothing to draw`;
  // Without one finite value a run has no line, but that it diverged is the first thing to know of it.
  const broken = curves.filter((curve) => !drawn.includes(curve) && curve.nonfinite_count > 0);
  if (drawn.length + broken.length === 1) return `${about}: ${journey(only, settings, true)}`;
  const named = drawn
    .slice(0, NAMED)
    .map((curve) => `${middle(curve.run.name, 40)} ${journey(curve, settings, false)}`);
  const rest = drawn.length > NAMED ? `; and ${plural(drawn.length - NAMED, `more ${kindOf(drawn)}`)}` : '';
  const story = storyOf(drawn, broken, key, settings).map(
    (sentence) => `. ${sentence[0]?.toUpperCase()}${sentence.slice(1)}`,
  );
  return `${about}, ${linesText([...drawn, ...broken])}: ${named.join('; ')}${rest}${story.join('')}`;
}

/** `3 runs`, `2 groups`, `2 runs and 1 group` */
export function linesText(curves: readonly Curve[]): string {
  const groups = curves.filter(({ members }) => members !== undefined).length;
  const runs = curves.length - groups;
  return [
    ...(runs > 0 || groups === 0 ? [plural(runs, 'run')] : []),
    ...(groups > 0 ? [plural(groups, 'group')] : []),
  ].join(' and ');
}

/** What each line is of; a word for both where there are both. */
function kindOf(curves: readonly Curve[]): 'run' | 'group' | 'line' {
  const groups = curves.filter(({ members }) => members !== undefined).length;
  return groups === 0 ? 'run' : groups === curves.length ? 'group' : 'line';
}

function journey({ buckets }: Curve, { x }: ChartSettings, withPlaces: boolean): string {
  const finite = buckets.filter((bucket) => bucket.mean !== null);
  const [first, last] = [finite[0], finite.at(-1)];
  const at = (bucket: CurveBucket): string =>
    withPlaces ? ` at ${x === XAxis.Step ? 'step ' : ''}${xLabel(bucket.x, x)}` : '';
  const value = (bucket: CurveBucket): string => formatNumber(bucket.mean);
  if (!first || !last) return '';
  if (first === last) return `${value(first)}${at(first)}`;
  return `from ${value(first)}${at(first)} to ${value(last)}${at(last)}`;
}

/** Whether any of its values has a place in the chart. */
function isDrawable(curve: Curve, { scale }: ChartSettings): boolean {
  return curve.buckets.some(({ max }) => max !== null && (scale !== Scale.Log || max > 0));
}

/** A sentence instead of an empty box; null when there is something to draw. */
export function whyEmpty(curves: readonly Curve[], key: string, settings: ChartSettings): string | null {
  if (curves.some((curve) => isDrawable(curve, settings))) return null;
  const name = middle(key, 80);
  if (curves.every(({ count }) => count === 0)) return `No values of ${name} have been logged here.`;
  const points = total(curves, 'in_range');
  if (points === 0) return `No point of ${name} lies ${stretchInWords(settings)}.`;
  if (settings.x === XAxis.Metric && curves.every(({ buckets }) => buckets.length === 0))
    return `There are no values of ${middle(settings.xmetric ?? '', 80)} to draw ${name} over.`;
  if (total(curves, 'nonfinite_count') === points)
    return `All ${plural(points, 'value')} of ${name} are NaN or infinite.`;
  return `No value of ${name} is above 0: a log scale cannot show it.`;
}

/** `in steps 100 to 400`, `from step 100 on`, `up to step 400`; '' without limits. */
export function stretchInWords({ from, to }: ChartSettings): string {
  if (from !== undefined && to !== undefined) return `in steps ${formatStep(from)} to ${formatStep(to)}`;
  if (from !== undefined) return `from step ${formatStep(from)} on`;
  return to === undefined ? '' : `up to step ${formatStep(to)}`;
}

/** `15 of 15 points`; `1,200 of 48,210 points, extremes kept`; `80 of 300 points, in steps 100 to 400`. */
export function captionOf(curves: readonly Curve[], settings: ChartSettings): string {
  const [shown, count] = [total(curves, 'shown'), total(curves, 'count')];
  const kept = shown < total(curves, 'in_range') ? ', extremes kept' : '';
  const stretch = stretchInWords(settings);
  return `${formatCount(shown)} of ${plural(count, 'point')}${kept}${stretch ? `, ${stretch}` : ''}`;
}

/**
 * What the picture does not show, or shows otherwise: missing runs, non-finite values, values ≤ 0, smoothing.
 * Without a picture only what `whyEmpty` does not say already.
 */
export function saidOf(curves: readonly Curve[], key: string, settings: ChartSettings): string[] {
  const said: string[] = [];
  const isEmpty = !curves.some((curve) => isDrawable(curve, settings));
  const missing = curves.filter(({ count }) => count === 0);
  if (missing.length > 0 && missing.length < curves.length) {
    said.push(
      `${missing.length} of ${plural(curves.length, kindOf(curves))} ${missing.length === 1 ? 'has' : 'have'} no ${middle(key, 60)}: ${namesOf(missing)}.`,
    );
  }
  const broken = curves.filter((curve) => curve.nonfinite_count > 0);
  if (broken.length > 0 && !(isEmpty && total(curves, 'nonfinite_count') === total(curves, 'in_range'))) {
    const values = plural(total(broken, 'nonfinite_count'), 'value');
    const where = curves.length > 1 ? ` (${namesOf(broken)})` : '';
    said.push(
      `${values} ${total(broken, 'nonfinite_count') === 1 ? 'is' : 'are'} NaN or infinite, first at step ${firstBroken(broken)}${where}${isEmpty ? '' : '; marked at the edge'}.`,
    );
  }
  if (isEmpty) return said;
  const left = total(curves, 'nonpositive_count');
  if (left > 0)
    said.push(`${plural(left, 'value')} ≤ 0 left out: a log scale cannot show ${left === 1 ? 'it' : 'them'}.`);
  said.push(...groupWords(curves, settings));
  const unplaced = curves.reduce((sum, curve) => sum + (curve.unplaced_count ?? 0), 0);
  if (unplaced > 0) said.push(`${plural(unplaced, 'point')} left out: ${middle(settings.xmetric ?? '', 60)} has no value there or before.`); // prettier-ignore
  if (settings.scale === Scale.Symlog)
    said.push('Symlog: near 0 the axis is linear, beyond it logarithmic with both signs.');
  said.push(...clippedWords(curves, settings));
  if (isSmoothed(settings)) said.push(`Smoothed with ${smoothingWords(settings)}; the faint line is not smoothed.`);
  return said;
}

const BANDS: Record<Band, string> = {
  [Band.Std]: 'the standard deviation (n − 1)',
  [Band.Se]: 'the standard error',
  [Band.Ci]: 'the 95 % interval of the mean (Student’s t)',
  [Band.Range]: 'from the least to the greatest point',
};

/** `Line: mean of each group; band: the standard deviation (n − 1). Runs that count: adam 3; sgd 3, 2 from step 280.` */
function groupWords(curves: readonly Curve[], { band = Band.Std }: ChartSettings): string[] {
  const groups = curves.filter(({ members }) => members !== undefined);
  if (groups.length === 0) return [];
  const counts = groups.slice(0, 12).map(({ run, buckets }) => {
    const changes = buckets.filter((bucket, index) => bucket.n !== buckets[index - 1]?.n);
    const said = changes.slice(0, 4).map(({ n, from_step: step }, index) => `${n}${index === 0 ? '' : ` from step ${formatStep(step)}`}`); // prettier-ignore
    return `${middle(run.name, 40)}: ${said.join(', ') || '0'}${changes.length > 4 ? ' …' : ''}`;
  });
  const same = new Set(groups.flatMap(({ buckets }) => buckets.map(({ n }) => n)));
  const left = groups.flatMap(({ run, crashed = 0 }) => (crashed > 0 ? [`${crashed} of ${middle(run.name, 40)}`] : []));
  const all = same.size === 1 ? `${[...same].join('')} everywhere` : counts.join('; ');
  return [
    `Line: the mean of each group; band: ${BANDS[band]}. Runs that count: ${all}.`,
    ...(left.length > 0 ? [`Runs that failed or were killed are left out: ${left.slice(0, 12).join('; ')}.`] : []),
  ];
}

function firstBroken(curves: readonly Curve[]): string {
  const steps = curves
    .flatMap(({ buckets }) => buckets.filter((bucket) => bucket.nonfinite_count > 0))
    .map((bucket) => bucket.from_step);
  return formatStep(steps.reduce((least, step) => Math.min(least, step), Infinity));
}

function namesOf(curves: readonly Curve[]): string {
  const names = curves.slice(0, 3).map(({ run }) => middle(run.name, 40));
  return curves.length > 3 ? `${names.join(', ')} and ${curves.length - 3} more` : names.join(', ');
}

function total(
  curves: readonly Curve[],
  field: 'count' | 'in_range' | 'shown' | 'nonfinite_count' | 'nonpositive_count',
): number {
  return curves.reduce((sum, curve) => sum + curve[field], 0);
}
