// runs/conclusions/samples.ts
// Purpose: groups as samples: the values of one metric, what they pair by, and resampled means made once.
// Why: tests know nothing of runs; this is where runs become numbers.
// Relevant files: runs/conclusions/conclusions.ts, runs/conclusions/comparison.ts, shared/stats/bootstrap.ts

import { resampledMeans } from '../../shared/stats/bootstrap.ts';
import type { Spread, Stats } from '../../shared/stats/moments.ts';
import { seedOf } from '../../shared/stats/random.ts';
import { groupName, labelOf, shownColumns } from '../groups/group-text.ts';
import type { Group, RunGroups } from '../groups/groups.ts';

export interface Sample {
  group: Group;
  /** What links and the API call the group. */
  name: string;
  label: string;
  stats: Stats;
  /** Decimals that the metric's rule asks for. */
  digits: number | null;
  values: number[];
  /** A run's seq with its value. */
  runs: { seq: number; value: number }[];
}

/** Groups that have a finite value of the main metric, in the order of the groups. */
export function samplesOf(data: RunGroups): Sample[] {
  const { main } = data;
  if (main === null) return [];
  const columns = shownColumns(data);
  const digits = data.metrics.find(({ key }) => key === main)?.digits ?? null;
  return data.groups.flatMap((group) => {
    const metric = group.metrics.get(main);
    if (!metric?.stats) return [];
    const runs = group.members.flatMap(({ seq }, place) => {
      const value = metric.values[place] ?? null;
      return value === null ? [] : [{ seq, value }];
    });
    const values = runs.map(({ value }) => value);
    const names = { name: groupName(group), label: labelOf(group, data, columns) };
    return [{ group, ...names, stats: metric.stats, digits, values, runs }];
  });
}

/** With a deviation: tests need two values at least. */
export function spreadOf({ stats }: Sample): Spread | null {
  return stats.std === null ? null : { ...stats, std: stats.std };
}

const RESAMPLES = 2_000;
const RESAMPLES_MIN = 200;
/** Values drawn for a page: a few tenths of a second of the processor. */
const DRAWS_MAX = 20_000_000;

/** Resampled means of each sample, made when first asked for. The seed comes from the group: another filter changes nothing of it. */
export class Resampled {
  readonly times: number;
  readonly #known = new Map<Sample, Float64Array>();

  constructor(samples: readonly Sample[]) {
    const values = samples.reduce((sum, sample) => sum + sample.values.length, 0);
    this.times = Math.max(RESAMPLES_MIN, Math.min(RESAMPLES, Math.floor(DRAWS_MAX / Math.max(1, values))));
  }

  of(sample: Sample): Float64Array {
    const known = this.#known.get(sample);
    if (known) return known;
    const seed = seedOf(JSON.stringify(sample.group.values));
    const means = resampledMeans(sample.values, this.times, seed);
    this.#known.set(sample, means);
    return means;
  }
}
