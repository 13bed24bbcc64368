// runs/pictures/parallel.ts
// Purpose: parallel coordinates: an axis for each field, a line for each run, the better ones stronger.
// Why: which combinations of many params end well is seen at once; a stretch of an axis becomes a filter.
// Relevant files: runs/pictures/scaled.ts, runs/pictures/brush.ts, shared/static/brush.js, runs/pictures/pictures.ts

import { formatCount, middle, plural } from '../../shared/format.ts';
import { extent } from '../curves/chart-axes.ts';
import { short } from '../curves/chart-line.ts';
import type { Box } from '../curves/chart-svg.ts';
import { escapeXml, widthOf } from '../curves/chart-text.ts';
import { Direction } from '../metric-rules.ts';
import { clipped, clippedWords, type Clipped } from './clipped.ts';
import type { Column, PictureRun } from './column-queries.ts';
import { ticksIn } from './frame.ts';
import { figure, type LegendItem, type Picture } from './picture.ts';
import { AxisScale, Kind } from './picture-schemas.ts';
import { axisName, axisOf, leftOut, scaled, shownValue, type Scaled } from './scaled.ts';

const HEIGHT = 420;
const LINES_MAX = 400;
const FIFTHS = 5;

export function parallel(runs: PictureRun[], axes: Column[], color: Column | null): Picture {
  const scales = axes.map((column) => clipped(scaled(column), AxisScale.Auto));
  const by = color && scaled(color);
  const order = byColor(runs, by);
  const shown = order.length <= LINES_MAX ? order : Array.from({ length: LINES_MAX }, (_, at) => order[Math.round((at * (order.length - 1)) / (LINES_MAX - 1))] ?? 0);
  const lanes = scales.map(({ values }) => values.some((value) => value === null));
  const draw = (area: Box): string => {
    const drawn = scales.filter(({ n }) => n > 0);
    if (drawn.length === 0 || runs.length === 0) return '';
    const ups = scales.map((scale) => axisOf(scale, ticksIn(area).y));
    // Beside the first axis there is nothing but its labels: as much room as the longest needs.
    const plot = { left: area.left + Math.max(60, 12 + Math.max(0, ...(ups[0]?.ticks ?? []).map(({ label }) => widthOf(label)))), right: area.right - 40, top: area.top + 34, bottom: area.bottom - 34 };
    const across = (place: number): number => (scales.length < 2 ? (plot.left + plot.right) / 2 : plot.left + ((plot.right - plot.left) * place) / (scales.length - 1));
    const up = (place: number, value: number | null): number => (value === null || !ups[place] ? plot.bottom + 20 : plot.bottom - ups[place].at(value) * (plot.bottom - plot.top));
    const line = (run: number): string => scales.map(({ values }, place) => `${place === 0 ? 'M' : 'L'}${short(across(place))} ${short(up(place, values[run] ?? null))}`).join('');
    const rank = new Map(order.map((run, at) => [run, at]));
    const lines = Array.from({ length: FIFTHS }, (_, fifth) => {
      const own = shown.filter((run) => (by && by.values[run] !== null ? Math.min(FIFTHS - 1, Math.floor((FIFTHS * (rank.get(run) ?? 0)) / order.length)) : 0) === fifth);
      const item = LINES[by ? fifth : 2];
      return own.length === 0 || !item ? '' : `<g class="${item.color}" stroke-opacity="${item.opacity}"><path class="line" d="${own.map(line).join('')}"/></g>`;
    });
    const frames = scales.map((scale, place) => drawAxis(scale, ups[place] ?? null, { x: across(place), ...plot, isLast: place === scales.length - 1, hasLane: lanes[place] ?? false, room: (plot.right - plot.left) / Math.max(1, scales.length - 1) }));
    return lines.join('') + frames.join('');
  };
  const best = color?.rule?.direction && order.length > 0 && by?.values[order.at(-1) ?? 0] !== null ? runs[order.at(-1) ?? 0] : undefined;
  const names = axes.map(({ field }) => middle(field.label, 40));
  const cn = middle(color?.field.label ?? '', 60);
  return {
    kind: Kind.Parallel,
    title: `Parallel coordinates${color ? ` by ${cn}` : ''}`,
    text: `Parallel coordinates of ${plural(runs.length, 'run')} over ${names.join(', ')}.${best ? ` The best by ${cn}, ${middle(best.name, 60)}, has ${axes.map((column, place) => `${names[place] ?? ''} ${shownValue(column, column.values[runs.indexOf(best)] ?? null)}`).join(', ')}.` : ''}`,
    notes: [],
    said: [
      ...[...new Set(scales.flatMap(leftOut))],
      ...scales.flatMap((scale) => clippedWords(scale, { ofAll: 'the table has' })),
      ...(lanes.some(Boolean) ? ['Lines of runs without a value go below the axis, to “none”.'] : []),
      ...(shown.length < order.length ? [`${formatCount(shown.length)} of ${plural(order.length, 'run')} are drawn: evenly by rank in ${color ? cn : 'number'}, with both ends.`] : []),
    ],
    figures: [figure('runs', runs.length)],
    legend: color ? LINES.map((item, fifth) => ({ ...item, label: fifthName(fifth, color) })) : [],
    columns: ['run_id', 'number', 'name', ...axes.map(({ field }) => field.text)],
    rows: runs.map(({ id, number, name }, place) => [id, number, name, ...axes.map(({ values }) => values[place] ?? null)]),
    ids: runs.map(({ id }) => id),
    height: HEIGHT,
    draw,
    empty: runs.length === 0 ? 'No run matches.' : 'None of these runs has a value of any axis.',
  };
} // prettier-ignore

