// mlflow/run-writes.ts
// Purpose: what MLflow's calls change of a run: made, stated anew, logged to, tagged, in the trash and back.
// Why: some of its tags are fields of a run here; a batch is stored whole or not at all.
// Relevant files: mlflow/run-routes.ts, mlflow/log-routes.ts, runs/stated-changes.ts, runs/ingest.ts

import { createRun, trashRuns } from '../runs/changes.ts';
import { HEARD_PRECISION_MS, logChecked, type CheckedBatch } from '../runs/ingest.ts';
import type { RunRow } from '../runs/models.ts';
import { findRun, isBeingRemoved, requireRun } from '../runs/queries.ts';
import { leaveMade, requireLoggedRun, takeRun } from '../runs/logged-run-queries.ts';
import { stateRun, type StatedRun } from '../runs/stated-changes.ts';
import type { Db } from '../shared/db/store.ts';
import { LIMITS } from '../shared/limits.ts';
import { runId } from '../shared/schemas.ts';
import { takeOffRun } from '../tags/hang-changes.ts';
import { tagValueOfRun } from '../tags/queries.ts';
import { invalid, missing } from './errors.ts';
import { requireActive } from './experiment-of.ts';
import { locationOf, NOTE_TAG } from './experiment-views.ts';
import { recordOf, type Pair } from './fields.ts';
import { infoFactsOf } from './run-facts.ts';
import { randomName } from './run-names.ts';
import { NAME_TAG, PARENT_TAG, USER_TAG, type InfoFacts, type RunFacts } from './run-views.ts';

export interface NewRun {
  experiment_id: number;
  user_id?: string | undefined;
  run_name: string;
  start_time?: number | undefined;
  tags: Pair[];
}

export interface RunUpdate {
  run_id: string;
  status?: RunRow['status'] | undefined;
  end_time?: number | undefined;
  run_name: string;
}

/** With what its answer says, so that nothing is read again. */
export async function createOne(tx: Db, asked: NewRun, now: number): Promise<RunFacts> {
  const experiment = await requireActive(tx, asked.experiment_id, now);
  const { stated, tags } = split(recordOf(asked.tags));
  if (asked.run_name && stated.name !== undefined && asked.run_name !== stated.name)
    throw invalid(`run_name is ${JSON.stringify(asked.run_name)}, but its tag says ${JSON.stringify(stated.name)}.`);
  const hung = asked.user_id ? { [USER_TAG]: asked.user_id, ...tags } : tags;
  const body = {
    experiment_id: experiment.id,
    name: nameOf(asked.run_name) ?? stated.name ?? randomName(),
    start_time: asked.start_time,
    notes: stated.notes,
    tags: hung,
  };
  const made = await createRun(tx, body, now, experiment);
  const { parent_id } = stated;
  // The parent need not be here, or not yet.
  const run = parent_id === undefined ? made.run : await stateRun(tx, made.run, { parent_id }, now);
  const { artifact_location } = experiment;
  leaveMade(tx, { row: run, artifact_location, hasFacts: asked.tags.length > 0 || asked.user_id !== undefined });
  return {
    run,
    location: locationOf(experiment),
    experimentTrashed: false,
    user: hung[USER_TAG],
    params: [],
    tags: Object.entries(hung).map(([key, value]) => ({ key, value })),
    metrics: [],
    datasets: [],
    models: undefined,
  };
}

/** An empty name is none. */
function nameOf(text: string): string | undefined {
  return text === '' ? undefined : text.slice(0, LIMITS.name);
}

export async function updateOne(
  tx: Db,
  { run_id: id, run_name, status, end_time }: RunUpdate,
  now: number,
): Promise<InfoFacts> {
  const { run, made } = await takeRun(tx, id);
  const changed = await stateRun(tx, run, given({ status, end_time, name: nameOf(run_name) }), now);
  // Read here, where all of it was just looked at, and not by the connection that must look at the new state first.
  if (!made) return infoFactsOf(tx, changed);
  const location = locationOf({ id: run.experiment_id, artifact_location: made.artifact_location });
  const user = made.hasFacts ? await tagValueOfRun(tx, id, USER_TAG) : undefined;
  return { run: changed, location, experimentTrashed: false, user };
}

/** To the trash or back; there already: nothing changes. */
export async function moveOne(tx: Db, id: string, trashed: boolean, now: number): Promise<void> {
  const run = await findRun(tx, id);
  if (!run || (await isBeingRemoved(tx, run))) throw missing(`Run with id=${id}`);
  await trashRuns(tx, [id], trashed, now);
}

/** All of it, or, where a param has another value already, nothing. */
export async function logOne(tx: Db, id: string, batch: CheckedBatch, now: number): Promise<void> {
  const run = await requireLoggedRun(tx, id);
  const { stated, tags } = split(batch.tags);
  const { rejected } = await logChecked(tx, run, { ...batch, tags }, now, HEARD_PRECISION_MS);
  const [first] = rejected;
  if (first) throw invalid(`Changing param values is not allowed: param ${JSON.stringify(first.key)} ${first.reason}.`);
  if (Object.keys(stated).length > 0) await stateRun(tx, (await takeRun(tx, id)).run, stated, now);
}

const NO_FIELDS: Record<string, StatedRun> = {
  // A run has a name, whatever happens to its tag.
  [NAME_TAG]: {},
  [NOTE_TAG]: { notes: '' },
  [PARENT_TAG]: { parent_id: null },
};

export async function deleteTag(tx: Db, id: string, key: string, now: number): Promise<void> {
  const run = await requireRun(tx, id);
  const emptied = NO_FIELDS[key];
  if (!emptied || (key === PARENT_TAG && run.parent_id === null)) return void (await takeOffRun(tx, id, key, now));
  if (key === NOTE_TAG && run.notes === '') throw missing(`Tag ${key} of run ${id}`);
  await stateRun(tx, run, emptied, now);
}

/** The tags that are fields of a run here, and the others. */
function split(all: Record<string, string>): { stated: StatedRun; tags: Record<string, string> } {
  if (!(NAME_TAG in all || NOTE_TAG in all || PARENT_TAG in all)) return { stated: {}, tags: all };
  const { [NAME_TAG]: name = '', [NOTE_TAG]: notes, [PARENT_TAG]: parent, ...tags } = all;
  const hasParent = runId.safeParse(parent).success;
  // Text that is no run's id is kept as a tag, and nothing else.
  if (parent !== undefined && !hasParent) tags[PARENT_TAG] = parent;
  return { stated: given({ name: nameOf(name), notes, parent_id: hasParent ? parent : undefined }), tags };
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}
