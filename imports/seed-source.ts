// imports/seed-source.ts
// Purpose: experiments made in code, as a source that the importer can read.
// Why: seeded and synthetic runs go in by the same way as everybody's, and twice adds nothing twice.
// Relevant files: imports/records.ts, imports/seed-states.ts, imports/synthetic.ts

import type { Source, SourceExperiment, SourcePoint } from './records.ts';

export function madeSource(kind: string, experiments: SourceExperiment[], runs: number): Source {
  return {
    kind,
    location: experiments.map(({ name }) => name).join(', '),
    count: () => Promise.resolve({ experiments: experiments.length, runs }),
    experiments: () => listOf(experiments),
    notes: [],
    skipped: [],
    close: () => Promise.resolve(),
  };
}

export async function* listOf<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

/** One point for each key and step; `start` and `pace` in ms. */
export function seriesOf(steps: Record<string, number>[], start: number, pace: number): SourcePoint[] {
  return steps.flatMap((values, step) =>
    Object.entries(values).map(([key, value]) => ({ key, value, step, timestamp: start + step * pace })),
  );
}
