// runs/ends.ts
// Purpose: what a metric came to in each ended run of an experiment, as two arrays of numbers, and which runs pass a bound of it.
// Why: of a hundred thousand runs it is 1.6 MB without one object, and a bound is one walk that leaves the runs in order.
// Relevant files: runs/ends-queries.ts, runs/found-queries.ts, runs/groups/groups.ts

import type { RankBound } from './query/ranked-sql.ts';
import { firstFrom, placeOf, type Seqs } from './seqs.ts';

export interface Ends {
  /** Ascending. */
  seqs: Float64Array;
  /** In their order; never NaN. */
  values: Float64Array;
}

/** What they came to with what these runs (`changed`, ascending) come to now: `now` has those of them that have a value. */
export function endsWith(before: Ends, changed: readonly number[], now: Ends): Ends {
  const size = before.seqs.length + now.seqs.length;
  const after: Ends = { seqs: new Float64Array(size), values: new Float64Array(size) };
  let [from, at, next] = [0, 0, 0];
  const copyUpTo = (to: number): void => {
    after.seqs.set(before.seqs.subarray(from, to), at);
    after.values.set(before.values.subarray(from, to), at);
    [at, from] = [at + to - from, to];
  };
  for (const seq of changed) {
    copyUpTo(firstFrom(before.seqs, seq));
    if (before.seqs[from] === seq) from += 1;
    if (now.seqs[next] !== seq) continue;
    after.seqs[at] = seq;
    after.values[at] = now.values[next] ?? NaN;
    [at, next] = [at + 1, next + 1];
  }
  copyUpTo(before.seqs.length);
  return { seqs: after.seqs.subarray(0, at), values: after.values.subarray(0, at) };
}

export function endOf({ seqs, values }: Ends, seq: number): number | undefined {
  return values[placeOf(seqs, seq)];
}

const PASSES: Record<RankBound['op'], (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

export function endsWithin({ seqs, values }: Ends, { op, value: bound }: RankBound): Seqs {
  const passes = PASSES[op];
  const found: number[] = [];
  for (let place = 0; place < seqs.length; place += 1)
    if (passes(values[place] ?? NaN, bound)) found.push(seqs[place] ?? 0);
  return found;
}

export interface End {
  seq: number;
  value: number;
}

/** More are put aside than are wanted, so that they are put in order seldom. */
const ASIDE = 4;
const ASIDE_MIN = 1_000;

/** Of these runs the `wanted` greatest, or least, and all that equal the last of them; in that order. */
export function extremesOf({ seqs, values }: Ends, among: Seqs, wanted: number, descending: boolean): End[] {
  const sign = descending ? -1 : 1;
  const inOrder = (a: End, b: End): number => sign * (a.value - b.value) || 0;
  const most = Math.max(ASIDE * wanted, ASIDE_MIN);
  let best: End[] = [];
  // What is beyond it cannot be among them any more.
  let bound = Infinity;
  let room = most;
  let at = 0;
  for (const seq of among) {
    while (at < seqs.length && (seqs[at] ?? 0) < seq) at += 1;
    const value = values[at] ?? 0;
    if (seqs[at] !== seq || sign * value > bound) continue;
    best.push({ seq, value });
    if (best.length < room) continue;
    best = cutAfter(best.sort(inOrder), wanted);
    bound = sign * (best.at(-1)?.value ?? Infinity);
    // Where many are equal there is nothing to be cut.
    room = best.length + most;
  }
  return cutAfter(best.sort(inOrder), wanted);
}

function cutAfter(ends: End[], wanted: number): End[] {
  const last = ends[wanted - 1];
  return last ? ends.filter(({ value }, place) => place < wanted || value === last.value) : ends;
}

/** Runs that share the best value are counted and listed up to so many; there may be a hundred thousand. */
export const SHARED_MAX = 100;

export interface BestEnd {
  /** Undefined: none of them is finite. */
  best: End | undefined;
  /** It, and those that equal it: one more than SHARED_MAX of them at most. */
  equal: End[];
  /** How many are finite. */
  finite: number;
}

/** Of these runs; of equal ones the earliest. */
export function bestOf({ seqs, values }: Ends, among: ArrayLike<number>, descending: boolean): BestEnd {
  let [best, finite]: [End | undefined, number] = [undefined, 0];
  let equal: End[] = [];
  for (let place = 0, at = 0; place < among.length; place += 1) {
    const seq = among[place] ?? 0;
    while (at < seqs.length && (seqs[at] ?? 0) < seq) at += 1;
    const value = values[at] ?? NaN;
    if (seqs[at] !== seq || !Number.isFinite(value)) continue;
    finite += 1;
    if (!best || (descending ? value > best.value : value < best.value)) equal = [(best = { seq, value })];
    else if (value === best.value && equal.length <= SHARED_MAX) equal.push({ seq, value });
  }
  return { best, equal, finite };
}
