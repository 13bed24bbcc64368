// runs/seqs.ts
// Purpose: sets of runs as their numbers in ascending order: what is in all, in some, in one and not in another.
// Why: of a hundred thousand numbers a walk over two lists takes less than a millisecond, and nothing but the lists is kept.
// Relevant files: runs/found-queries.ts, runs/ranking-queries.ts

/** Ascending, each once. */
export type Seqs = readonly number[];

/** In all of at least one set; the shortest ones first, so that there is less to walk over. */
export function everyOf(sets: readonly Seqs[]): Seqs {
  const [first = [], ...others] = [...sets].sort((a, b) => a.length - b.length);
  return others.reduce((some, other) => walk(some, other, true), first);
}

export function someOf(sets: readonly Seqs[]): Seqs {
  return sets.reduce((all, other) => (all.length === 0 ? other : together(all, other)), []);
}

export function lessThose(all: Seqs, others: Seqs): Seqs {
  return walk(all, others, false);
}

/** Those of `a` that are in `b`, or those that are not. */
function walk(a: Seqs, b: Seqs, isIn: boolean): Seqs {
  const found: number[] = [];
  let at = 0;
  for (const seq of a) {
    while (at < b.length && (b[at] ?? 0) < seq) at += 1;
    if ((b[at] === seq) === isIn) found.push(seq);
  }
  return found;
}

function together(a: Seqs, b: Seqs): Seqs {
  if (b.length === 0) return a;
  const all: number[] = [];
  for (let [x, y] = [0, 0]; x < a.length || y < b.length;) {
    const [one, other] = [a[x] ?? Infinity, b[y] ?? Infinity];
    all.push(Math.min(one, other));
    if (one <= other) x += 1;
    if (other <= one) y += 1;
  }
  return all;
}

export function isAmong(seqs: Seqs, seq: number): boolean {
  return placeOf(seqs, seq) >= 0;
}

/** Where a number stands among ascending ones; −1: it is not there. Runs made one after the other stand where they are looked for first. */
export function placeOf(seqs: ArrayLike<number>, seq: number): number {
  let [from, to] = [0, seqs.length - 1];
  const guess = seq - (seqs[0] ?? 0);
  if (seqs[guess] === seq) return guess;
  while (from <= to) {
    const middle = (from + to) >> 1;
    const there = seqs[middle] ?? 0;
    if (there === seq) return middle;
    if (there < seq) from = middle + 1;
    else to = middle - 1;
  }
  return -1;
}

/** The place of the first of ascending numbers that is not below `seq`; behind all of them where there is none. */
export function firstFrom(seqs: ArrayLike<number>, seq: number): number {
  let [from, to] = [0, seqs.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((seqs[middle] ?? 0) < seq) from = middle + 1;
    else to = middle;
  }
  return from;
}
