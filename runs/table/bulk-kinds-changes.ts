// runs/table/bulk-kinds-changes.ts
// Purpose: each thing that can be done with many runs: what it does to a few of them, and how exactly that is taken back.
// Why: undo gives back what was changed and nothing else: a tag that hung there before stays, a state that moved on since, too.
// Relevant files: runs/table/bulk-changes.ts, runs/changes.ts, tags/hang-changes.ts

import { eq } from 'drizzle-orm';
import { touchExperiment } from '../../experiments/touch-changes.ts';
import type { Db } from '../../shared/db/store.ts';
import { tagRuns, untagRuns } from '../../tags/hang-changes.ts';
import { tagsOfRuns, type HungTag } from '../../tags/queries.ts';
import { putState, trashRuns } from '../changes.ts';
import { runs, type RunRow, type RunStatus } from '../models.ts';
import { requireRuns } from '../queries.ts';
import { isFinal, isStalled } from '../status.ts';
import type { BulkKind } from './bulk-schemas.ts';

export interface Asked {
  action: BulkKind;
  tags: Record<string, string>;
  /** The state that runs are given. */
  status: RunStatus | null;
}

/** What a run was like before; only what the action changed is named. */
export interface Before {
  /** null: it had no such tag. */
  tags?: Record<string, string | null>;
  status?: RunStatus;
  end_time?: number | null;
  trashed_at?: number | null;
}

export interface Item {
  run: RunRow;
  before: Before;
}

interface Kind {
  /** Runs that are in the trash, instead of those that are not. */
  ofTrash: boolean;
  /** Runs between two looks at the clock: some milliseconds. */
  size: number;
  /** Returns the runs that it changed. */
  apply: (tx: Db, rows: RunRow[], asked: Asked, now: number) => Promise<Item[]>;
  /** Returns how many are as they were; what was changed otherwise since is left alone. */
  undo: (tx: Db, items: Item[], asked: Asked, now: number) => Promise<number>;
}

export const KINDS: Record<BulkKind, Kind> = {
  tag: { ofTrash: false, size: 50, apply: tag, undo: untagAgain },
  untag: { ofTrash: false, size: 50, apply: untag, undo: tagAgain },
  trash: { ofTrash: false, size: 10, apply: trash, undo: restoreAgain },
  restore: { ofTrash: true, size: 10, apply: restore, undo: trashAgain },
  state: { ofTrash: false, size: 10, apply: setState, undo: setStateBack },
};

async function tag(tx: Db, rows: RunRow[], { tags }: Asked, now: number): Promise<Item[]> {
  const hung = await tagsOfRuns(tx, idsOf(rows));
  const items = rows.map((run) => ({ run, before: { tags: otherThan(tags, hung.get(run.id) ?? []) } }));
  const changed = items.filter(({ before }) => Object.keys(before.tags).length > 0);
  await tagRuns(tx, idsOf(changed.map(({ run }) => run)), tags, now);
  return changed;
}

function otherThan(tags: Record<string, string>, hung: HungTag[]): Record<string, string | null> {
  const values = new Map(hung.map(({ key, value }) => [key, value]));
  return Object.fromEntries(
    Object.entries(tags)
      .filter(([key, value]) => values.get(key) !== value)
      .map(([key]) => [key, values.get(key) ?? null]),
  );
}

async function untagAgain(tx: Db, items: Item[], { tags }: Asked, now: number): Promise<number> {
  const hung = await tagsOfRuns(tx, idsOf(items.map(({ run }) => run)));
  const gone = new Alike();
  const back = new Alike();
  let undone = 0;
  for (const { run, before } of items) {
    const values = new Map((hung.get(run.id) ?? []).map(({ key, value }) => [key, value]));
    const still = Object.entries(before.tags ?? {}).filter(([key]) => values.get(key) === tags[key]);
    gone.add(run.id, still.filter(([, value]) => value === null).map(([key]) => [key, tags[key] ?? ''])); // prettier-ignore
    back.add(run.id, still.flatMap(([key, value]) => (value === null ? [] : [[key, value]]))); // prettier-ignore
    if (still.length > 0) undone++;
  }
  for (const { ids, tags: some } of gone.all()) await untagRuns(tx, ids, some, now);
  for (const { ids, tags: some } of back.all()) await tagRuns(tx, ids, some, now);
  return undone;
}

/** Runs to which the same is done are done together: mostly all of them. */
class Alike {
  readonly #ids = new Map<string, string[]>();