/** From faint to strong; the last fifth in a colour of its own. */
const LINES: Omit<LegendItem, 'label'>[] = [0.3, 0.4, 0.5, 0.75, 0.95].map((opacity, fifth) => ({
  color: fifth === FIFTHS - 1 ? 'c1' : 'c0',
  shape: 'square',
  opacity,
}));

function fifthName(fifth: number, { field, rule }: Column): string {
  const name = middle(field.label, 40);
  const [last, first] = rule?.direction ? ['best', 'worst'] : ['highest', 'lowest'];
  if (fifth === 0) return `${first} fifth by ${name}, and runs without it`;
  return fifth === FIFTHS - 1 ? `${last} fifth` : ['second', 'middle', 'fourth'][fifth - 1] ?? ''; // prettier-ignore
}

/** Places of runs from the worst to the best, so that the best are drawn last; those without a value first. */
function byColor(runs: PictureRun[], by: Scaled | null): number[] {
  const all = runs.map((_, place) => place);
  if (!by) return all;
  const sign = by.column.rule?.direction === Direction.Min ? -1 : 1;
  const value = (place: number): number => {
    const one = by.values[place] ?? null;
    return one === null ? -Infinity : sign * one;
  };
  return all.sort((a, b) => (value(a) === value(b) ? a - b : value(a) < value(b) ? -1 : 1));
}

interface Place {
  x: number;
  top: number;
  bottom: number;
  isLast: boolean;
  hasLane: boolean;
  /** Units to the next axis. */
  room: number;
}

/** `data-…`: what shared/static/brush.js needs to turn a stretch of the axis into values. */
function drawAxis(scale: Clipped, axis: ReturnType<typeof axisOf>, { x, top, bottom, isLast, hasLane, room }: Place): string {
  const { column, isLog, categories } = scale;
  // What is held at an edge belongs to a stretch that reaches it: there is no bound on that side.
  const open = [...(scale.beyond.some((value) => value < scale.min) ? ['low'] : []), ...(scale.beyond.some((value) => value > scale.max) ? ['high'] : [])].join(' ');
  const at = short(x);
  const anchor = isLast ? 'end' : 'middle';
  const name = `<text class="ax" x="${isLast ? short(x + 36) : at}" y="${top - 16}" text-anchor="${anchor}">${escapeXml(middle(axisName(scale), Math.max(8, Math.floor(room / 7))))}</text>`;
  const ticks = (axis?.ticks ?? []).map(({ value, label }) => {
    const y = short(bottom - (axis?.at(value) ?? 0) * (bottom - top));
    return `<path class="grid" d="M${short(x - 4)} ${y}h8"/><text class="ax over" x="${short(x - 7)}" y="${short(y + 4)}" text-anchor="end">${label}</text>`;
  });
  const [low, high] = axis ? (isLog ? extent([...axis.ticks.map(({ value }) => value), Math.log10(scale.min), Math.log10(scale.max)]) : [axis.min, axis.max]) : [0, 1];
  const from = axis ? bottom - axis.at(low) * (bottom - top) : bottom;
  const to = axis ? bottom - axis.at(high) * (bottom - top) : top;
  const brush = categories || !axis || column.field.of === 'started' ? '' : ` data-axis="${escapeXml(column.field.text)}" data-low="${low}" data-high="${high}" data-from="${short(from)}" data-to="${short(to)}"${isLog ? ' data-log=""' : ''}${open === '' ? '' : ` data-open="${open}"`}`;
  const none = hasLane ? `<text class="ax over" x="${short(x - 7)}" y="${bottom + 24}" text-anchor="end">none</text>` : '';
  return `<g${brush}><path class="grid" d="M${at} ${top}V${bottom}"/>${name}${ticks.join('')}${none}<rect x="${short(x - 14)}" y="${top}" width="28" height="${short(bottom - top)}" fill="transparent"/></g>`;
} // prettier-ignore
