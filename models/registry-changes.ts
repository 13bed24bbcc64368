// models/registry-changes.ts
// Purpose: what changes registered models: made, renamed, described, deleted; their tags, and the aliases of versions.
// Why: each is a step of a transaction that MLflow's API, our own and pages share.
// Relevant files: models/registry-queries.ts, models/version-changes.ts, models/models.ts

import { and, eq } from 'drizzle-orm';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { badField, conflict } from '../shared/errors.ts';
import {
  modelAliases,
  modelVersions,
  modelVersionTags,
  registeredModels,
  registeredModelTags,
  type RegisteredModelRow,
} from './models.ts';
import { findRegistered, requireRegistered, requireVersion } from './registry-queries.ts';

type Tags = Record<string, string>;

export async function createRegistered(
  tx: Db,
  { name, description = '', tags = {} }: { name: string; description?: string | undefined; tags?: Tags | undefined },
  now: number,
): Promise<RegisteredModelRow> {
  await checkNameIsFree(tx, checkRegisteredName(name));
  const rows = await tx
    .insert(registeredModels)
    .values({ name, description, created_at: now, updated_at: now })
    .returning();
  const row = one(rows);
  await putTags(tx, row.id, tags);
  return row;
}

const REGISTERED_NAME_MAX = 256;

/** It stands in `models:/name/version` and in addresses. */
function checkRegisteredName(name: string): string {
  if (name.trim() === '' || /[/:]/.test(name)) throw badField('name', 'must not be empty, and must not hold / or :');
  if (/^\.{1,2}$/.test(name)) throw badField('name', 'must not be . or ..');
  if (name.length > REGISTERED_NAME_MAX) throw badField('name', `must have at most ${REGISTERED_NAME_MAX} characters`);
  return name;
}

async function checkNameIsFree(tx: Db, name: string): Promise<void> {
  if (await findRegistered(tx, name))
    throw conflict('name', `There is already a registered model ${JSON.stringify(name)}.`);
}

export interface RegisteredPatch {
  name?: string | undefined;
  description?: string | undefined;
  /** Exactly these afterwards. */
  tags?: Tags | undefined;
}

export async function patchRegistered(
  tx: Db,
  name: string,
  { name: newName = name, description, tags }: RegisteredPatch,
  now: number,
): Promise<RegisteredModelRow> {
  const before = await requireRegistered(tx, name);
  if (newName !== name) await checkNameIsFree(tx, checkRegisteredName(newName));
  await tx
    .update(registeredModels)
    .set({ name: newName, description: description ?? before.description, updated_at: now })
    .where(eq(registeredModels.id, before.id));
  if (tags) await replaceTags(tx, before.id, tags);
  return requireRegistered(tx, newName);
}

async function replaceTags(tx: Db, id: number, wanted: Tags): Promise<void> {
  await tx.delete(registeredModelTags).where(eq(registeredModelTags.registered_id, id));
  await putTags(tx, id, wanted);
}

/** With its versions, for good; the logged models that they are stay. */
export async function deleteRegistered(tx: Db, name: string): Promise<void> {
  const { id } = await requireRegistered(tx, name);
  for (const table of [modelAliases, modelVersionTags, modelVersions, registeredModelTags])
    await tx.delete(table).where(eq(table.registered_id, id));
  await tx.delete(registeredModels).where(eq(registeredModels.id, id));
}

export async function touchRegistered(tx: Db, id: number, now: number): Promise<void> {
  await tx.update(registeredModels).set({ updated_at: now }).where(eq(registeredModels.id, id));
}

export async function setRegisteredTags(tx: Db, name: string, tags: Tags, now: number): Promise<void> {
  const { id } = await requireRegistered(tx, name);
  await putTags(tx, id, tags);
  await touchRegistered(tx, id, now);
}

async function putTags(tx: Db, registered_id: number, tags: Tags): Promise<void> {
  for (const [key, value] of Object.entries(tags))
    await tx
      .insert(registeredModelTags)
      .values({ registered_id, key, value })
      .onConflictDoUpdate({ target: [registeredModelTags.registered_id, registeredModelTags.key], set: { value } });
}

/** Returns whether it was there. */
export async function removeRegisteredTag(tx: Db, name: string, key: string, now: number): Promise<boolean> {
  const { id } = await requireRegistered(tx, name);
  const gone = await tx
    .delete(registeredModelTags)
    .where(and(eq(registeredModelTags.registered_id, id), eq(registeredModelTags.key, key)))
    .returning();
  await touchRegistered(tx, id, now);
  return gone.length > 0;
}

/** The alias leads to this version from now on; one version may have many. */
export async function setAlias(tx: Db, name: string, alias: string, version: number, now: number): Promise<void> {
  const { registered_id } = await requireVersion(tx, name, version);
  await tx
    .insert(modelAliases)
    .values({ registered_id, alias: checkAlias(alias), version })
    .onConflictDoUpdate({ target: [modelAliases.registered_id, modelAliases.alias], set: { version } });
  await touchRegistered(tx, registered_id, now);
}

const ALIAS_MAX = 255;

/** As in `models:/name@alias`, where `latest` and `v3` would be taken for versions. */
function checkAlias(alias: string): string {
  if (!/^[\p{L}\p{N}_-]+$/u.test(alias) || alias.length > ALIAS_MAX)
    throw badField('alias', `must be made of letters, digits, _ and -, at most ${ALIAS_MAX} of them`);
  if (/^(latest|v\d+)$/i.test(alias)) throw badField('alias', 'must not be latest or the letter v and a number');
  return alias;
}

/** Returns whether it was there. */
export async function removeAlias(tx: Db, name: string, alias: string, now: number): Promise<boolean> {
  const { id } = await requireRegistered(tx, name);
  const gone = await tx
    .delete(modelAliases)
    .where(and(eq(modelAliases.registered_id, id), eq(modelAliases.alias, alias)))
    .returning();
  await touchRegistered(tx, id, now);
  return gone.length > 0;
}

/** Exactly these aliases lead to the version afterwards. */
export async function replaceAliases(
  tx: Db,
  name: string,
  version: number,
  wanted: string[],
  now: number,
): Promise<void> {
  const { registered_id } = await requireVersion(tx, name, version);
  const here = await tx
    .select()
    .from(modelAliases)
    .where(and(eq(modelAliases.registered_id, registered_id), eq(modelAliases.version, version)));
  for (const { alias } of here) if (!wanted.includes(alias)) await removeAlias(tx, name, alias, now);
  for (const alias of wanted) await setAlias(tx, name, alias, version, now);
}
