// mlflow/experiment-writes.ts
// Purpose: what MLflow's calls change of an experiment: made, renamed, in the trash and back, its tags and its note.
// Why: its words (deleted, note tag) in ours (trash, description), each as a step of one transaction.
// Relevant files: mlflow/experiment-routes.ts, mlflow/experiment-of.ts, experiments/changes.ts, tags/hang-changes.ts

import { createExperiment, patchExperiment, restoreExperiment, trashExperiment } from '../experiments/changes.ts';
import type { ExperimentRow } from '../experiments/models.ts';
import { findByName, findByNameAnywhere } from '../experiments/queries.ts';
import { trashRuns } from '../runs/changes.ts';
import { trashedRunIds } from '../runs/purge-queries.ts';
import { writeInSteps } from '../shared/db/steps.ts';
import type { Db, Store } from '../shared/db/store.ts';
import { tagExperiment, takeOffExperiment } from '../tags/hang-changes.ts';
import { invalid, missing, MlflowError, taken } from './errors.ts';
import { findMeant, readByName, requireActive, requireMeant } from './experiment-of.ts';
import { DEFAULT_NAME, NOTE_TAG } from './experiment-views.ts';
import { recordOf, type Pair } from './fields.ts';
import { namesHost } from './storage-place.ts';

interface NewExperiment {
  name: string;
  artifact_location?: string | undefined;
  tags: Pair[];
}

export async function createOne(tx: Db, asked: NewExperiment, now: number): Promise<ExperimentRow> {
  const { name, tags, artifact_location } = asked;
  if (await isTaken(tx, name)) throw taken(`Experiment ${JSON.stringify(name)} already exists.`);
  checkLocation(artifact_location ?? '');
  const { [NOTE_TAG]: description = '', ...others } = recordOf(tags);
  return createExperiment(
    tx,
    { name, description, tags: others, artifact_location: artifact_location || undefined },
    now,
  );
}

function checkLocation(uri: string): void {
  if (uri.startsWith('runs:')) throw invalid("artifact_location must not be a 'runs:' URI.");
  // A run's folder is put behind it, which a fragment (#) or the params of a last part (;) would swallow.
  if (/^[^?#]*;[^/?#]+([?#]|$)|#./.test(uri))
    throw invalid("'artifact_location' URL can't include fragments or params.");
  if (/\?.*\.\./s.test(uri)) throw invalid("'artifact_location' URL can't have .. in its query.");
  if (namesHost(uri)) throw invalid("'artifact_location' must not name a host that a server would go to.");
}

/** "Default" is, even while there is no row of it. */
async function isTaken(tx: Db, name: string): Promise<boolean> {
  if (name !== DEFAULT_NAME || (await findByNameAnywhere(tx, name))) return (await findByName(tx, name)) !== undefined;
  return readByName(tx, name).then(
    () => true,
    () => false,
  );
}

export async function renameOne(tx: Db, id: number, name: string, now: number): Promise<void> {
  const row = await requireActive(tx, id, now);
  if (name !== row.name && (await isTaken(tx, name)))
    throw new MlflowError('BAD_REQUEST', `An experiment named ${JSON.stringify(name)} exists already.`);
  await patchExperiment(tx, row.id, { name }, now);
}

/** Its runs go out of sight with it. In the trash already: nothing changes, since a client may send this twice. */
export async function deleteOne(tx: Db, id: number, now: number): Promise<void> {
  const row = await requireMeant(tx, id, now);
  await trashExperiment(tx, row.id, now);
}

const RUNS_AT_ONCE = 5;

/** All its runs come back with it, also those that went to the trash before it: so MLflow has it. */
export async function restoreOne(store: Store, id: number, now: number): Promise<void> {
  const row = await findMeant(store.read, id);
  if (!row || row.trashed_at === null) return;
  await store.write((tx) => restoreExperiment(tx, row.id, now));
  const ids = await trashedRunIds(store.read, { experiment: row.id, until: now });
  await writeInSteps(store, ids, RUNS_AT_ONCE, async (tx, some) => {
    await trashRuns(tx, some, false, now);
  });
}

export async function setTag(tx: Db, id: number, { key, value }: Pair, now: number): Promise<void> {
  const row = await requireActive(tx, id, now);
  if (key === NOTE_TAG) await patchExperiment(tx, row.id, { description: value }, now);
  else await tagExperiment(tx, row.id, { [key]: value }, now);
}

export async function deleteTag(tx: Db, id: number, key: string, now: number): Promise<void> {
  const row = await requireActive(tx, id, now);
  if (key !== NOTE_TAG) return void (await takeOffExperiment(tx, row.id, key, now));
  if (row.description === '') throw missing(`Tag ${NOTE_TAG} of experiment ${id}`);
  await patchExperiment(tx, row.id, { description: '' }, now);
}
