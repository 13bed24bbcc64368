// models/owner-changes.ts
// Purpose: what has files, a run or a logged model, by its id: whether it is there, and that it got or lost some.
// Why: MLflow's artifact proxy knows only an id in a path; both kinds of owner are asked in one way.
// Relevant files: models/logged-changes.ts, runs/ingest.ts, runs/artifacts/artifact-receiving.ts

import { findRun, requireRun } from '../runs/queries.ts';
import { touchRun } from '../runs/ingest.ts';
import type { Db } from '../shared/db/store.ts';
import { notFound } from '../shared/errors.ts';
import { touchLoggedModel } from './logged-changes.ts';
import { findLoggedModel, requireLoggedModel } from './logged-queries.ts';

function isModel(owner: string): boolean {
  return owner.startsWith('m-');
}

/** It is there, in the trash or not: its files can be read. Errors: 404. */
export async function requireReadable(db: Db, owner: string): Promise<void> {
  const row = isModel(owner) ? await findLoggedModel(db, owner) : await findRun(db, owner);
  if (!row) throw notFound(`${isModel(owner) ? 'Logged model' : 'Run'} ${owner}`);
}

/** It takes files. Errors: 404, 409 for what is in the trash. */
export async function requireWritable(db: Db, owner: string): Promise<void> {
  await (isModel(owner) ? requireLoggedModel(db, owner) : requireRun(db, owner));
}

/** Its files changed. Errors: as `requireWritable`. */
export async function touchOwner(tx: Db, owner: string, now: number): Promise<void> {
  if (isModel(owner)) await touchLoggedModel(tx, await requireLoggedModel(tx, owner), now);
  else await touchRun(tx, await requireRun(tx, owner), now);
}
