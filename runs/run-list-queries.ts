// runs/run-list-queries.ts
// Purpose: all runs of an experiment as they are now, and what hangs on them beside params: a tag, the parent.
// Why: a run that ends changes its own state only, and ids never change: what is known is not read again.
// Relevant files: runs/run-list.ts, runs/param-columns-queries.ts, runs/groups/members.ts

import { sql, type SQL } from 'drizzle-orm';
import { bound, isOneOf } from '../shared/db/dialect.ts';
import type { Db } from '../shared/db/store.ts';
import { RUN_STATUSES, type RunStatus } from './models.ts';
import { ID_BYTES, listWith, placesIn, type RunList } from './run-list.ts';
import { emptyColumn, withText, type TextColumn } from './text-column.ts';

/** Runs named in one statement. */
const RUNS_AT_ONCE = 5_000;
/** A state is kept in the lowest digits of a run's number, so that one sort orders both. */
const STATES = 8;

/** `before`: the list as it was, whose ids are taken. */
export async function askList(db: Db, experiment: number, trashed: boolean, before?: RunList): Promise<RunList> {
  const inTrash = trashed ? sql`trashed_at is not null` : sql`trashed_at is null`;
  const rows = await db.arrays<[seq: number, status: RunStatus]>(
    ...bound(sql`select seq, status from runs where experiment_id = ${experiment} and ${inTrash}`),
  );
  const both = Float64Array.from(rows, ([seq, status]) => Number(seq) * STATES + RUN_STATUSES.indexOf(status)).sort();
  const seqs = both.map((one) => Math.floor(one / STATES));
  const list = {
    seqs,
    states: Uint8Array.from(both, (one) => one % STATES),
    ids: Buffer.alloc(both.length * ID_BYTES),
  };
  const unknown: number[] = [];
  for (const [place, from] of placesIn(before?.seqs ?? [], seqs).entries())
    if (before && from >= 0) before.ids.copy(list.ids, place * ID_BYTES, from * ID_BYTES, (from + 1) * ID_BYTES);
    else unknown.push(place);
  await putIds(db, list, unknown);
  return list;
}

/** The list of runs outside the trash with these runs (`changed`, ascending) as they are now. */
export async function askChanged(db: Db, experiment: number, before: RunList, changed: readonly number[]): Promise<RunList> {
  const rows = await db.arrays<[seq: number, status: RunStatus, id: string]>(
    ...bound(sql`select seq, status, id from runs where ${isOneOf(sql`seq`, [...changed])} and +experiment_id = ${experiment}
      and trashed_at is null order by seq`),
  );
  const now: RunList = {
    seqs: Float64Array.from(rows, ([seq]) => Number(seq)),
    states: Uint8Array.from(rows, ([, status]) => RUN_STATUSES.indexOf(status)),
    ids: Buffer.from(rows.map(([, , id]) => id).join(''), 'hex'),
  };
  return listWith(before, changed, now);
} // prettier-ignore

async function putIds(db: Db, { seqs, ids }: RunList, places: readonly number[]): Promise<void> {
  for (const piece of piecesOf(places)) {
    const found = await db.arrays<[seq: number, id: string]>(
      ...bound(
        sql`select seq, id from runs where ${isOneOf(
          sql`seq`,
          piece.map((place) => seqs[place] ?? 0),
        )}`,
      ),
    );
    const placeOf = new Map(piece.map((place) => [seqs[place], place]));
    for (const [seq, id] of found) ids.write(id, (placeOf.get(Number(seq)) ?? 0) * ID_BYTES, ID_BYTES, 'hex');
  }
} // prettier-ignore

export function piecesOf(places: readonly number[]): number[][] {
  return Array.from({ length: Math.ceil(places.length / RUNS_AT_ONCE) }, (_, piece) =>
    places.slice(piece * RUNS_AT_ONCE, (piece + 1) * RUNS_AT_ONCE),
  );
}

/** The tag's value on each run of the list. */
export function askTag(db: Db, experiment: number, list: RunList, key: string): Promise<TextColumn> {
  return askTexts(
    db,
    list,
    sql`select r.seq, h.value from tags t join run_tags h on h.tag_id = t.id join runs r on r.id = h.run_id
      where t.key = ${key} and t.trashed_at is null and r.experiment_id = ${experiment}`,
  );
}

export function askParents(db: Db, experiment: number, list: RunList): Promise<TextColumn> {
  return askTexts(
    db,
    list,
    sql`select seq, parent_id from runs where experiment_id = ${experiment} and parent_id is not null`,
  );
}

async function askTexts(db: Db, list: RunList, query: SQL): Promise<TextColumn> {
  const rows = await db.arrays<[seq: number, text: string]>(...bound(query));
  const ordered = rows.map(([seq, text]) => ({ seq: Number(seq), text })).sort((a, b) => a.seq - b.seq);
  const places = placesIn(list.seqs, ordered.map(({ seq }) => seq)); // prettier-ignore
  let column = emptyColumn(list.seqs.length);
  for (const [at, { text }] of ordered.entries()) {
    const place = places[at] ?? -1;
    if (place >= 0) column = withText(column, place, text);
  }
  return column;
}
