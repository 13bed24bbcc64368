// shared/stats/ranks.ts
// Purpose: ranks of values, equal ones sharing the mean of their places.
// Why: rank tests look at nothing else.
// Relevant files: shared/stats/mann-whitney.ts, shared/stats/wilcoxon.ts

export interface Ranks {
  /** In the order of the values; from 1. */
  ranks: number[];
  /** How often each value that is there several times is there. */
  ties: number[];
}

export function ranksOf(values: readonly number[]): Ranks {
  const order = values.map((_, place) => place).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = Array<number>(values.length).fill(0);
  const ties: number[] = [];
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (const place of order.slice(from, to)) ranks[place] = (from + 1 + to) / 2;
    if (to - from > 1) ties.push(to - from);
    from = to;
  }
  return { ranks, ties };
}

/** Σ (t³ − t): what ties take from the variance of a rank sum. */
export function tieTerm(ties: readonly number[]): number {
  return ties.reduce((sum, times) => sum + times ** 3 - times, 0);
}
