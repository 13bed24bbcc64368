// runs/tally-changes.ts
// Purpose: moves the sums over an experiment's runs: runs by state, and for each param and tag how many runs have which value.
// Why: pages say what differs in 100,000 runs by reading a few rows; each change moves its own in the same transaction.
// Relevant files: experiments/models.ts, runs/recount-changes.ts, runs/ingest.ts, tags/changes.ts

import { inArray } from 'drizzle-orm';
import { KeyKind } from '../experiments/models.ts';
import { md5 } from '../shared/db/functions.ts';
import { onPostgres } from '../shared/db/dialect.ts';
import { insertOf, pieces, type ColumnType } from '../shared/db/many-rows.ts';
import { inMarks } from '../shared/db/marks.ts';
import type { Db, Writer } from '../shared/db/store.ts';
import { runTags } from '../tags/models.ts';
import { params, type RunRow } from './models.ts';

/** `n` more (or less) runs of the experiment have this value of a param or tag. */
export interface Move {
  experiment_id: number;
  kind: KeyKind;
  /** A param's key, a tag's id. */
  key: string;
  value: string;
  n: number;
}

/** `place`: what tells it from all others. */
type Sum = Move & { hash: string; place: string };
type KeySum = Omit<Move, 'value'> & { variety: number };

/** Counts `n` runs of a state in (or out): in the trash or not. */
export async function countState(
  tx: Db,
  { experiment_id, status }: Pick<RunRow, 'experiment_id' | 'status'>,
  trashed: boolean,
  n: number,
): Promise<void> {
  await tx.send(COUNT, [experiment_id, status, Number(trashed), n]);
}

const COUNT = `insert into experiment_runs (experiment_id, status, trashed, runs) values (?, ?, ?, ?)
  on conflict (experiment_id, trashed, status) do update set runs = experiment_runs.runs + excluded.runs`;
const COUNT_TWO = COUNT.replace('(?, ?, ?, ?)', '(?, ?, ?, ?), (?, ?, ?, ?)');

/** A run goes from one state to another. */
export async function moveState(tx: Db, run: RunRow, status: RunRow['status']): Promise<void> {
  if (run.status === status) return;
  const { experiment_id, trashed_at } = run;
  const trashed = Number(trashed_at !== null);
  await tx.send(COUNT_TWO, [experiment_id, run.status, trashed, -1, experiment_id, status, trashed, 1]);
}

/** The points of an experiment's runs come into its sum (`n` 1) or go out of it (−1). At least one, at most 500 runs. */
export async function addPointsOf(
  tx: Db,
  rows: readonly Pick<RunRow, 'seq' | 'experiment_id'>[],
  n: 1 | -1,
): Promise<void> {
  const { marks, values } = inMarks(rows.map(({ seq }) => seq));
  await tx.execute(
    `update experiments set points = points + ? * (select coalesce(sum(count), 0) from metrics where run_seq in (${marks}))
      where id = ?`,
    [n, ...values, rows[0]?.experiment_id],
  );
}

/** Counts values in and out, and with them how many there are of each key. */
export async function moveTally(tx: Db, moves: Move[]): Promise<void> {
  const sums = summed(moves);
  if (sums.length > 0) tx.beside?.alone();
  const keys = new Map<string, KeySum>();
  const count = ({ experiment_id, kind, key, n }: Sum, variety: number): void => {
    const place = `${experiment_id} ${kind} ${key}`;
    const known = keys.get(place);
    if (!known) keys.set(place, { experiment_id, kind, key, n, variety });
    else Object.assign(known, { n: known.n + n, variety: known.variety + variety });
  };
  const there = placesOf(tx);
  const isMore = ({ place, n }: Sum): boolean => n > 0 && there.has(place);
  for (const chunk of pieces(sums.filter(isMore))) {
    await tx.send(...ADD_VALUES(chunk.map(valueRow)));
    for (const sum of chunk) count(sum, 0);
  }
  for (const chunk of pieces(sums.filter((sum) => !isMore(sum)))) {
    const runsAfter = await moveValues(tx, chunk);
    for (const sum of chunk) {
      const after = runsAfter.get(sum.place) ?? 0;
      if (after === 0) await removeValue(tx, sum);
      count(sum, after === 0 ? -1 : after === sum.n ? 1 : 0);
      if (after > 0) there.add(sum.place);
      else there.delete(sum.place);
    }
  }
  await moveKeys(tx, [...keys.values()]);
}

const PLACES_MAX = 5_000;
const places = new WeakMap<Writer, { epoch: number; there: Set<string> }>();

/**
 * Values that some run has. One more of these makes no new value, so nothing of it is read back, which takes SQLite
 * longer than counting it. On PostgreSQL others count, too, so nothing is known.
 */
function placesOf({ writer }: Db): Set<string> {
  if (!writer || onPostgres) return new Set();
  let known = places.get(writer);
  if (known?.epoch !== writer.epoch || known.there.size >= PLACES_MAX)
    places.set(writer, (known = { epoch: writer.epoch, there: new Set() }));
  return known.there;
}

