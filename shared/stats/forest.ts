// shared/stats/forest.ts
// Purpose: a random forest of regression trees, and how much worse it predicts when one column is shuffled.
// Why: which params a metric depends on, also where they act together or bent; small, seeded, the same each time.
// Relevant files: runs/pictures/importance.ts, shared/stats/random.ts, tests/stats/forest.test.ts

import { randomFrom } from './random.ts';

/** Codes of a column: 0 where there is no value, else from 1 in the order of the values, at most this many. */
const CODES = 64;
const TREES = 150;
/** A leaf has at least so many rows (counted as often as they were drawn). */
const LEAF = 3;

export interface Forest {
  /** 1 − (mean squared error out of bag) / (variance of y): 1 is perfect, 0 no better than the mean, below 0 worse. */
  r2: number;
  /** Of each column: the growth of that error when it is shuffled, in variances of y; 0 or below: it is not used. */
  importances: number[];
  trees: number;
}

interface Tree {
  /** The column that a node asks; −1: a leaf. */
  feature: number[];
  /** Codes up to this one go left. */
  at: number[];
  left: number[];
  right: number[];
  value: number[];
}

/** Trees look at order alone, so values become their places; of more than 63 different ones as many share a code as must. */
export function codesOf(values: readonly (number | null)[]): Uint8Array {
  const distinct = [...new Set(values.filter((value) => value !== null))].sort((a, b) => a - b);
  const bins = Math.min(CODES - 1, distinct.length);
  const codes = new Map(distinct.map((value, place) => [value, 1 + Math.floor((place * bins) / distinct.length)]));
  return Uint8Array.from(values, (value) => (value === null ? 0 : (codes.get(value) ?? 0)));
}

/**
 * Breiman (Machine Learning 45, 2001): each tree from a bootstrap sample, a third of the columns (two at least) tried at each
 * node; columns are shuffled among the rows that a tree has not seen. `pause`: between trees, so that others have their turn.
 * Null where y does not vary, or of less than four rows.
 */
export async function forestOf(
  columns: readonly Uint8Array[],
  y: readonly number[],
  seed: number,
  pause: () => Promise<unknown> = async () => Promise.resolve(),
): Promise<Forest | null> {
  const n = y.length;
  const mean = y.reduce((sum, value) => sum + value / n, 0);
  const variance = y.reduce((sum, value) => sum + (value - mean) ** 2 / n, 0);
  if (n < 4 || columns.length === 0 || !(variance > 0 && variance < Infinity)) return null;
  const random = randomFrom(seed);
  const below = (many: number): number => Math.floor((random() / 2 ** 32) * many);
  const [sums, counts] = [new Float64Array(n), new Uint32Array(n)];
  const grown = columns.map(() => 0);
  let used = 0;
  for (let round = 0; round < TREES; round++) {
    const drawn = Uint32Array.from({ length: n }, () => below(n));
    const seen = new Set(drawn);
    const apart = [...y.keys()].filter((row) => !seen.has(row));
    const tree = grow(columns, y, drawn, below);
    if (apart.length > 0) {
      used += 1;
      const found = apart.map((row) => predict(tree, columns, row, -1, row));
      apart.forEach((row, place) => {
        sums[row] = (sums[row] ?? 0) + (found[place] ?? 0);
        counts[row] = (counts[row] ?? 0) + 1;
      });
      const error = meanSquare(apart, y, found);
      for (const [feature] of columns.entries()) {
        // Drawn also where the tree does not use the column: no tree changes what the next one draws.
        const other = shuffled(apart, below);
        if (!tree.feature.includes(feature)) continue;
        const moved = apart.map((row, place) => predict(tree, columns, row, feature, other[place] ?? row));
        grown[feature] = (grown[feature] ?? 0) + meanSquare(apart, y, moved) - error;
      }
    }
    await pause();
  }
  const told = [...y.keys()].filter((row) => (counts[row] ?? 0) > 0);
  const error = meanSquare(told, y, told.map((row) => (sums[row] ?? 0) / (counts[row] ?? 1))); // prettier-ignore
  return { r2: 1 - error / variance, importances: grown.map((sum) => sum / used / variance), trees: TREES };
}

