// runs/view/saved-changes.ts
// Purpose: what changes saved views: made, renamed, given another address, made the default, to the trash and back.
// Why: each is a step of a transaction; the pages that list views hear of it by their experiments' versions.
// Relevant files: runs/view/saved-queries.ts, runs/view/saved-api.ts

import { and, eq } from 'drizzle-orm';
import { raiseVersion, raiseVersionOfAll } from '../../experiments/touch-changes.ts';
import { one } from '../../shared/db/one.ts';
import type { Db } from '../../shared/db/store.ts';
import { badField, conflict } from '../../shared/errors.ts';
import { LIMITS } from '../../shared/limits.ts';
import { savedViews, ViewPage, type SavedViewRow } from '../models.ts';
import { requireAnyView, requireView, viewsBeside } from './saved-queries.ts';

export interface NewView {
  experiment_id: number | null;
  name: string;
  page: ViewPage;
  query: string;
  is_default: boolean;
}

export async function createView(tx: Db, view: NewView, now: number): Promise<SavedViewRow> {
  const beside = await viewsBeside(tx, view.experiment_id);
  if (beside.length >= LIMITS.savedViews)
    throw conflict('name', `There are ${LIMITS.savedViews} views already: delete some first.`);
  refuseSameName(beside, view.name);
  const values = { ...view, is_default: 0, created_at: now, updated_at: now };
  const row = one(await tx.insert(savedViews).values(values).returning());
  return view.is_default ? setDefault(tx, row, true, now) : touched(tx, row);
}

export interface ViewPatch {
  name?: string | undefined;
  query?: string | undefined;
  is_default?: boolean | undefined;
}

export async function patchView(tx: Db, id: number, patch: ViewPatch, now: number): Promise<SavedViewRow> {
  const row = await requireView(tx, id);
  const { name = row.name, query = row.query, is_default } = patch;
  const beside = await viewsBeside(tx, row.experiment_id);
  refuseSameName(
    beside.filter((other) => other.id !== id),
    name,
  );
  const changed = await update(tx, id, { name, query, updated_at: now });
  return is_default === undefined ? touched(tx, changed) : setDefault(tx, changed, is_default, now);
}

/** It keeps its name, and is the default no more. */
export async function trashView(tx: Db, id: number, now: number): Promise<SavedViewRow> {
  await requireView(tx, id);
  return touched(tx, await update(tx, id, { trashed_at: now, updated_at: now, is_default: 0 }));
}

export async function restoreView(tx: Db, id: number, now: number): Promise<SavedViewRow> {
  const row = await requireAnyView(tx, id);
  if (row.trashed_at === null) return row;
  refuseSameName(await viewsBeside(tx, row.experiment_id), row.name);
  return touched(tx, await update(tx, id, { trashed_at: null, updated_at: now }));
}

/** A page of an experiment has one default at most. */
async function setDefault(tx: Db, row: SavedViewRow, is: boolean, now: number): Promise<SavedViewRow> {
  if (row.experiment_id === null) {
    if (is) throw badField('is_default', 'a view for all experiments cannot be the default of one');
    return touched(tx, row);
  }
  if (is && row.page === ViewPage.Compare)
    throw badField('is_default', 'a comparison opens with the runs that its address names: it has no default');
  const isDefault = and(
    eq(savedViews.experiment_id, row.experiment_id),
    eq(savedViews.page, row.page),
    eq(savedViews.is_default, 1),
  );
  if (is) await tx.update(savedViews).set({ is_default: 0 }).where(isDefault);
  return touched(tx, await update(tx, row.id, { is_default: Number(is), updated_at: now }));
}

async function update(tx: Db, id: number, values: Partial<SavedViewRow>): Promise<SavedViewRow> {
  return one(await tx.update(savedViews).set(values).where(eq(savedViews.id, id)).returning());
}

async function touched(tx: Db, row: SavedViewRow): Promise<SavedViewRow> {
  if (row.experiment_id === null) await raiseVersionOfAll(tx);
  else await raiseVersion(tx, row.experiment_id);
  return row;
}

function refuseSameName(views: SavedViewRow[], name: string): void {
  if (views.some((view) => view.name === name)) throw conflict('name', `There is a view named ${name} already.`);
}
