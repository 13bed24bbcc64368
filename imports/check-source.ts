// imports/check-source.ts
// Purpose: reads a whole source and writes nothing: the first of the two passes of an import.
// Why: what is broken is found before anything is written, so that nothing is ever half-imported.
// Relevant files: imports/write.ts, imports/records.ts, imports/detect.ts

import { open } from 'node:fs/promises';
import { SourceError, type Source, type SourceArtifact, type SourceRun } from './records.ts';
import type { ExperimentFacts } from './target.ts';

/** Called after each run. */
export type OnProgress = (phase: 'Reading' | 'Writing', done: number, total: number) => void;

export interface Plan {
  /** How many there are. */
  runs: number;
  /** Experiments with the ids of their runs, as the source has them. */
  experiments: [ExperimentFacts, string[]][];
}

/** Errors: SourceError with the file and line. */
export async function checkSource(source: Source, onProgress?: OnProgress): Promise<Plan> {
  const { runs: total } = await source.count();
  const experiments: Plan['experiments'] = [];
  let done = 0;
  for await (const { runs, ...facts } of source.experiments()) {
    const ids: string[] = [];
    experiments.push([facts, ids]);
    for await (const run of runs()) {
      await readThrough(run);
      ids.push(run.id);
      onProgress?.('Reading', (done += 1), total);
    }
  }
  return { runs: done, experiments };
}

/** The same experiment in the second pass, which reads a source that may have grown meanwhile. */
export function idsOf({ experiments }: Plan, { name, created_at, trashed_at }: ExperimentFacts): string[] {
  const isIt = ([facts]: Plan['experiments'][number]): boolean =>
    facts.name === name && facts.created_at === created_at && (facts.trashed_at === null) === (trashed_at === null);
  return experiments.find(isIt)?.[1] ?? [];
}

async function readThrough(run: SourceRun): Promise<void> {
  for await (const batch of run.points()) void batch;
  for await (const artifact of run.artifacts()) await checkReadable(artifact);
}

async function checkReadable({ file }: SourceArtifact): Promise<void> {
  if (typeof file !== 'string') return;
  try {
    await (await open(file, 'r')).close();
  } catch (error) {
    throw new SourceError(`cannot be read (${error instanceof Error ? error.message : String(error)})`, file);
  }
}
