// runs/pictures/histogram.ts
// Purpose: how the values of one field are spread over the runs: bins of numbers, counts of texts.
// Why: one peak or two, a long tail, three runs that diverged: a mean tells none of it.
// Relevant files: runs/pictures/scaled.ts, shared/stats/quantiles.ts, runs/pictures/pictures.ts

import { formatCount, formatNumber, middle, plural } from '../../shared/format.ts';
import { statsOf } from '../../shared/stats/moments.ts';
import { boxOf, quantile } from '../../shared/stats/quantiles.ts';
import { short } from '../curves/chart-line.ts';
import { xAxis } from '../curves/chart-scale.ts';
import { XAxis } from '../curves/chart-settings.ts';
import type { Box } from '../curves/chart-svg.ts';
import { escapeXml } from '../curves/chart-text.ts';
import { niceStep, times } from '../curves/chart-ticks.ts';
import { clipped, clippedWords, isInside, type Clipped } from './clipped.ts';
import type { Column } from './column-queries.ts';
import { drawFrame, ticksIn } from './frame.ts';
import { figure, type Picture } from './picture.ts';
import { Kind, type AxisScale } from './picture-schemas.ts';
import { axisName, axisOf, leftOut, scaled, shownValue, type Scaled } from './scaled.ts';

const HEIGHT = 380;
const BINS_MAX = 60;

interface Bin {
  /** On the scale: logarithms where it is log. The last bin has its upper end in it. */
  from: number;
  to: number;
  count: number;
  /** Of what lies far beyond the others: where it is drawn, as wide as they are, beside the first or the last. */
  held?: { from: number; to: number };
}

export function histogram(column: Column, scale: AxisScale, asked: number | undefined): Picture {
  const across = scaled(column, scale);
  const seen = clipped(across, scale);
  const values = across.values.filter((value) => value !== null);
  const { bins, rule } = across.categories ? { bins: bars(across, values), rule: '' } : withHeld(values, seen, asked);
  const label = middle(column.field.label, 60);
  const numbers = across.categories ? [] : across.isLog ? values.map((value) => 10 ** value) : values;
  const [stats, box] = [statsOf(numbers), boxOf(numbers)];
  const ends = ({ from, to }: Bin): [string | number, string | number] =>
    across.categories
      ? [across.categories[Math.round((from + to) / 2)] ?? '', across.categories[Math.round((from + to) / 2)] ?? '']
      : across.isLog ? [10 ** from, 10 ** to] : [from, to];
  const most = bins.reduce((a, b) => (b.count > a.count ? b : a), bins[0] ?? { from: 0, to: 0, count: 0 });
  // The axis is as long as the bins are.
  const placed = bins.map(({ from, to, held }) => held ?? { from, to });
  const [first, last] = [placed[0]?.from ?? 0, placed.at(-1)?.to ?? 0];
  const over = across.categories ? across : { ...across, min: across.isLog ? 10 ** first : first, max: across.isLog ? 10 ** last : last };
  const draw = (area: Box): string => {
    const ticks = ticksIn(area);
    const whole = axisOf(over, ticks.x);
    if (!whole || bins.length === 0) return '';
    // Under what is held at an edge no number is true.
    const own = bins.filter(({ held }) => !held);
    const axis = { ...whole, ticks: whole.ticks.filter(({ value }) => own.length === bins.length || (value >= (own[0]?.from ?? 0) && value <= (own.at(-1)?.to ?? 0))) };
    const frame = drawFrame({ x: axis, y: xAxis(0, Math.max(1, most.count), XAxis.Step, ticks.y, true) }, { x: axisName(across), y: 'runs' }, area);
    const marks = bins.filter(({ count }) => count > 0).map((bin) => {
      const [left, right] = [frame.x((bin.held ?? bin).from), frame.x((bin.held ?? bin).to)];
      const wide = Math.max(1, Math.abs(right - left) - (Math.abs(right - left) > 6 ? 1.5 : 0));
      const top = frame.y(bin.count);
      const [from, to] = ends(bin);
      const words = across.categories ? shownValue(column, String(from)) : `${shownValue(column, from)} to ${shownValue(column, to)}`;
      return `<path class="dot"${bin.held ? ' fill-opacity="0.35"' : ''} d="M${short(left)} ${short(top)}h${short(wide)}V${short(frame.plot.bottom)}h${short(-wide)}z"><title>${escapeXml(`${words}: ${plural(bin.count, 'run')}`)}</title></path>`;
    });
    return `${frame.svg}<g class="c0" fill-opacity="0.8">${marks.join('')}</g>`;
  };
  const peak = most.count === 0 ? '' : ` Most, ${formatCount(most.count)}, ${across.categories ? `have ${shownValue(column, ends(most)[0])}` : `lie from ${shownValue(column, ends(most)[0])} to ${shownValue(column, ends(most)[1])}`}.`;
  const middleOf = box ? ` Median ${shownValue(column, box.median)}, from ${shownValue(column, box.min)} to ${shownValue(column, box.max)}.` : '';
  return {
    kind: Kind.Histogram,
    title: `Histogram of ${label}`,
    text: `Histogram of ${axisName(across)}: ${formatCount(values.length)} of ${plural(column.values.length, 'run')}.${middleOf}${peak}`,
    notes: [],
    said: [...leftOut(across), ...clippedWords(seen, { ofAll: 'a fainter bar counts them, figures are of', which: 'scale' }), ...(rule === '' ? [] : [rule])],
    figures: [
      figure('runs', values.length),
      ...(across.categories ? [] : [
        figure('mean', stats?.mean, 'quartiles'), figure('standard deviation', stats?.std, 'quartiles'), figure('least', box?.min, 'quartiles'), figure('lower quartile', box?.q1, 'quartiles'),
        figure('median', box?.median, 'quartiles'), figure('upper quartile', box?.q3, 'quartiles'), figure('greatest', box?.max, 'quartiles'),
      ].map((one) => (column.isNumber && one.value !== null ? { ...one, text: one.name === 'standard deviation' && column.field.of !== 'duration' ? one.text : shownValue(column, one.value) } : one))),
    ],
    legend: [],
    columns: across.categories ? [column.field.text, 'runs'] : ['from', 'to', 'runs'],
    rows: bins.map((bin) => (across.categories ? [ends(bin)[0], bin.count] : [...ends(bin), bin.count])),
    ids: null,
    height: HEIGHT,
    draw,
    empty: column.values.length === 0 ? 'No run matches.' : `No run has a value of ${label}.`,
  };
} // prettier-ignore

