// runs/pictures/scatter.ts
// Purpose: two fields of all runs as points, with the line through them, correlations, and classes by colour and shape.
// Why: whether a metric follows a param, and in which form, is seen before it is tested.
// Relevant files: runs/pictures/scaled.ts, runs/pictures/dots.ts, shared/stats/correlation.ts, runs/pictures/pictures.ts

import { formatCount, formatNumber, middle, plural } from '../../shared/format.ts';
import { leastSquares, pearson, spearman, type Line } from '../../shared/stats/correlation.ts';
import { short } from '../curves/chart-line.ts';
import type { Box } from '../curves/chart-svg.ts';
import { Direction } from '../metric-rules.ts';
import { bestBy } from '../rules/rule-text.ts';
import { clipped, clippedWords, type Clipped } from './clipped.ts';
import { classesOf, legendOf } from './classes.ts';
import type { Column, PictureRun } from './column-queries.ts';
import { drawDots, jitter, shapePath, thinned, type Dot } from './dots.ts';
import { drawFrame, ticksIn, type Frame } from './frame.ts';
import { figure, pFigure, type LegendItem, type Picture } from './picture.ts';
import { Kind, type AxisScale } from './picture-schemas.ts';
import { axisName, axisOf, leftOut, scaled, shownValue, type Scaled } from './scaled.ts';

export interface ScatterInput {
  runs: PictureRun[];
  x: Column;
  y: Column;
  color: Column | null;
  scales: { x: AxisScale; y: AxisScale };
}

const HEIGHT = 460;
const COLORS_MAX = 10;
const NONE: LegendItem = { label: 'none', color: 'ax', shape: 'cross', opacity: 0.7 };

