// runs/pictures/boxes.ts
// Purpose: one field by groups of another: a box with whiskers and every run as a point, a row for each group.
// Why: groups are compared by how their runs lie, not by means alone; with three runs each the points are the picture.
// Relevant files: runs/pictures/classes.ts, shared/stats/quantiles.ts, runs/pictures/pictures.ts

import { formatCount, middle, plural } from '../../shared/format.ts';
import { boxOf, type BoxOf } from '../../shared/stats/quantiles.ts';
import { short } from '../curves/chart-line.ts';
import type { Box } from '../curves/chart-svg.ts';
import { escapeXml } from '../curves/chart-text.ts';
import { Direction } from '../metric-rules.ts';
import { classesOf } from './classes.ts';
import { clipped, clippedWords } from './clipped.ts';
import type { Column, PictureRun } from './column-queries.ts';
import { drawDots, jitter, type Dot } from './dots.ts';
import { drawFrame, rowAxis, ticksIn, type Frame } from './frame.ts';
import { figure, type Picture } from './picture.ts';
import { Kind, type AxisScale } from './picture-schemas.ts';
import { axisName, axisOf, leftOut, scaled, shownValue, type Scaled } from './scaled.ts';

/** Rows that one can look through; a filter shows others. */
const GROUPS_MAX = 40;
/** Points in a row that can be told apart. */
const POINTS_MAX = 150;
const ROW = 34;

interface Group {
  label: string;
  /** In runs. */
  places: number[];
  /** On the scale. */
  box: BoxOf | null;
}

export function boxes(runs: PictureRun[], x: Column, y: Column, scale: AxisScale): Picture {
  const along = scaled(y, scale);
  // Only the axis ends there: boxes, order and figures are of all.
  const seen = clipped(along, scale);
  const classes = classesOf(x, GROUPS_MAX);
  const groups = ordered(classes.labels.map((label, of): Group => {
    const places = runs.flatMap((_, place) => (classes.of[place] === of && along.values[place] !== null ? [place] : []));
    return { label, places, box: along.categories ? null : boxOf(places.map((place) => along.values[place] ?? 0)) };
  }), x, y).filter(({ places }) => places.length > 0);
  const [nx, ny] = [middle(x.field.label, 60), middle(y.field.label, 60)];
  const back = (value: number): number => (along.isLog ? 10 ** value : value);
  const shown = groups.reduce((sum, { places }) => sum + Math.min(places.length, POINTS_MAX), 0);
  const total = groups.reduce((sum, { places }) => sum + places.length, 0);
  const lead = leadOf(groups, y, x);
  const draw = (area: Box): string => {
    const axis = axisOf(seen, ticksIn(area).x);
    if (!axis || groups.length === 0) return '';
    const frame = drawFrame({ x: axis, y: rowAxis(groups.map(({ label }) => (label === '' ? '""' : label)), 44) }, { x: axisName(along), y: nx }, area);
    return frame.svg + groups.map((group, row) => drawGroup(group, row, { frame, runs, along, count: groups.length })).join('');
  };
  return {
    kind: Kind.Boxes,
    title: `${ny} by ${nx}`,
    text: `Box plot of ${axisName(along)} by ${nx}: ${formatCount(total)} of ${plural(runs.length, 'run')} in ${plural(groups.length, 'group')}.${lead === null ? '' : ` ${lead}`}`,
    notes: [],
    said: [
      ...leftOut(along),
      ...clippedWords(seen, { ofAll: 'boxes and figures are of', which: 'scale' }),
      ...(x.missing > 0 ? [`${formatCount(x.missing)} of ${plural(runs.length, 'run')} ${x.missing === 1 ? 'has' : 'have'} no ${nx}.`] : []),
      ...(classes.isCut ? [`Groups: fifths of the runs by ${nx}, which has more than ${GROUPS_MAX} values.`] : []),
      ...(classes.rest.values > 0 ? [`The ${GROUPS_MAX} groups with most runs are shown; ${plural(classes.rest.runs, 'run')} in ${plural(classes.rest.values, 'other group')} are not.`] : []),
      ...(along.categories ? [] : ['Box: the quartiles (type 7 of Hyndman and Fan, as R and numpy), the line in it the median; whiskers to the last run within 1.5 boxes.']),
      ...(along.isLog ? ['On a log scale quartiles and whiskers are those of the logarithms.'] : []),
      ...(groups.some(({ box }) => box !== null && box.n < 5) ? ['Of fewer than five runs no box is drawn: the points say all there is.'] : []),
      ...(shown < total ? [`${formatCount(shown)} of ${formatCount(total)} points are drawn: in each row at most ${POINTS_MAX}, evenly chosen by rank, the least and the greatest always.`] : []),
    ],
    figures: [figure('runs', total), figure('groups', groups.length)],
    legend: [],
    columns: [x.field.text, 'runs', 'min', 'q1', 'median', 'q3', 'max', 'whisker_low', 'whisker_high', 'beyond_whiskers'],
    rows: groups.map(({ label, box, places }) => (box ? [label, box.n, back(box.min), back(box.q1), back(box.median), back(box.q3), back(box.max), back(box.low), back(box.high), box.beyond] : [label, places.length, null, null, null, null, null, null, null, null])),
    ids: null,
    height: 70 + ROW * Math.max(3, groups.length),
    draw,
    empty: runs.length === 0 ? 'No run matches.' : `No run has both ${nx} and ${ny}.`,
  };
} // prettier-ignore

