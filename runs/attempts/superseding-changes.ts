// runs/attempts/superseding-changes.ts
// Purpose: of a run that was restarted: sets aside the points of earlier attempts that a batch stands before, and late ones of its own.
// Why: the run's series stay one trajectory, the latest attempt's where several logged, so that no reader must know of attempts.
// Relevant files: runs/attempts/superseding.ts, runs/attempts/cut-series.ts, runs/ingest-points.ts, runs/series-state.ts

import type { Db } from '../../shared/db/store.ts';
import { notFound } from '../../shared/errors.ts';
import type { LoggedRun } from '../models.ts';
import type { Point } from '../summary.ts';
import { statesOf } from '../series-state.ts';
import { writeStates, type SeriesState } from '../series-rows.ts';
import { toStored } from '../values.ts';
import { cutSeries } from './cut-series.ts';
import { lostTo, ownerAt, type Begin } from './superseding.ts';

/** `stored`: points of the batch that were new and set aside at once. `moved`: points of the run that were set aside. */
export interface SetAside {
  stored: number;
  moved: number;
}

export const NOTHING_ASIDE: SetAside = { stored: 0, moved: 0 };

/** Takes out of `series` (points of the batch by key) what later attempts stand before; `id`: of the attempt, else the latest. */
export async function setAside(
  tx: Db,
  run: LoggedRun,
  series: Map<string, Point[]>,
  id: string | undefined,
): Promise<SetAside> {
  const { attempt, ranks } = await attemptNamed(tx, run, id);
  const done = { ...NOTHING_ASIDE };
  if (series.size === 0) return done;
  const begins = await beginsOf(tx, run, [...series.keys()], ranks);
  const states = await statesOf(tx, run, [...series.keys()]);
  for (const [key, points] of series) {
    const others = begins.get(key) ?? [];
    const first = lowest(points);
    const begin = { attempt, rank: ranks.get(attempt) ?? 0, step: first.step };
    const before = others.find((one) => one.attempt === attempt);
    if (!before || begin.step < before.step) {
      done.moved += await takeOver(tx, run, { key, state: states.get(key), first }, begin, others);
      if (before) before.step = begin.step;
      else others.push(begin);
    }
    const [mine, late] = parted(points, (point) => ownerAt(others, point.step)?.attempt === attempt);
    if (late.length > 0) {
      const no = states.get(key)?.no ?? 0;
      done.stored += await storeAside(tx, [run.seq, attempt, no], late);
    }
    if (mine.length > 0) series.set(key, mine);
    else series.delete(key);
  }
  return done;
}

function lowest(points: Point[]): Point {
  return points.reduce((least, point) => (point.step < least.step ? point : least));
}

function parted<T>(all: T[], isFirst: (one: T) => boolean): [T[], T[]] {
  const [first, second]: [T[], T[]] = [[], []];
  for (const one of all) (isFirst(one) ? first : second).push(one);
  return [first, second];
}

/** The attempt's number, and which attempts are later: by the time they began, then by their arrival. */
async function attemptNamed(
  tx: Db,
  run: LoggedRun,
  id: string | undefined,
): Promise<{ attempt: number; ranks: Map<number, number> }> {
  const { rows } = await tx.execute<{ no: number; id: string | null }>(
    'select no, id from run_attempts where run_seq = ? order by start_time, no',
    [run.seq],
  );
  const named = id === undefined ? rows.at(-1) : rows.find((row) => row.id === id);
  if (!named) throw notFound(`Attempt ${id ?? ''} of run ${run.id}`, '?attempt');
  return { attempt: named.no, ranks: new Map(rows.map(({ no }, rank) => [no, rank])) };
}

const KEYS_AT_ONCE = 256;

async function beginsOf(
  tx: Db,
  run: LoggedRun,
  keys: string[],
  ranks: Map<number, number>,
): Promise<Map<string, Begin[]>> {
  const begins = new Map<string, Begin[]>(keys.map((key) => [key, []]));
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
    const some = keys.slice(start, start + KEYS_AT_ONCE);
    const { rows } = await tx.execute<Begin & { key: string }>(
      `select key, attempt, step from attempt_begins where run_seq = ? and key in (${some.map(() => '?').join(',')})`,
      [run.seq, ...some],
    );
    for (const { key, attempt, step } of rows) begins.get(key)?.push({ attempt, step, rank: ranks.get(attempt) ?? 0 });
  }
  return begins;
}

/** The attempt begins the key at a lower step than it had: what earlier ones have from there on is set aside. */
async function takeOver(
  tx: Db,
  run: LoggedRun,
  { key, state, first }: { key: string; state: SeriesState | undefined; first: Point },
  begin: Begin,
  others: Begin[],
): Promise<number> {
  await tx.execute(
    `insert into attempt_begins (run_seq, key, attempt, step) values (?, ?, ?, ?)
      on conflict (run_seq, key, attempt) do update set step = excluded.step`,
    [run.seq, key, begin.attempt, begin.step],
  );
  if (!state) return 0;
  let moved = 0;
  for (const steps of lostTo(begin, others)) moved += await moveAside(tx, [run.seq, steps.attempt, state.no], steps);
  if (moved === 0) return 0;
  await cutSeries(tx, run.seq, state, begin.step, first);
  await writeStates(tx, run.seq, [state]);
  return moved;
}

type Place = [run_seq: number, attempt: number, no: number];

const COLUMNS = 'run_seq, attempt, no, step, timestamp, value, kind';

async function moveAside(
  tx: Db,
  [run, attempt, no]: Place,
  { from, until }: { from: number; until: number },
): Promise<number> {
  const isEndless = until === Infinity;
  const where = `where run_seq = ? and no = ? and step >= ?${isEndless ? '' : ' and step < ?'}`;
  const values = [run, no, from, ...(isEndless ? [] : [until])];
  await tx.execute(
    `insert into superseded_points (${COLUMNS})
      select run_seq, ${attempt}, no, step, timestamp, value, kind from points ${where} on conflict do nothing`,
    values,
  );
  return (await tx.execute(`delete from points ${where}`, values)).changes;
}

/** Rows in one insert. */
const CHUNK = 100;

async function storeAside(tx: Db, place: Place, points: Point[]): Promise<number> {
  let stored = 0;
  for (let start = 0; start < points.length; start += CHUNK) {
    const rows = points.slice(start, start + CHUNK).map(({ step, timestamp, value }) => {
      const { value: number, kind } = toStored(value);
      return [...place, step, timestamp, number, kind];
    });
    const marks = rows.map(() => '(?, ?, ?, ?, ?, ?, ?)').join(', ');
    const text = `insert into superseded_points (${COLUMNS}) values ${marks} on conflict do nothing`;
    stored += (await tx.execute(text, rows.flat())).changes;
  }
  return stored;
}
