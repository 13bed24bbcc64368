// runs/pictures/importance.ts
// Purpose: which params a metric depends on: permutation importance of a small forest, rank correlations beside it.
// Why: among ten params one asks which to look at; the answer says how much it can be trusted, and that it is no cause.
// Relevant files: shared/stats/forest.ts, shared/stats/correlation.ts, runs/pictures/pictures.ts

import { formatCount, formatFixed, middle, plural } from '../../shared/format.ts';
import { breathe } from '../../shared/heavy/pieces.ts';
import { spearman, type Correlation } from '../../shared/stats/correlation.ts';
import { codesOf, forestOf } from '../../shared/stats/forest.ts';
import { randomFrom, seedOf } from '../../shared/stats/random.ts';
import { short } from '../curves/chart-line.ts';
import { valueAxis } from '../curves/chart-scale.ts';
import { Scale } from '../curves/chart-settings.ts';
import type { Box } from '../curves/chart-svg.ts';
import { compareValues } from '../groups/groups.ts';
import type { Column, PictureRun } from './column-queries.ts';
import { drawFrame, rowAxis, ticksIn } from './frame.ts';
import { figure, type Picture } from './picture.ts';
import { Kind } from './picture-schemas.ts';
import { leftOut, scaled } from './scaled.ts';

/** Runs that the forest is grown from; of more a sample that is the same each time. Correlations are of all. */
const SAMPLE = 1_000;
/** Below, a warning. */
const FEW = 30;
/** Params that are looked at: those with most different values. */
export const PARAMS_MAX = 30;
const ROW = 30;

interface Found {
  column: Column;
  importance: number | null;
  rho: Correlation | null;
}

export async function importance(runs: PictureRun[], y: Column, params: Column[], left: number): Promise<Picture> {
  const up = scaled(y, 'linear');
  const places = runs.flatMap((_, place) => (up.categories || up.values[place] === null ? [] : [place]));
  const values = places.map((place) => up.values[place] ?? 0);
  const used = params.filter((column) => new Set(places.map((place) => column.values[place] ?? null)).size > 1);
  const sample = sampled(places.length, `${y.field.text}`);
  const columns = used.map((column) => codesOf(numbersOf(column, places)));
  const forest = await forestOf(
    columns.map((codes) => Uint8Array.from(sample, (place) => codes[place] ?? 0)),
    sample.map((place) => values[place] ?? 0),
    seedOf(`${y.field.text} ${used.map(({ field }) => field.text).join(' ')}`),
    breathe,
  );
  const found = used
    .map((column, place): Found => ({ column, importance: forest?.importances[place] ?? null, rho: rankOf(column, places, values) }))
    .sort((a, b) => (b.importance ?? 0) - (a.importance ?? 0) || compareValues(a.column.field.text, b.column.field.text));
  const ny = middle(y.field.label, 60);
  const n = places.length;
  const draw = (area: Box): string => {
    if (!forest || found.length === 0) return '';
    const most = Math.max(...found.map((one) => one.importance ?? 0), 0.01);
    const x = valueAxis(Math.min(0, ...found.map((one) => one.importance ?? 0)), most, Scale.Linear, Math.max(2, ticksIn(area).x - 2));
    const frame = drawFrame({ x, y: rowAxis(found.map(({ column }) => column.field.label), 26) }, { x: 'importance (growth of the error, in variances)', y: '' }, { ...area, right: area.right - 90 });
    const half = Math.min(10, (0.34 * (frame.plot.bottom - frame.plot.top)) / found.length);
    const bars = found.map(({ importance: one, rho }, row) => {
      const [zero, end, at] = [frame.x(0), frame.x(one ?? 0), frame.y(row)];
      return `<path class="dot" d="M${short(zero)} ${short(at - half)}H${short(end)}v${short(2 * half)}H${short(zero)}z"/><text class="ax" x="${short(Math.max(zero, end) + 6)}" y="${short(at + 4)}">${shareText(one)}${rho ? ` · ρ ${unsigned(formatFixed(rho.r, 2))}` : ''}</text>`;
    });
    return `${frame.svg}<g class="c0">${bars.join('')}</g>`;
  };
  const top = found[0];
  return {
    kind: Kind.Importance,
    title: `Which params ${ny} depends on`,
    text: `Importance of ${plural(found.length, 'param')} for ${ny}, from ${plural(n, 'run')}: ${forest && top ? `most ${found.slice(0, 3).map((one) => `${middle(one.column.field.label, 40)} ${shareText(one.importance)}`).join(', ')}; the forest explains ${formatFixed(forest.r2 * 100, 0)} % of the variance of runs it has not seen.` : 'nothing can be said.'}`,
    notes: [
      ...(n < FEW && n > 0 ? [`Only ${plural(n, 'run')}: with fewer than ${FEW} the order may be chance.`] : []),
      ...(forest && forest.r2 < 0.1 ? ['The forest predicts runs that it has not seen hardly better than their mean: these importances say nothing.'] : []),
    ],
    said: [
      ...leftOut(up),
      'Importance says what predicts the metric among these runs, not what causes it; params that vary together share it or hide each other.',
      'A random forest (150 seeded trees); importance: by how much its error on runs that a tree has not seen grows when the param is shuffled among them, in variances of the metric. ρ: Spearman’s rank correlation.',
      ...(sample.length < n ? [`The forest is grown from ${formatCount(sample.length)} of ${plural(n, 'run')}, drawn by a fixed seed; correlations are of all.`] : []),
      ...(left > 0 ? [`${plural(left, 'other param')} that ${left === 1 ? 'differs' : 'differ'} left out: the ${PARAMS_MAX} with the fewest different values are looked at.`] : []),
    ],
    figures: [figure('runs', n), { ...figure('explained by the forest (R² out of bag)', forest?.r2, 'importance') }],
    legend: [],
    columns: ['param', 'importance', 'spearman_rho', 'p', 'runs_of_rho', 'different_values'],
    rows: found.map(({ column, importance: one, rho }) => [column.field.text, one, rho?.r ?? null, rho?.p ?? null, rho?.n ?? null, new Set(places.map((place) => column.values[place] ?? null)).size]),
    ids: null,
    height: 60 + ROW * Math.max(3, found.length),
    draw,
    empty: runs.length === 0 ? 'No run matches.' : n < 4 ? `Four runs at least must have a number as ${ny}; ${formatCount(n)} ${n === 1 ? 'has' : 'have'}.` : used.length === 0 ? 'No param differs among these runs.' : `${ny} is the same in all of these runs.`,
  };
} // prettier-ignore