export function scatter({ runs, x, y, color, scales }: ScatterInput): Picture {
  const [across, up] = [scaled(x, scales.x), scaled(y, scales.y)];
  // Only the axes end there: figures, line and words are of all.
  const seen = { x: clipped(across, scales.x), y: clipped(up, scales.y) };
  const places = runs.flatMap((_, place) => ((across.values[place] ?? null) === null || (up.values[place] ?? null) === null ? [] : [place]));
  const xs = places.map((place) => across.values[place] ?? 0);
  const ys = places.map((place) => up.values[place] ?? 0);
  const isNumeric = across.categories === null && up.categories === null;
  const [r, rho, line] = isNumeric ? [pearson(xs, ys), spearman(xs, ys), leastSquares(xs, ys)] : [null, null, null];
  const best = bestOf(up, places);
  const classes = color && classesOf(color, COLORS_MAX);
  const legend = classes ? legendOf(classes) : [];
  const title = `${middle(y.field.label, 60)} by ${middle(x.field.label, 60)}`;
  const formula = line && formulaOf(line, across, up);
  const uncolored = color ? color.values.filter((value) => value === null).length : 0;
  const unseen = places.filter((place) => classes && classes.of[place] === null).length;
  const all = legend.length === 0 ? [{ ...NONE, label: '', color: 'c0', shape: 'circle' as const }] : [...legend, ...(unseen > 0 ? [{ ...NONE, label: `no ${middle(color?.field.label ?? '', 40)}, or a rare one` }] : [])];
  const marks = (frame: Frame): { dots: Dot[]; cell: number } =>
    thinned(
      places.map((place) => ({
        x: frame.x(spread(across, place, runs)),
        y: frame.y(spread(up, place, runs)),
        of: classes ? (classes.of[place] ?? legend.length) : 0,
        run: runs[place]?.id ?? '',
        title: `${middle(runs[place]?.name ?? '', 60)}: ${middle(x.field.label, 40)} ${shownValue(x, x.values[place] ?? null)}, ${middle(y.field.label, 40)} ${shownValue(y, y.values[place] ?? null)}`,
      })),
    );
  const draw = (box: Box): string => {
    const ticks = ticksIn(box);
    const axes = { x: axisOf(seen.x, ticks.x), y: axisOf(seen.y, ticks.y) };
    if (!axes.x || !axes.y || places.length === 0) return '';
    const frame = drawFrame({ x: axes.x, y: axes.y }, { x: axisName(across), y: axisName(up) }, box);
    const ring = best === null ? '' : `<path class="line c1" d="${shapePath('circle', frame.x(spread(across, best, runs)), frame.y(spread(up, best, runs)), 7)}"/>`;
    return frame.svg + drawDots(marks(frame).dots, all) + (line ? drawTrend(line, frame, insideOf(seen.x, xs)) : '') + ring;
  };
  const frame = (): Frame | null => {
    const axes = { x: axisOf(seen.x, 11), y: axisOf(seen.y, 7) };
    return axes.x && axes.y && drawFrame({ x: axes.x, y: axes.y }, { x: '', y: '' }, { left: 0, right: 1100, top: 0, bottom: HEIGHT });
  };
  const usual = frame();
  const { dots, cell } = usual ? marks(usual) : { dots: [], cell: 0 };
  return {
    kind: Kind.Scatter,
    title,
    text: inWords({ across, up, places, runs, best, rho: rho?.r ?? null, r: r?.r ?? null }),
    notes: [],
    said: [
      ...leftOut(across),
      ...leftOut(up),
      ...clippedWords(seen.x, { ofAll: 'line and figures are of', which: 'scale across' }),
      ...clippedWords(seen.y, { ofAll: 'line and figures are of', which: 'scale upwards' }),
      ...(formula ? [`Line: least squares, ${formula}.`] : r ? ['No line: its slope or intercept is beyond the greatest number, 1.8e308.'] : []),
      ...(isNumeric || places.length === 0 ? [] : ['Texts have no correlation; points of one text are spread beside each other so that they can be seen.']),
      ...(best === null ? [] : ['The ring marks the best run.']),
      ...(color && uncolored > 0 ? [`${formatCount(uncolored)} of ${plural(runs.length, 'run')} ${uncolored === 1 ? 'has' : 'have'} no ${middle(color.field.label, 60)} to be coloured by.`] : []),
      ...(classes?.isCut ? [`Colours: fifths of the runs by ${middle(color?.field.label ?? '', 60)}.`] : []),
      ...(classes && classes.rest.values > 0 ? [`${plural(classes.rest.runs, 'run')} with ${plural(classes.rest.values, 'rarer value')} of ${middle(color?.field.label ?? '', 60)} are drawn as “none”.`] : []),
      ...(cell > 0 ? [`${formatCount(dots.length)} of ${formatCount(places.length)} points are drawn: of those of one colour in the same square of ${formatNumber(cell, 1)} units of the picture the first. Line and figures are of all.`] : []),
    ],
    figures: isNumeric
      ? [
          figure('runs', places.length), figure('Pearson r', r?.r), pFigure('p of r', r?.p), figure('Spearman ρ', rho?.r), pFigure('p of ρ', rho?.p),
          figure('slope', line?.slope, 'line'), figure('intercept', line?.intercept, 'line'), figure('R²', line?.r2, 'line'),
        ]
      : [figure('runs', places.length)],
    legend: legend.length > 0 ? all : [],
    columns: ['run_id', 'number', 'name', x.field.text, y.field.text, ...(color ? [color.field.text] : [])],
    rows: runs.map(({ id, number, name }, place) => [id, number, name, x.values[place] ?? null, y.values[place] ?? null, ...(color ? [color.values[place] ?? null] : [])]),
    ids: runs.map(({ id }) => id),
    height: HEIGHT,
    draw,
    empty: runs.length === 0 ? 'No run matches.' : `No run has both ${middle(x.field.label, 60)} and ${middle(y.field.label, 60)}.`,
  };
} // prettier-ignore

/** Runs of the same text beside each other. */
function spread({ values, categories }: Scaled, place: number, runs: PictureRun[]): number {
  return (values[place] ?? 0) + (categories ? 0.6 * jitter(runs[place]?.number ?? place) : 0);
}

