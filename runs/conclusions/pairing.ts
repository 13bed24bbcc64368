// runs/conclusions/pairing.ts
// Purpose: runs of two groups as pairs: those with the same seed, or the same in all that groups ignore.
// Why: what two runs with one seed have in common is no noise between them.
// Relevant files: runs/conclusions/comparison.ts, runs/conclusions/conclusions.ts

import type { Sample } from './samples.ts';

export interface PairedRuns {
  /** The params that paired runs are equal in. */
  by: string[];
  values: [number, number][];
}

/** Null where runs do not pair: no such params, the same seed twice in a group, or fewer than two pairs. */
export type Pairing = (one: Sample, base: Sample) => PairedRuns | null;

/** A run's value of an ignored param; null: it has none. */
export type Known = (seq: number, key: string) => string | null;

/** By all ignored params (`seed` and whatever else varies within groups); where that gives no pairs, by those that tell repeats apart alone. */
export function pairingBy(ignored: string[], repeats: string[], known: Known): Pairing {
  const choices = [ignored, repeats].filter((keys) => keys.length > 0);
  const tables = choices.map((keys) => ({ keys, of: remembered((sample) => tableOf(sample, keys, known)) }));
  return (one, base) => {
    for (const { keys, of } of tables) {
      const [left, right] = [of(one), of(base)];
      if (!left || !right) continue;
      const values = [...left].flatMap(([key, x]): [number, number][] => {
        const y = right.get(key);
        return y === undefined ? [] : [[x, y]];
      });
      if (values.length >= 2) return { by: keys, values };
    }
    return null;
  };
}

/** Value by what the run is equal in; runs without any of it pair with nothing. Null where two runs are equal in it. */
function tableOf({ runs }: Sample, keys: string[], known: Known): Map<string, number> | null {
  const table = new Map<string, number>();
  for (const { seq, value } of runs) {
    const own = keys.map((key) => known(seq, key));
    if (own.every((one) => one === null)) continue;
    const name = JSON.stringify(own);
    if (table.has(name)) return null;
    table.set(name, value);
  }
  return table;
}

function remembered<T>(make: (sample: Sample) => T): (sample: Sample) => T {
  const known = new Map<Sample, T>();
  return (sample) => {
    if (!known.has(sample)) known.set(sample, make(sample));
    return known.get(sample) as T;
  };
}
