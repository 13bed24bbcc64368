// tests/models/support.ts
// Purpose: short ways to make runs, logged models with files, and registered ones, on a running tracker.
// Why: the tests of models all begin with some.
// Relevant files: tests/support/tracker.ts, models/logged-changes.ts, models/registry-changes.ts

import { createLoggedModel, type NewLoggedModel } from '../../models/logged-changes.ts';
import type { LoggedModelRow } from '../../models/models.ts';
import { createRegistered } from '../../models/registry-changes.ts';
import { createVersion } from '../../models/version-changes.ts';
import { recordArtifact } from '../../runs/artifacts/artifact-queries.ts';
import { contentsAt, saveArtifact } from '../../runs/artifacts/artifact-store.ts';
import { addRun, must } from '../tags/support.ts';
import type { Tracker } from '../support/tracker.ts';

export { must } from '../tags/support.ts';

export interface MadeRun {
  id: string;
  experiment_id: number;
}

export async function makeRun(tracker: Tracker, experiment = 'models'): Promise<MadeRun> {
  return must<MadeRun>(tracker, 'GET', `/api/runs/${await addRun(tracker, experiment)}`);
}

export async function makeModel(
  tracker: Tracker,
  run: MadeRun,
  more: Partial<NewLoggedModel> = {},
): Promise<LoggedModelRow> {
  const model = { experiment_id: run.experiment_id, source_run_id: run.id, ...more };
  return tracker.app.store.write((tx) => createLoggedModel(tx, model, Date.now()));
}

/** Puts a file where it belongs; returns its sha256. */
export async function putFile(tracker: Tracker, owner: string, path: string, contents: string): Promise<string> {
  const { store, settings } = tracker.app;
  const saved = await saveArtifact(store, contentsAt(settings.artifacts), Buffer.from(contents));
  await store.write((tx) => recordArtifact(tx, owner, { path, ...saved }, Date.now()));
  return saved.sha256;
}

/** A registered model with a version of each logged model. */
export async function register(tracker: Tracker, name: string, ...models: string[]): Promise<void> {
  await tracker.app.store.write(async (tx) => {
    await createRegistered(tx, { name }, Date.now());
    for (const id of models) await createVersion(tx, name, { source: `models:/${id}` }, Date.now());
  });
}