function meanSquare(rows: readonly number[], y: readonly number[], found: readonly number[]): number {
  return rows.reduce((sum, row, place) => sum + ((y[row] ?? 0) - (found[place] ?? 0)) ** 2, 0) / rows.length;
}

/** Fisher and Yates. */
function shuffled(rows: readonly number[], below: (many: number) => number): number[] {
  const all = [...rows];
  for (let last = all.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [all[last], all[other]] = [all[other] ?? 0, all[last] ?? 0];
  }
  return all;
}

/** Of a row; `feature` is read from another one. */
function predict(tree: Tree, columns: readonly Uint8Array[], row: number, feature: number, other: number): number {
  let node = 0;
  for (let asked = tree.feature[0] ?? -1; asked >= 0; asked = tree.feature[node] ?? -1) {
    const code = columns[asked]?.[asked === feature ? other : row] ?? 0;
    node = (code <= (tree.at[node] ?? 0) ? tree.left[node] : tree.right[node]) ?? 0;
  }
  return tree.value[node] ?? 0;
}

function grow(columns: readonly Uint8Array[], y: readonly number[], drawn: Uint32Array, below: (many: number) => number): Tree {
  const tree: Tree = { feature: [], at: [], left: [], right: [], value: [] };
  const tries = Math.min(columns.length, Math.max(2, Math.ceil(columns.length / 3)));
  const room: Room = { sums: new Float64Array(CODES), counts: new Uint32Array(CODES) };
  const add = (rows: Uint32Array): number => {
    const node = tree.feature.length;
    const total = rows.reduce((sum, row) => sum + (y[row] ?? 0), 0);
    tree.feature.push(-1);
    tree.at.push(0);
    tree.left.push(0);
    tree.right.push(0);
    tree.value.push(total / rows.length);
    const split = rows.length < 2 * LEAF ? null : bestSplit(columns, y, { rows, total, room }, tries, below);
    if (!split) return node;
    const codes = columns[split.feature];
    tree.feature[node] = split.feature;
    tree.at[node] = split.at;
    tree.left[node] = add(rows.filter((row) => (codes?.[row] ?? 0) <= split.at));
    tree.right[node] = add(rows.filter((row) => (codes?.[row] ?? 0) > split.at));
    return node;
  };
  add(drawn);
  return tree;
} // prettier-ignore

/** Sums of y and rows for each code: made once for a tree, filled anew for each column of each node. */
interface Room {
  sums: Float64Array;
  counts: Uint32Array;
}

/** The place that leaves the least squares, among some columns: by sums of y for each code. */
function bestSplit(
  columns: readonly Uint8Array[],
  y: readonly number[],
  { rows, total, room: { sums, counts } }: { rows: Uint32Array; total: number; room: Room },
  tries: number,
  below: (many: number) => number,
): { feature: number; at: number } | null {
  const order = shuffled([...columns.keys()], below).slice(0, tries);
  // What no split at all explains, with room for rounding.
  let best = { feature: -1, at: 0, gain: (total * total) / rows.length + 1e-12 * Math.abs(total) };
  for (const feature of order) {
    sums.fill(0);
    counts.fill(0);
    for (const row of rows) {
      const code = columns[feature]?.[row] ?? 0;
      sums[code] = (sums[code] ?? 0) + (y[row] ?? 0);
      counts[code] = (counts[code] ?? 0) + 1;
    }
    let [sum, count] = [0, 0];
    for (let at = 0; at < CODES - 1; at++) {
      sum += sums[at] ?? 0;
      count += counts[at] ?? 0;
      const rest = rows.length - count;
      if (count < LEAF || (counts[at] ?? 0) === 0) continue;
      if (rest < LEAF) break;
      const gain = (sum * sum) / count + (total - sum) ** 2 / rest;
      if (gain > best.gain) best = { feature, at, gain };
    }
  }
  return best.feature < 0 ? null : best;
}