/** The place of the best run, where one way is better; of equal ones the first. */
function bestOf({ column: { rule }, values }: Scaled, places: readonly number[]): number | null {
  if (!rule?.direction) return null;
  const sign = rule.direction === Direction.Max ? 1 : -1;
  const value = (place: number): number => sign * (values[place] ?? -Infinity);
  return places.reduce<number | null>((best, place) => (best === null || value(place) > value(best) ? place : best), null); // prettier-ignore
}

/** On the scales drawn: `log₁₀ y = 0.2 − 0.31 · log₁₀ x`. */
function formulaOf({ slope, intercept }: Line, across: Scaled, up: Scaled): string {
  const of = ({ isLog, column }: Scaled): string => `${isLog ? 'log₁₀ ' : ''}${middle(column.field.label, 40)}`;
  const sign = slope < 0 ? '−' : '+';
  return `${of(up)} = ${formatNumber(intercept)} ${sign} ${formatNumber(Math.abs(slope))} · ${of(across)}`;
}

/** Where the axis is: a line drawn on to a value far beyond would stand on its edge. */
function insideOf({ beyond, isLog, min, max }: Clipped, xs: number[]): number[] {
  if (beyond.length === 0) return xs;
  return isLog ? [Math.log10(min), Math.log10(max)] : [min, max];
}

/** From the least to the greatest x, cut where it leaves the picture. */
function drawTrend({ slope, intercept }: Line, { plot, x, y }: Frame, xs: readonly number[]): string {
  const from = xs.reduce((a, b) => Math.min(a, b), Infinity);
  const to = xs.reduce((a, b) => Math.max(a, b), -Infinity);
  const ends = [from, to].map((at) => [x(at), y(intercept + slope * at)] as const);
  const [[x1, y1] = [0, 0], [x2, y2] = [0, 0]] = ends;
  if (x1 === x2) return '';
  // Values beyond an axis are held at its edge, so a line that leaves it is drawn in many short pieces.
  const inside = Array.from({ length: 101 }, (_, part) => from + ((to - from) * part) / 100).filter((at) => {
    const place = y(intercept + slope * at);
    return place > plot.top + 0.01 && place < plot.bottom - 0.01;
  });
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return `<g class="c1 d1"><path class="line" d="M${short(x1)} ${short(y1)}L${short(x2)} ${short(y2)}"/></g>`; // prettier-ignore
  const point = (at: number): string => `${short(x(at))} ${short(y(intercept + slope * at))}`;
  return `<g class="c1 d1"><path class="line" d="M${point(first)}L${point(last)}"/></g>`;
}

interface Words {
  across: Scaled;
  up: Scaled;
  places: number[];
  runs: PictureRun[];
  best: number | null;
  r: number | null;
  rho: number | null;
}

function inWords({ across, up, places, runs, best, r, rho }: Words): string {
  const [x, y] = [across.column, up.column];
  const [nx, ny] = [middle(x.field.label, 60), middle(y.field.label, 60)];
  const head = `Scatter plot of ${axisName(up)} by ${axisName(across)}: ${formatCount(places.length)} of ${plural(runs.length, 'run')}`;
  if (places.length === 0) return `${head}.`;
  const range = ({ column, categories, min, max }: Scaled): string =>
    categories ? plural(categories.length, 'value') : `${shownValue(column, min)} to ${shownValue(column, max)}`;
  const together = rho === null || r === null ? '' : ` Spearman ρ ${formatNumber(rho)}, Pearson r ${formatNumber(r)}.`;
  const one = best === null ? undefined : runs[best];
  const top = one && y.rule ? ` Best (${bestBy(y.rule)}): ${middle(one.name, 60)} with ${ny} ${shownValue(y, y.values[best ?? 0] ?? null)} at ${nx} ${shownValue(x, x.values[best ?? 0] ?? null)}.` : ''; // prettier-ignore
  return `${head}; ${nx} ${range(across)}, ${ny} ${range(up)}.${together}${top}`;
}
