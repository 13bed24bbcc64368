// runs/ends.ts
// Purpose: what a metric came to in each ended run of an experiment, as two arrays of numbers, and which runs pass a bound of it.
// Why: of a hundred thousand runs it is 1.6 MB without one object, and a bound is one walk that leaves the runs in order.
// Relevant files: runs/ends-queries.ts, runs/found-queries.ts, runs/groups/groups.ts

import type { RankBound } from './query/ranked-sql.ts';
import { placeOf, type Seqs } from './seqs.ts';

export interface Ends {
  /** Ascending. */
  seqs: Float64Array;
  /** In their order; never NaN. */
  values: Float64Array;
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
