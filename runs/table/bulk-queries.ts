// runs/table/bulk-queries.ts
// Purpose: which runs something is done with: those named, or all that match a filter; and what was done with many at once.
// Why: a filter is looked up again when it is confirmed, and must find what was counted.
// Relevant files: runs/table/bulk-changes.ts, runs/run-filter.ts, runs/table/bulk-routes.ts

import { createHash } from 'node:crypto';
import { and, asc, count, eq, inArray, isNotNull, isNull, lte } from 'drizzle-orm';
import { experiments } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { splitTrash } from '../../shared/http/list-view.ts';
import { bulkActions, bulkItems, runs, type BulkActionRow, type RunRow } from '../models.ts';
import { requireRuns, runsById } from '../queries.ts';
import { runConditions } from '../run-filter.ts';
import type { BulkFilter } from './bulk-schemas.ts';
import { parseTicks } from './ticks.ts';

export type PickedRun = Pick<RunRow, 'id' | 'seq' | 'name' | 'status' | 'heard_at'>;

export interface Picked {
  runs: PickedRun[];
  /** The newest run when it was asked first: those that came since were not counted. */
  newest: number;
}

/** All that match, of the runs up to `newest` (undefined: of all that are there now). */
export async function pickMatching(db: Db, filter: BulkFilter, newest?: number): Promise<Picked> {
  const { status, hide, ...rest } = filter;
  const { trashed, states } = splitTrash(status);
  const upTo = newest ?? (await newestRun(db));
  const { id, seq, name, status: state, heard_at } = runs;
  const rows = await db
    .select({ id, seq, name, status: state, heard_at })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(runConditions({ ...rest, status: states, trashed, without: hide }), lte(runs.seq, upTo)))
    .orderBy(asc(runs.seq));
  return { runs: rows, newest: upTo };
}

/** Those with these ids. `ofTrash`: the ones in the trash, of those that are there; else all of them, or a 404 or 409. */
export async function pickNamed(db: Db, ids: string[], ofTrash: boolean): Promise<Picked> {
  const rows = ofTrash ? await runsToChange(db, ids, true) : await requireRuns(db, ids);
  return { runs: rows, newest: 0 };
}

/** The ids of ticked runs: of the rows of a page, and of those of others that are (or are not) in the trash. */
export async function tickedIds(
  db: Db,
  { run, tick }: { run: string[]; tick?: string[] | undefined },
  ofTrash: boolean,
): Promise<string[]> {
  const ids = new Set(run);
  for (const [experiment, numbers] of parseTicks(tick)) {
    const rows = await db
      .select({ id: runs.id })
      .from(runs)
      .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
      .where(
        and(
          eq(runs.experiment_id, experiment),
          inArray(runs.number, [...numbers]),
          isNull(experiments.trashed_at),
          ofTrash ? isNotNull(runs.trashed_at) : isNull(runs.trashed_at),
        ),
      )
      .orderBy(asc(runs.number));
    for (const { id } of rows) ids.add(id);
  }
  return [...ids];
}

async function newestRun(db: Db): Promise<number> {
  const { rows } = await db.execute<{ seq: number }>('select coalesce(max(seq), 0) as seq from runs', []);
  return Number(rows[0]?.seq ?? 0);
}

/** `12 2f3a…`: how many these are, and which. */
export function fingerprint({ runs: rows }: Picked): string {
  const hash = createHash('sha256').update(rows.map(({ seq }) => seq).join(' '));
  return `${rows.length} ${hash.digest('hex').slice(0, 12)}`;
}

/** Of these ids the runs that are still where they were: in the trash, or not. */
export async function runsToChange(db: Db, ids: string[], ofTrash: boolean): Promise<RunRow[]> {
  if (!ofTrash) return runsById(db, ids);
  const found: RunRow[] = [];
  for (let start = 0; start < ids.length; start += 500)
    found.push(
      ...(await db
        .select()
        .from(runs)
        .where(inArray(runs.id, ids.slice(start, start + 500)))),
    );
  const byId = new Map(found.map((run) => [run.id, run]));
  return ids.flatMap((id) => byId.get(id) ?? []).filter((run) => run.trashed_at !== null && run.purge_at === null);
}

export async function findBulk(db: Db, id: number): Promise<BulkActionRow | undefined> {
  return (await db.select().from(bulkActions).where(eq(bulkActions.id, id)))[0];
}

/** The first `limit` runs that an action changed; `run` is null where it was removed for ever since. */
export async function itemsOf(
  db: Db,
  id: number,
  limit: number,
): Promise<{ run_seq: number; before: string; run: RunRow | null }[]> {
  return db
    .select({ run_seq: bulkItems.run_seq, before: bulkItems.before, run: runs })
    .from(bulkItems)
    .leftJoin(runs, eq(runs.seq, bulkItems.run_seq))
    .where(eq(bulkItems.action_id, id))
    .orderBy(asc(bulkItems.run_seq))
    .limit(limit);
}

/** How many runs an action changed that are not taken back yet. */
export async function countItems(db: Db, id: number): Promise<number> {
  const rows = await db.select({ n: count() }).from(bulkItems).where(eq(bulkItems.action_id, id));
  return rows[0]?.n ?? 0;
}