function shareText(importance: number | null): string {
  return unsigned(formatFixed(importance, 3));
}

/** What rounds to nothing has no sign: `−0.000` would say that it is below 0. */
function unsigned(text: string): string {
  return /^−0\.?0*$/.test(text) ? text.slice(1) : text;
}

/** For trees: numbers as they are, texts by their place in the alphabet, null where there is none. */
function numbersOf(column: Column, places: readonly number[]): (number | null)[] {
  const values = places.map((place) => column.values[place] ?? null);
  if (column.isNumber) return values.map((value) => (typeof value === 'number' ? value : null));
  const texts = [...new Set(values.filter((value) => value !== null).map(String))].sort(compareValues);
  const order = new Map(texts.map((text, place) => [text, place]));
  return values.map((value) => (value === null ? null : (order.get(String(value)) ?? null)));
}

/** Of numbers only: texts have no order that a correlation could be of. */
function rankOf(column: Column, places: readonly number[], values: readonly number[]): Correlation | null {
  if (!column.isNumber) return null;
  const pairs = places.flatMap((place, at) => {
    const value = column.values[place];
    return typeof value === 'number' ? [[value, values[at] ?? 0] as const] : [];
  });
  return spearman(pairs.map(([x]) => x), pairs.map(([, y]) => y)); // prettier-ignore
}

/** Places below n; of more than the sample holds a random choice, in order. */
function sampled(n: number, name: string): number[] {
  const all = Array.from({ length: n }, (_, place) => place);
  if (n <= SAMPLE) return all;
  const random = randomFrom(seedOf(name));
  for (let at = 0; at < SAMPLE; at++) {
    const other = at + Math.floor((random() / 2 ** 32) * (n - at));
    [all[at], all[other]] = [all[other] ?? 0, all[at] ?? 0];
  }
  return all.slice(0, SAMPLE).sort((a, b) => a - b);
}
