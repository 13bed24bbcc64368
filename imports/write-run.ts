// imports/write-run.ts
// Purpose: one run of a source becomes rows, through the same ingest as HTTP; here already: only what is missing.
// Why: imports can be run again at any time, and never overwrite what people did here since.
// Relevant files: imports/write.ts, imports/write-artifacts.ts, imports/portions.ts, runs/ingest.ts, runs/imported-changes.ts

import { advanceImportedRun, insertImportedRun, setRunTimes } from '../runs/imported-changes.ts';
import { logBatch } from '../runs/ingest.ts';
import type { RunRow } from '../runs/models.ts';
import { findRun, isBeingRemoved } from '../runs/queries.ts';
import { isFinal } from '../runs/status.ts';
import type { Db } from '../shared/db/store.ts';
import { tagsOfRuns } from '../tags/queries.ts';
import { fitRun, type RunFacts } from './fit.ts';
import { lastHeard, portionsOf, type Portion } from './portions.ts';
import type { SourceRun } from './records.ts';
import type { Note, Remarks } from './remarks.ts';
import { Tally, type Kind } from './tally.ts';
import type { Home } from './target.ts';
import { keepContents, linkContents, type KeptFile } from './write-artifacts.ts';
import type { Writing } from './writing.ts';

const CONTINUED: Note = (count) => `${count} ${count === 1 ? 'run was' : 'runs were'} here already and went on.`;
const IN_TRASH: Note = (count) => `${count} ${count === 1 ? 'run is' : 'runs are'} in the trash here and stay there.`;
const REMOVING: Note = (count) =>
  `${count} ${count === 1 ? 'run is' : 'runs are'} being removed for ever here: import again when that is done.`;
const TAGS_LEFT: Note = (count) =>
  `${count} ${count === 1 ? 'tag' : 'tags'} left as they are here: runs that have ended here keep the tags people gave them.`;

/** Undoes a transaction that brought nothing new, so that what is here already keeps its times and versions. */
class NothingNew extends Error {
  readonly tally: Tally;

  constructor(tally: Tally) {
    super('nothing new');
    this.tally = tally;
  }
}

interface Step extends Portion {
  run: RunFacts;
  files: KeptFile[];
  heardAt: number;
  /** Whether this import made the run. */
  isOurs: boolean;
  /** Whether the run takes tags: it is new, or was open when this import came to it. */
  takesTags: boolean;
}

export async function writeRun(writing: Writing, source: SourceRun, home: Home): Promise<void> {
  const { store, tally, remarks, importedAt } = writing;
  const run = fitRun(source, tally, remarks);
  const before = await findRun(store.read, run.id);
  if (before && (await isBeingRemoved(store.read, before))) {
    remarks.note(REMOVING);
    return tally.count('runs', 'left');
  }
  const facts = { run, isOurs: !before, takesTags: !before || !isFinal(before.status) };
  let heardAt: number | null = null;
  let added = false;
  for await (const portion of portionsOf(source)) {
    heardAt = lastHeard(run, portion.points, importedAt, heardAt);
    const files = portion.isLast ? await keepContents(writing, source) : [];
    const step: Step = { ...facts, ...portion, files, heardAt };
    const stepTally = await store.write((tx) => writeStep(tx, writing, step, home)).catch(tallyOfNothing);
    tally.add(stepTally);
    added ||= stepTally.hasWritten;
  }
  if (before && added) remarks.note(CONTINUED);
  if (before && before.trashed_at !== null) remarks.note(IN_TRASH);
}

function tallyOfNothing(error: unknown): Tally {
  if (error instanceof NothingNew) return error.tally;
  throw error;
}

async function writeStep(tx: Db, writing: Writing, step: Step, home: Home): Promise<Tally> {
  const { run, isFirst, isLast, isOurs, heardAt } = step;
  const tally = new Tally();
  const known = await findRun(tx, run.id);
  // Removed for ever while it was being imported.
  if (known ? await isBeingRemoved(tx, known) : !isFirst) throw new NothingNew(tally);
  const row = known ?? (await insertRun(tx, step, home));
  if (isFirst) tally.count('runs', known ? 'known' : 'written');
  await logPart(tx, row, step, writing.remarks, tally);
  await linkContents(tx, run.id, step.files, heardAt, { tally, remarks: writing.remarks });
  const hasAdvanced = isLast && (await advanceImportedRun(tx, row, run));
  if (known && !tally.hasWritten && !hasAdvanced) throw new NothingNew(tally);
  await setRunTimes(tx, run.id, {
    heard_at: Math.max(heardAt, row.heard_at),
    updated_at: isOurs ? heardAt : writing.importedAt,
  });
  return tally;
}

/**
 * MLflow deletes an experiment's runs with it and restores them with it: in a trashed experiment they need no trash of
 * their own, but they do where they come into a live one.
 */
async function insertRun(tx: Db, { run, heardAt, isLast }: Step, home: Home): Promise<RunRow> {
  const { id, trashed_at } = await home.ensure(tx, heardAt);
  const ownTrash = trashed_at === null ? (run.trashed_at ?? home.trashedAt) : null;
  return insertImportedRun(tx, { ...run, trashed_at: ownTrash }, id, { heardAt, isWhole: isLast });
}

/** Points, and with the first portion params and tags. One kind at a time: each has its own count. */
async function logPart(tx: Db, row: RunRow, step: Step, remarks: Remarks, tally: Tally): Promise<void> {
  const { run, points, isFirst, heardAt } = step;
  const log = async (kind: Kind, part: Partial<Parameters<typeof logBatch>[2]>): Promise<void> => {
    const receipt = await logBatch(tx, row, { metrics: [], params: {}, tags: {}, ...part }, heardAt);
    tally.count(kind, 'written', receipt.accepted);
    tally.count(kind, 'known', receipt.duplicates);
    tally.count(kind, 'left', receipt.rejected.length);
    const what = kind === 'points' ? 'a point of metric' : 'param';
    for (const { key, reason } of receipt.rejected)
      remarks.skip(`${what} ${JSON.stringify(key)} of run ${run.id}`, reason);
  };
  if (points.length > 0) await log('points', { metrics: points });
  if (!isFirst) return;
  await log('params', { params: run.params });
  await log('tags', { tags: await missingTags(tx, step, remarks, tally) });
}

/** Tags that do not hang on the run; a value that was changed here stays. */
async function missingTags(
  tx: Db,
  { run, takesTags }: Step,
  remarks: Remarks,
  tally: Tally,
): Promise<Record<string, string>> {
  const here = new Set(((await tagsOfRuns(tx, [run.id])).get(run.id) ?? []).map(({ key }) => key));
  const missing = Object.entries(run.tags).filter(([key]) => !here.has(key));
  tally.count('tags', 'known', Object.keys(run.tags).length - missing.length);
  if (takesTags) return Object.fromEntries(missing);
  tally.count('tags', 'left', missing.length);
  for (const _ of missing) remarks.note(TAGS_LEFT);
  return {};
}
