// imports/write.ts
// Purpose: brings a source in: one pass that only reads and checks, one that writes run by run.
// Why: nothing is half-imported, a running server waits for one short transaction at a time, and twice adds nothing twice.
// Relevant files: imports/check-source.ts, imports/write-run.ts, imports/target.ts, imports/summary.ts

import { checkContents, contentsAt } from '../runs/artifacts/artifact-store.ts';
import type { Store } from '../shared/db/store.ts';
import { checkSource, idsOf, type OnProgress, type Plan } from './check-source.ts';
import { fitExperiment } from './fit.ts';
import { SourceError, type Skipped, type Source, type SourceExperiment } from './records.ts';
import { Remarks, type Note } from './remarks.ts';
import { Tally } from './tally.ts';
import { checkTarget, homeOf, needsMaking } from './target.ts';
import { writeRun } from './write-run.ts';
import type { Writing } from './writing.ts';

const INTO_ONE: Note = (count) =>
  `${count} ${count === 1 ? 'experiment' : 'experiments'} of the source went into one: ` +
  'their descriptions and tags are left out.';

export interface ImportOptions {
  /** Put all runs into this experiment, which is made when it is missing. */
  experiment?: string | undefined;
  onProgress?: OnProgress | undefined;
}

export interface ImportSummary {
  kind: string;
  location: string;
  counts: Tally['counts'];
  notes: string[];
  skipped: Skipped[];
}

/** Errors: SourceError or UserError. From the first pass: nothing was written. */
export async function importSource(
  store: Store,
  artifacts: string,
  openSource: () => Promise<Source>,
  options: ImportOptions = {},
): Promise<ImportSummary> {
  const plan = await planImport(openSource, options.onProgress);
  return writeSource(store, artifacts, await openSource(), plan, options);
}

/** The first pass, for which no database is needed. */
export async function planImport(openSource: () => Promise<Source>, onProgress?: OnProgress): Promise<Plan> {
  const source = await openSource();
  try {
    return await checkSource(source, onProgress);
  } finally {
    await source.close();
  }
}

/** The second pass; closes the source. `artifacts`: where their contents go, as in the settings. */
export async function writeSource(
  store: Store,
  artifacts: string,
  source: Source,
  plan: Plan,
  { experiment: into, onProgress }: ImportOptions = {},
): Promise<ImportSummary> {
  const [tally, remarks, importedAt] = [new Tally(), new Remarks(), Date.now()];
  const contents = contentsAt(artifacts);
  const writing: Writing = { store, contents, tally, remarks, importedAt };
  let done = 0;
  const afterRun = (): void => onProgress?.('Writing', (done += 1), plan.runs);
  try {
    await checkContents(store, contents);
    for (const [facts, ids] of plan.experiments) await checkTarget(store.read, facts, ids, into);
    const seen = new Set<string>();
    for await (const experiment of source.experiments()) {
      await writeExperiment(writing, experiment, idsOf(plan, experiment), seen, into, afterRun);
    }
  } catch (error) {
    throw done > 0 && error instanceof SourceError ? changedMeanwhile(error, done) : error;
  } finally {
    await source.close();
  }
  tally.count('points', 'left', source.skippedPoints ?? 0);
  return {
    kind: source.kind,
    location: source.location,
    counts: tally.counts,
    notes: [...source.notes, ...remarks.notes],
    skipped: [...source.skipped, ...remarks.skipped],
  };
}

async function writeExperiment(
  writing: Writing,
  { runs, ...source }: SourceExperiment,
  ids: string[],
  seen: Set<string>,
  into: string | undefined,
  afterRun: () => void,
): Promise<void> {
  const { store, tally, remarks, importedAt } = writing;
  const itsTags = new Tally();
  const facts = fitExperiment(source, itsTags, into === undefined ? remarks : new Remarks());
  const home = homeOf(facts, ids, importedAt, into);
  for await (const run of runs()) {
    if (seen.has(run.id)) leaveOut(writing, run.id, source.name);
    else await writeRun(writing, run, home);
    seen.add(run.id);
    afterRun();
  }
  const isMissing = ids.length === 0 && into === undefined && (await needsMaking(store.read, facts));
  if (isMissing) await store.write((tx) => home.ensure(tx, facts.created_at ?? importedAt));
  tally.count('experiments', home.wasMade ? 'written' : 'known');
  if (into !== undefined) return remarks.note(INTO_ONE);
  tally.add(itsTags);
  tally.count('tags', home.wasMade ? 'written' : 'known', Object.keys(facts.tags).length);
}

function leaveOut({ tally, remarks }: Writing, id: string, experiment: string): void {
  tally.count('runs', 'left');
  remarks.skip(`run ${id} in experiment ${JSON.stringify(experiment)}`, 'a run with the same id came before it');
}

function changedMeanwhile(error: SourceError, done: number): SourceError {
  error.message += ` (It changed while it was imported; ${done} runs are in. Run the import again to complete it.)`;
  return error;
}