/** Configurations by their median, the best first; other values in their own order. */
function ordered(groups: Group[], { field }: Column, { rule }: Column): Group[] {
  if (field.of !== 'configuration') return groups;
  const sign = rule?.direction === Direction.Min ? 1 : -1;
  return groups.toSorted((a, b) => sign * ((a.box?.median ?? 0) - (b.box?.median ?? 0)));
}

interface In {
  frame: Frame;
  runs: PictureRun[];
  along: Scaled;
  count: number;
}

function drawGroup({ label, places, box }: Group, row: number, { frame, runs, along, count }: In): string {
  const half = Math.min(12, (0.36 * (frame.plot.bottom - frame.plot.top)) / count);
  const at = frame.y(row);
  const y = along.column;
  const number = (place: number): number => along.values[place] ?? 0;
  const dots = chosen(places, number).map((place): Dot => ({
    x: frame.x(number(place)),
    y: at + 1.4 * half * jitter(runs[place]?.number ?? place),
    of: 0,
    run: runs[place]?.id ?? '',
    title: `${middle(runs[place]?.name ?? '', 60)}: ${middle(y.field.label, 40)} ${shownValue(y, y.values[place] ?? null)}`,
  }));
  const points = drawDots(dots, [{ color: 'c0', shape: 'circle', opacity: 0.6 }]);
  if (!box || box.n < 5) return points;
  const [low, q1, median, q3, high] = [box.low, box.q1, box.median, box.q3, box.high].map((one) => short(frame.x(one)));
  const [top, tall] = [short(at - half), short(2 * half)];
  return `<g class="c0"><path class="band" d="M${q1} ${top}H${q3}v${tall}H${q1}z"><title>${escapeXml(`${label}: ${plural(box.n, 'run')}`)}</title></path><path class="line" d="M${low} ${short(at)}H${q1}M${q3} ${short(at)}H${high}M${low} ${short(at - half / 2)}v${short(half)}M${high} ${short(at - half / 2)}v${short(half)}"/></g><g class="c1"><path class="line" stroke-width="3" d="M${median} ${top}v${tall}"/></g>${points}`;
} // prettier-ignore

/** Evenly by rank, with both ends. */
function chosen(places: number[], number: (place: number) => number): number[] {
  if (places.length <= POINTS_MAX) return places;
  const sorted = places.toSorted((a, b) => number(a) - number(b));
  return Array.from({ length: POINTS_MAX }, (_, at) => sorted[Math.round((at * (sorted.length - 1)) / (POINTS_MAX - 1))] ?? 0); // prettier-ignore
}

function leadOf(groups: Group[], y: Column, by: Column): string | null {
  const direction = y.rule?.direction;
  if (!direction || groups.length < 2) return null;
  const sign = direction === Direction.Max ? 1 : -1;
  const [best] = groups.toSorted((a, b) => sign * ((b.box?.median ?? 0) - (a.box?.median ?? 0)));
  const word = direction === Direction.Max ? 'highest' : 'lowest';
  return best?.box
    ? `The ${word} median is that of ${middle(by.field.label, 40)} ${middle(best.label === '' ? '""' : best.label, 60)}, with ${plural(best.box.n, 'run')}.`
    : null;
}