/** One for each value, in an order that is always the same, so that two writers never wait for each other in a circle. */
function summed(moves: Move[]): Sum[] {
  const sums = new Map<string, Sum>();
  for (const move of moves) {
    const { experiment_id, kind, key, value, n } = move;
    const hash = hashOf(value);
    const place = placeOf(experiment_id, kind, key, hash);
    const known = sums.get(place);
    if (known) known.n += n;
    else sums.set(place, { experiment_id, kind, key, value, n, hash, place });
  }
  const moved = [...sums.values()].filter((sum) => sum.n !== 0);
  return onPostgres ? moved.sort((a, b) => (a.place < b.place ? -1 : 1)) : moved;
}

/** Sweeps log the same few values again and again. */
const HASHES_MAX = 2_000;
const HASHED_LENGTH_MAX = 100;
const hashes = new Map<string, string>();

function hashOf(value: string): string {
  const known = hashes.get(value);
  if (known !== undefined) return known;
  const hash = md5(value);
  if (hashes.size >= HASHES_MAX) hashes.clear();
  if (value.length <= HASHED_LENGTH_MAX) hashes.set(value, hash);
  return hash;
}

function placeOf(experiment_id: number, kind: KeyKind, key: string, hash: string): string {
  return `${experiment_id} ${kind} ${hash} ${key}`;
}

const VALUE_TYPES: ColumnType[] = ['bigint', 'text', 'text', 'text', 'text', 'bigint'];
const INSERT_VALUES = 'insert into experiment_values (experiment_id, kind, key, hash, value, runs)';
const ADD = 'on conflict (experiment_id, kind, key, hash) do update set runs = experiment_values.runs + excluded.runs';
const ADD_VALUES = insertOf(INSERT_VALUES, VALUE_TYPES, ADD);
const MOVE_VALUES = insertOf(INSERT_VALUES, VALUE_TYPES, `${ADD} returning experiment_id, kind, key, hash, runs`);

function valueRow({ experiment_id, kind, key, hash, value, n }: Sum): unknown[] {
  return [experiment_id, kind, key, hash, shown(kind, value), n];
}

/** Returns how many runs have each value now. */
async function moveValues(tx: Db, sums: Sum[]): Promise<Map<string, number>> {
  const rows = await tx.arrays<[id: number, kind: KeyKind, key: string, hash: string, runs: number]>(
    ...MOVE_VALUES(sums.map(valueRow)),
  );
  return new Map(rows.map(([experiment_id, kind, key, hash, runs]) => [placeOf(experiment_id, kind, key, hash), runs]));
}

async function removeValue(tx: Db, { experiment_id, kind, key, hash }: Sum): Promise<void> {
  await tx.execute('delete from experiment_values where experiment_id = ? and kind = ? and key = ? and hash = ?', [
    experiment_id,
    kind,
    key,
    hash,
  ]);
}

const MOVE_KEYS = insertOf(
  'insert into experiment_keys (experiment_id, kind, key, runs, variety)',
  ['bigint', 'text', 'text', 'bigint', 'bigint'],
  `on conflict (experiment_id, kind, key)
    do update set runs = experiment_keys.runs + excluded.runs, variety = experiment_keys.variety + excluded.variety`,
);

async function moveKeys(tx: Db, keys: KeySum[]): Promise<void> {
  for (const chunk of pieces(keys)) {
    const rows = chunk.map(({ experiment_id, kind, key, n, variety }) => [experiment_id, kind, key, n, variety]);
    await tx.send(...MOVE_KEYS(rows));
  }
}

/** A param's value may have 100,000 characters; a line about all runs shows its beginning and its end. */
function shown(kind: KeyKind, value: string): string {
  if (kind === KeyKind.Tag || value.length <= 500) return value;
  const characters = [...value];
  if (characters.length <= 500) return value;
  return `${characters.slice(0, 250).join('')}…${characters.slice(-249).join('')}`;
}

/** All that runs of one state of being (in the trash or not) have comes in (`n` 1) or goes out (−1). At most 500 runs. */
export async function tallyRuns(tx: Db, rows: Pick<RunRow, 'id' | 'experiment_id'>[], n: 1 | -1): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const owner = new Map(rows.map(({ id, experiment_id }) => [id, experiment_id]));
  const itsParams = await tx.select().from(params).where(inArray(params.run_id, ids));
  const itsTags = await tx.select().from(runTags).where(inArray(runTags.run_id, ids));
  await moveTally(tx, [
    ...itsParams.map(({ run_id, key, value }) => paramMove(owner.get(run_id) ?? 0, key, value, n)),
    ...itsTags.map(({ run_id, tag_id, value }) => tagMove(owner.get(run_id) ?? 0, tag_id, value, n)),
  ]);
}

export function paramMove(experiment_id: number, key: string, value: string, n: number): Move {
  return { experiment_id, kind: KeyKind.Param, key, value, n };
}

export function tagMove(experiment_id: number, tagId: number, value: string, n: number): Move {
  return { experiment_id, kind: KeyKind.Tag, key: String(tagId), value, n };
}
