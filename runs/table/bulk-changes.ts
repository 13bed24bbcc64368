// runs/table/bulk-changes.ts
// Purpose: one thing done with many runs, and undone, in short transactions; what was changed is written down in each of them.
// Why: ten thousand runs must not keep everybody waiting who logs, and a server that dies half-way leaves what can be undone.
// Relevant files: runs/table/bulk-kinds-changes.ts, runs/table/bulk-queries.ts, runs/table/bulk-routes.ts, shared/db/steps.ts

import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import { one } from '../../shared/db/one.ts';
import { stepEnd, writeInSteps } from '../../shared/db/steps.ts';
import type { Db, Store } from '../../shared/db/store.ts';
import { conflict, notFound } from '../../shared/errors.ts';
import { bulkActions, bulkItems, BulkStatus, type BulkActionRow } from '../models.ts';
import { purgeRuns } from '../purge-changes.ts';
import { KINDS, type Asked, type Before } from './bulk-kinds-changes.ts';
import { findBulk, itemsOf, runsToChange } from './bulk-queries.ts';

/** How long an action can be undone. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** Rows in one insert. */
const CHUNK = 100;

/** What this process is at: actions and undos by the action's number. */
const going = new Map<number, Promise<unknown>>();

export function isGoing(id: number): boolean {
  return going.has(id);
}

export interface Started {
  id: number;
  /** How many runs it changed; rejected where one of them stopped it. */
  done: Promise<number>;
}

/** Each run is changed or not, whole; whoever logs has a turn in between. */
export async function startBulk(store: Store, asked: Asked, ids: string[], now: number): Promise<Started> {
  const id = await store.write(async (tx) => {
    await forgetOldest(tx, now);
    const row = { action: asked.action, asked: JSON.stringify(asked), total: ids.length, created_at: now };
    return one(await tx.insert(bulkActions).values({ ...row, status: BulkStatus.Going }).returning()).id; // prettier-ignore
  });
  return { id, done: watch(id, doAll(store, id, asked, ids, now)) };
}

function watch<T>(id: number, work: Promise<T>): Promise<T> {
  const done = work.finally(() => going.delete(id));
  // Whoever waits for it hears of a failure; when nobody does, the action says how far it came.
  done.catch(() => undefined);
  going.set(id, done);
  return done;
}

async function doAll(store: Store, id: number, asked: Asked, ids: string[], now: number): Promise<number> {
  const { size, ofTrash, apply } = KINDS[asked.action];
  try {
    await writeInSteps(store, ids, size, async (tx, some) => {
      const items = await apply(tx, await runsToChange(tx, some, ofTrash), asked, now);
      await noteItems(tx, id, items.map(({ run, before }) => ({ action_id: id, run_seq: run.seq, before: JSON.stringify(before) }))); // prettier-ignore
      await tx.execute('update bulk_actions set visited = visited + ?, changed = changed + ? where id = ?', [
        some.length,
        items.length,
        id,
      ]);
    });
  } finally {
    await store.write((tx) => sayStatus(tx, id, BulkStatus.Done));
  }
  return (await findBulk(store.read, id))?.changed ?? 0;
}

async function noteItems(tx: Db, id: number, rows: (typeof bulkItems.$inferInsert)[]): Promise<void> {
  for (let start = 0; start < rows.length; start += CHUNK)
    await tx.insert(bulkItems).values(rows.slice(start, start + CHUNK));
}

async function sayStatus(tx: Db, id: number, status: BulkStatus): Promise<void> {
  await tx.update(bulkActions).set({ status }).where(eq(bulkActions.id, id));
}

/** Takes back exactly what the action changed; 404 when that was done already, or is too long ago. */
export async function undoBulk(store: Store, id: number, now: number): Promise<Started> {
  const action = await findBulk(store.read, id);
  if (action === undefined || action.status === BulkStatus.Undone) throw notFound('What was done then');
  if (isGoing(id)) throw conflict('id', 'This is still going on: it can be undone when it has ended.');
  return { id, done: watch(id, undoAll(store, action, now)) };
}

async function undoAll(store: Store, action: BulkActionRow, now: number): Promise<number> {
  const asked = JSON.parse(action.asked) as Asked;
  const { size, undo } = KINDS[asked.action];
  let undone = 0;
  for (let more = true; more;) {
    more = await store.write(async (tx) => {
      const end = stepEnd();
      do {
        const items = await itemsOf(tx, action.id, size);
        if (items.length === 0) {
          await sayStatus(tx, action.id, BulkStatus.Undone);
          return false;
        }
        // Of runs that were removed for ever meanwhile there is nothing left to take back.
        const there = items.flatMap(({ run, before }) => (run ? [{ run, before: JSON.parse(before) as Before }] : []));
        undone += await undo(tx, there, asked, now);
        const seqs = items.map(({ run_seq }) => run_seq);
        await tx.delete(bulkItems).where(and(eq(bulkItems.action_id, action.id), inArray(bulkItems.run_seq, seqs)));
      } while (performance.now() < end);
      return true;
    });
  }
  return undone;
}

/** With each new action the oldest one goes, when its day is over. */
async function forgetOldest(tx: Db, now: number): Promise<void> {
  const old = await tx
    .select({ id: bulkActions.id })
    .from(bulkActions)
    .where(lt(bulkActions.created_at, now - KEPT_MS))
    .orderBy(bulkActions.created_at)
    .limit(2);
  for (const { id } of old) {
    await tx.delete(bulkItems).where(eq(bulkItems.action_id, id));
    await tx.delete(bulkActions).where(sql`${bulkActions.id} = ${id}`);
  }
}

/** Asks for the removal of those that are in the trash; returns how many there were. */
export async function purgeMany(store: Store, ids: string[], now: number): Promise<number> {
  let asked = 0;
  await writeInSteps(store, ids, 100, async (tx, some) => {
    asked += await purgeRuns(tx, some, now);
  });
  return asked;
}