  add(id: string, tags: [string, string][]): void {
    if (tags.length === 0) return;
    const text = JSON.stringify(tags);
    this.#ids.set(text, [...(this.#ids.get(text) ?? []), id]);
  }

  all(): { ids: string[]; tags: Record<string, string> }[] {
    return [...this.#ids].map(([text, ids]) => ({
      ids,
      tags: Object.fromEntries(JSON.parse(text) as [string, string][]),
    }));
  }
}

async function untag(tx: Db, rows: RunRow[], { tags }: Asked, now: number): Promise<Item[]> {
  const hung = await tagsOfRuns(tx, idsOf(rows));
  const isMeant = ({ key, value }: HungTag): boolean =>
    Object.hasOwn(tags, key) && (tags[key] === '' || tags[key] === value);
  const items = rows.flatMap((run) => {
    const meant = (hung.get(run.id) ?? []).filter(isMeant);
    return meant.length === 0
      ? []
      : [{ run, before: { tags: Object.fromEntries(meant.map((one) => [one.key, one.value])) } }];
  });
  await untagRuns(tx, idsOf(items.map(({ run }) => run)), tags, now);
  return items;
}

async function tagAgain(tx: Db, items: Item[], _: Asked, now: number): Promise<number> {
  const hung = await tagsOfRuns(tx, idsOf(items.map(({ run }) => run)));
  const back = new Alike();
  let undone = 0;
  for (const { run, before } of items) {
    const keys = new Set((hung.get(run.id) ?? []).map(({ key }) => key));
    const missing = Object.entries(before.tags ?? {}).flatMap(([key, value]): [string, string][] =>
      keys.has(key) ? [] : [[key, value ?? '']],
    );
    back.add(run.id, missing);
    if (missing.length > 0) undone++;
  }
  for (const { ids, tags } of back.all()) await tagRuns(tx, ids, tags, now);
  return undone;
}

async function trash(tx: Db, rows: RunRow[], _: Asked, now: number): Promise<Item[]> {
  await trashRuns(tx, idsOf(rows), true, now);
  return rows.map((run) => ({ run, before: { trashed_at: now } }));
}

/** Only those that went at that moment: who restored one and moved it there again meant something else. */
async function restoreAgain(tx: Db, items: Item[], _: Asked, now: number): Promise<number> {
  const same = items.filter(({ run, before }) => run.trashed_at === before.trashed_at).map(({ run }) => run.id);
  return trashRuns(tx, same, false, now);
}

async function restore(tx: Db, rows: RunRow[], _: Asked, now: number): Promise<Item[]> {
  await trashRuns(tx, idsOf(rows), false, now);
  // Runs that are back in an experiment that is in the trash are not back: they are not restored then.
  await requireRuns(tx, idsOf(rows));
  return rows.map((run) => ({ run, before: { trashed_at: run.trashed_at } }));
}

async function trashAgain(tx: Db, items: Item[], _: Asked, now: number): Promise<number> {
  const back = items.filter(({ run }) => run.trashed_at === null);
  const moved = await trashRuns(tx, idsOf(back.map(({ run }) => run)), true, now);
  for (const { run, before } of back)
    await tx
      .update(runs)
      .set({ trashed_at: before.trashed_at ?? now })
      .where(eq(runs.id, run.id));
  return moved;
}

/** Those that have ended stay as they are. One that fell silent ended when it was last heard of. */
async function setState(tx: Db, rows: RunRow[], { status }: Asked, now: number): Promise<Item[]> {
  const open = rows.filter((run) => !isFinal(run.status));
  for (const run of open) {
    const end = Math.max(isStalled(run, now) ? run.heard_at : now, run.start_time ?? 0);
    await putState(tx, run, { status: status ?? run.status, end_time: end }, now);
  }
  await touch(tx, open, now);
  return open.map((run) => ({ run, before: { status: run.status, end_time: run.end_time } }));
}

async function setStateBack(tx: Db, items: Item[], { status }: Asked, now: number): Promise<number> {
  const same = items.filter(({ run }) => run.status === status);
  for (const { run, before } of same)
    await putState(tx, run, { status: before.status ?? run.status, end_time: before.end_time ?? null }, now);
  await touch(
    tx,
    same.map(({ run }) => run),
    now,
  );
  return same.length;
}

async function touch(tx: Db, rows: RunRow[], now: number): Promise<void> {
  for (const id of new Set(rows.map((run) => run.experiment_id))) await touchExperiment(tx, id, now);
}

function idsOf(rows: RunRow[]): string[] {
  return rows.map((run) => run.id);
}
