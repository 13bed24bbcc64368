// models/version-changes.ts
// Purpose: what changes versions of a registered model: made, described, staged, tagged, deleted.
// Why: each is a step of a transaction that MLflow's API, our own and pages share.
// Relevant files: models/registry-queries.ts, models/registry-changes.ts, models/models.ts

import { and, eq, ne, sql } from 'drizzle-orm';
import { raiseVersion } from '../experiments/touch-changes.ts';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { badField } from '../shared/errors.ts';
import { findLoggedModel, requireLoggedModel } from './logged-queries.ts';
import {
  modelAliases,
  modelVersions,
  modelVersionTags,
  registeredModels,
  Stage,
  type ModelVersionRow,
} from './models.ts';
import { replaceAliases, touchRegistered } from './registry-changes.ts';
import { requireRegistered, requireVersion } from './registry-queries.ts';
import { findNamed, loggedIn } from './version-queries.ts';

type Tags = Record<string, string>;

export interface NewVersion {
  /** `models:/m-…` (a logged model), `models:/name/3`, `…/latest`, `…/Production`, `…@alias` (another version), or where the files are. */
  source: string;
  description?: string | undefined;
  run_id?: string | undefined;
  model_id?: string | undefined;
  run_link?: string | undefined;
  tags?: Tags | undefined;
}

export async function createVersion(tx: Db, name: string, version: NewVersion, now: number): Promise<ModelVersionRow> {
  const registered = await requireRegistered(tx, name);
  const origin = await originOf(tx, version);
  const rows = await tx
    .insert(modelVersions)
    .values({
      registered_id: registered.id,
      version: await takeNumber(tx, registered.id),
      description: version.description ?? '',
      ...origin,
      run_link: version.run_link ?? '',
      created_at: now,
      updated_at: now,
    })
    .returning();
  const row = one(rows);
  await putTags(tx, row, version.tags ?? {});
  await touch(tx, row, now);
  return row;
}

async function takeNumber(tx: Db, id: number): Promise<number> {
  const rows = await tx
    .update(registeredModels)
    .set({ next_version: sql`${registeredModels.next_version} + 1` })
    .where(eq(registeredModels.id, id))
    .returning({ next: registeredModels.next_version });
  return one(rows).next - 1;
}

type Origin = Pick<ModelVersionRow, 'source' | 'origin' | 'model_id' | 'run_id'>;

async function originOf(tx: Db, { source, model_id, run_id }: NewVersion): Promise<Origin> {
  checkSource(source);
  const id = loggedIn(source);
  const copied = id === undefined ? await findNamed(tx, source) : undefined;
  const model_of = id ?? (model_id || copied?.row.model_id);
  const model = model_of ? await requireLoggedModel(tx, model_of) : undefined;
  return {
    source: copied?.uri ?? source,
    origin: copied?.row.origin ?? source,
    model_id: model?.id ?? null,
    run_id: run_id || copied?.row.run_id || model?.source_run_id || null,
  };
}

/** Addresses only: a path would be one on this machine. Errors: 400. */
function checkSource(source: string): void {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):/i.exec(source) ?? [];
  if (scheme === undefined || scheme.toLowerCase() === 'file')
    throw badField('source', 'must be an address such as models:/m-… or s3://…, not a path on a machine');
  if (isRelative(source)) throw badField('source', 'must not hold .. as a part');
}

/** Also where it is encoded, once or more. */
function isRelative(text: string): boolean {
  if (/(^|[/\\])\.\.([/\\]|$)/.test(text)) return true;
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return decoded !== text && isRelative(decoded);
}

export interface VersionPatch {
  description?: string | undefined;
  stage?: Stage | undefined;
  /** Exactly these afterwards. */
  tags?: Tags | undefined;
  aliases?: string[] | undefined;
}

export async function patchVersion(
  tx: Db,
  name: string,
  version: number,
  { description, stage, tags, aliases }: VersionPatch,
  now: number,
): Promise<void> {
  const row = await requireVersion(tx, name, version);
  const changed = { description: description ?? row.description, stage: stage ?? row.stage };
  await tx.update(modelVersions).set(changed).where(isRow(row));
  if (tags) {
    await tx.delete(modelVersionTags).where(isTagOf(row));
    await putTags(tx, row, tags);
  }
  if (aliases) await replaceAliases(tx, name, version, aliases, now);
  await touch(tx, row, now);
}

/** `alone`: the others that are in this stage are archived. */
export async function setStage(
  tx: Db,
  name: string,
  version: number,
  { stage, alone }: { stage: Stage; alone: boolean },
  now: number,
): Promise<void> {
  const row = await requireVersion(tx, name, version);
  if (alone)
    await tx
      .update(modelVersions)
      .set({ stage: Stage.Archived, updated_at: now })
      .where(
        and(
          eq(modelVersions.registered_id, row.registered_id),
          eq(modelVersions.stage, stage),
          ne(modelVersions.version, version),
        ),
      );
  await tx.update(modelVersions).set({ stage }).where(isRow(row));
  await touch(tx, row, now);
}

/** Its aliases go with it, its number is not given again. */
export async function deleteVersion(tx: Db, name: string, version: number, now: number): Promise<void> {
  const row = await requireVersion(tx, name, version);
  for (const table of [modelAliases, modelVersionTags])
    await tx.delete(table).where(and(eq(table.registered_id, row.registered_id), eq(table.version, version)));
  await tx.delete(modelVersions).where(isRow(row));
  await touch(tx, row, now);
}

export async function setVersionTags(tx: Db, name: string, version: number, tags: Tags, now: number): Promise<void> {
  const row = await requireVersion(tx, name, version);
  await putTags(tx, row, tags);
  await touch(tx, row, now);
}

/** Returns whether it was there. */
export async function removeVersionTag(
  tx: Db,
  name: string,
  version: number,
  key: string,
  now: number,
): Promise<boolean> {
  const row = await requireVersion(tx, name, version);
  const gone = await tx
    .delete(modelVersionTags)
    .where(and(isTagOf(row), eq(modelVersionTags.key, key)))
    .returning();
  await touch(tx, row, now);
  return gone.length > 0;
}

type Which = Pick<ModelVersionRow, 'registered_id' | 'version'>;

function isRow({ registered_id, version }: Which): ReturnType<typeof and> {
  return and(eq(modelVersions.registered_id, registered_id), eq(modelVersions.version, version));
}

function isTagOf({ registered_id, version }: Which): ReturnType<typeof and> {
  return and(eq(modelVersionTags.registered_id, registered_id), eq(modelVersionTags.version, version));
}

async function putTags(tx: Db, { registered_id, version }: Which, tags: Tags): Promise<void> {
  const { registered_id: model, version: number, key: name } = modelVersionTags;
  for (const [key, value] of Object.entries(tags))
    await tx
      .insert(modelVersionTags)
      .values({ registered_id, version, key, value })
      .onConflictDoUpdate({ target: [model, number, name], set: { value } });
}

/** The version and its model changed; so did the page of the run that the logged model is from. */
async function touch(tx: Db, row: ModelVersionRow, now: number): Promise<void> {
  await tx.update(modelVersions).set({ updated_at: now }).where(isRow(row));
  await touchRegistered(tx, row.registered_id, now);
  const model = row.model_id === null ? undefined : await findLoggedModel(tx, row.model_id);
  if (model) await raiseVersion(tx, model.experiment_id);
}