/** A bar for each text, four fifths of its place wide. */
function bars({ categories }: Scaled, values: readonly number[]): Bin[] {
  return (categories ?? []).map((_, place) => {
    return { from: place - 0.4, to: place + 0.4, count: values.filter((value) => value === place).length };
  });
}

/** Bins of what the axis holds; values far beyond are one more on their side. */
function withHeld(values: readonly number[], seen: Clipped, asked: number | undefined): { bins: Bin[]; rule: string } {
  const { fence } = seen;
  if (!fence) return binned(values, seen, asked);
  const { bins, rule } = binned(values.filter((value) => isInside(value, fence)), seen, asked);
  const [first, last] = [bins[0], bins.at(-1)];
  if (!first || !last) return { bins, rule };
  const [below, above] = [values.filter((value) => value < fence.low), values.filter((value) => value > fence.high)];
  const wide = last.to - last.from;
  const one = (count: number, bin: Omit<Bin, 'count'>): Bin[] => (count === 0 ? [] : [{ ...bin, count }]);
  return {
    bins: [
      ...one(below.length, { from: below.reduce((a, b) => Math.min(a, b), Infinity), to: first.from, held: { from: first.from - wide, to: first.from } }),
      ...bins,
      ...one(above.length, { from: last.to, to: above.reduce((a, b) => Math.max(a, b), -Infinity), held: { from: last.to, to: last.to + wide } }),
    ],
    rule,
  };
} // prettier-ignore

/**
 * Freedman and Diaconis (Zeitschrift für Wahrscheinlichkeitstheorie 57, 1981): 2 · (distance of the quartiles) / ∛n wide, made round;
 * where the quartiles are equal by Sturges' log₂ n + 1. On a log scale the same of the logarithms.
 */
function binned(values: readonly number[], { isLog, column }: Scaled, asked: number | undefined): { bins: Bin[]; rule: string } {
  if (values.length === 0) return { bins: [], rule: '' };
  const sorted = [...values].sort((a, b) => a - b);
  const [least, greatest] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const range = greatest - least;
  if (!(range > 0 && range < Infinity)) return { bins: [{ from: least - Math.abs(least || 1) / 20, to: greatest + Math.abs(greatest || 1) / 20, count: values.length }], rule: 'All values are the same.' };
  const byQuartiles = (2 * (quantile(sorted, 0.75) - quantile(sorted, 0.25))) / Math.cbrt(values.length);
  const width = Math.max(byQuartiles > 0 ? byQuartiles : range / (Math.log2(values.length) + 1), range / BINS_MAX);
  const isRound = asked === undefined && !isLog && column.field.of !== 'started';
  const step = asked !== undefined ? range / asked : isRound ? niceStep(width) : range / Math.ceil(range / width - 1e-9);
  const first = isRound ? Math.floor(least / step + 1e-9) : 0;
  const edge = (place: number): number => (isRound ? times(first + place, step) : least + place * step);
  const many = Math.max(1, isRound ? Math.ceil(greatest / step - 1e-9) - first : Math.round(range / step));
  const bins = Array.from({ length: many }, (_, place): Bin => ({ from: edge(place), to: place === many - 1 && !isRound ? greatest : edge(place + 1), count: 0 }));
  for (const value of values) {
    const guess = Math.min(many - 1, Math.max(0, Math.floor((value - edge(0)) / step)));
    // A value on an edge belongs to the bin above it, whatever the division says.
    const place = value >= (bins[guess + 1]?.from ?? Infinity) ? guess + 1 : value < (bins[guess]?.from ?? -Infinity) ? Math.max(0, guess - 1) : guess;
    const bin = bins[place];
    if (bin) bin.count += 1;
  }
  const how = asked !== undefined ? `${plural(asked, 'bin')} as asked` : `${plural(many, 'bin')}${isRound ? `, ${formatNumber(step)} wide` : isLog ? ', equally wide in logarithms' : ''}, ${byQuartiles > 0 ? 'by the rule of Freedman and Diaconis' : 'by Sturges’ rule'}`;
  return { bins, rule: `${how}; a value on an edge counts in the bin above it.` };
} // prettier-ignore
