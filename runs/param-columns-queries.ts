// runs/param-columns-queries.ts
// Purpose: params of all runs of an experiment as columns of codes: read once, and for new runs only from then on.
// Why: groups, pivots and pictures ask for the same params again and again, and a new run changes nothing of the others.
// Relevant files: runs/text-column.ts, runs/run-list-queries.ts, runs/kept-columns.ts, runs/groups/members.ts

import { sql } from 'drizzle-orm';
import type { ExperimentRow } from '../experiments/models.ts';
import { bound, isOneOf, jsonObject, onPostgres } from '../shared/db/dialect.ts';
import type { Db } from '../shared/db/store.ts';
import { breathe } from '../shared/heavy/pieces.ts';
import { columnNow, columnsBefore, factsOf, keepColumn, keptColumn } from './kept-columns.ts';
import { listBytes, placesIn, type RunList } from './run-list.ts';
import { askChanged, askList, piecesOf } from './run-list-queries.ts';
import { columnBytes, countTexts, emptyColumn, movedTo, withText, type TextColumn } from './text-column.ts';

/** A param's column as far as it is known. */
interface Known {
  list: RunList;
  column: TextColumn;
  /** Places of runs that have not been asked, ascending. */
  unread: number[];
  /** It was carried over from another list: an older run may have got the param since. */
  isOld: boolean;
}

const nameOf = (key: string): string => `param ${JSON.stringify(key)}`;

/** The runs of the experiment that are not in the trash, kept while its facts stand. What is known of params moves with them. */
export async function readRunList(db: Db, experiment: ExperimentRow): Promise<RunList> {
  const facts = factsOf(experiment);
  const same = keptColumn<RunList>(db, facts, 'runs');
  if (same) return same;
  const before = columnsBefore<RunList>(db, experiment.id, 'runs')[0]?.value;
  const known = await columnNow<RunList>(db, facts, 'runs', async (list, changed) => {
    const value = await askChanged(db, experiment.id, list, changed);
    return { value, bytes: listBytes(value) };
  });
  const list = known ?? (await askList(db, experiment.id, false, before));
  if (!known) keepColumn(db, facts, 'runs', list, listBytes(list));
  if (before) carryParams(db, experiment, before, list);
  return list;
}

function carryParams(db: Db, experiment: ExperimentRow, before: RunList, list: RunList): void {
  const isSame = before === list;
  const places = placesIn(before.seqs, list.seqs);
  const fresh = [...places.keys()].filter((place) => (places[place] ?? -1) < 0);
  for (const { name, value } of columnsBefore<Known>(db, experiment.id, 'param ')) {
    if (value.list !== before) continue;
    const column = isSame ? value.column : movedTo(value.column, places);
    const still = value.unread.length === 0 ? [] : [...placesIn(list.seqs, value.unread.map((place) => before.seqs[place] ?? 0))]; // prettier-ignore
    const unread = [...fresh, ...still.filter((place) => place >= 0)].sort((a, b) => a - b);
    keepColumn(db, factsOf(experiment), name, { list, column, unread, isOld: true }, columnBytes(column));
  }
}

/** Whether reading these params of `list` asks of few runs only. */
export function areKnown(db: Db, experiment: ExperimentRow, list: RunList, keys: readonly string[]): boolean {
  return keys.every((key) => keptColumn<Known>(db, factsOf(experiment), nameOf(key))?.list === list);
}

/** In the order of `keys`. Who asks while others read waits for them: most likely they ask for the same. */
export async function readParams(db: Db, experiment: ExperimentRow, list: RunList, keys: readonly string[]): Promise<TextColumn[]> {
  const before = reading.get(list);
  const columns = before ? before.then(() => read(db, experiment, list, keys)) : read(db, experiment, list, keys);
  const settled = columns.then(() => undefined, () => undefined); // prettier-ignore
  reading.set(list, settled);
  return columns;
} // prettier-ignore

const reading = new WeakMap<RunList, Promise<void>>();

async function read(db: Db, experiment: ExperimentRow, list: RunList, keys: readonly string[]): Promise<TextColumn[]> {
  const facts = factsOf(experiment);
  const all = keys.map((key) => {
    const kept = keptColumn<Known>(db, facts, nameOf(key));
    const known = kept?.list === list ? kept : unknownOf(list);
    return { key, ...known };
  });
  const changed = all.filter(({ unread, isOld }) => unread.length > 0 || isOld);
  const old = changed.filter(({ isOld }) => isOld);
  const unknown = changed.filter(({ isOld }) => !isOld);
  await readPlaces(db, experiment, list, old, [...new Set(old.flatMap(({ unread }) => unread))]);
  await readPlaces(db, experiment, list, unknown, unknown[0]?.unread ?? []);
  const counts = await askCounts(db, experiment.id, old.map(({ key }) => key)); // prettier-ignore
  // A param is written once: what a run has stays. So where as many runs have it as should, they are the same runs.
  const behind = old.filter(({ key, column }) => countTexts(column) !== (counts.get(key) ?? 0));
  for (const one of behind) await readPlaces(db, experiment, list, [one], without(one.column));
  for (const { key, column } of changed)
    keepIfStands(db, experiment, { list, column, unread: [], isOld: false }, nameOf(key));
  return all.map(({ column }) => column);
}

/** Only where the list is the one that is kept, too: columns move with it. */
function keepIfStands(db: Db, experiment: ExperimentRow, known: Known, name: string): void {
  const facts = factsOf(experiment);
  if (keptColumn<RunList>(db, facts, 'runs') === known.list) keepColumn(db, facts, name, known, columnBytes(known.column)); // prettier-ignore
}

function unknownOf(list: RunList): Known {
  return { list, column: emptyColumn(list.seqs.length), unread: [...list.seqs.keys()], isOld: false };
}

function without({ codes }: TextColumn): number[] {
  return [...codes.keys()].filter((place) => codes[place] === 0);
}

/** One walk over the runs' params, in pieces, between which others get their turn. */
async function readPlaces(db: Db, { id }: ExperimentRow, { seqs }: RunList, into: { key: string; column: TextColumn }[], places: readonly number[]): Promise<void> {
  if (places.length === 0) return;
  const wanted = into.map(({ key }) => key);
  const walks = !onPostgres && wanted.length * WALK_FROM >= (await countKeys(db, id));
  for (const piece of piecesOf(places)) {
    const numbers = piece.map((place) => seqs[place] ?? 0);
    const placeOf = new Map(numbers.map((seq, at) => [seq, piece[at] ?? 0]));
    const rows = await db.arrays<[seq: number, own: string | null]>(
      ...bound(sql`select r.seq, (select ${jsonObject(sql`p.key`, sql`p.value`)} from params p
        where p.run_id = r.id and ${isOneOf(walks ? sql`+p.key` : sql`p.key`, wanted)}) from runs r where ${isOneOf(sql`r.seq`, numbers)}`),
    );
    for (const [seq, text] of rows) {
      const own = JSON.parse(text ?? '{}') as Record<string, unknown>;
      const place = placeOf.get(Number(seq)) ?? 0;
      for (const one of into) {
        const value = own[one.key];
        // `toString` is a member of every object, and may be a param of some runs.
        if (typeof value === 'string') one.column = withText(one.column, place, value);
      }
    }
    await breathe();
  }
} // prettier-ignore

/** A walk over a run's params costs as much as looking up one in so many. */
const WALK_FROM = 4;

async function countKeys(db: Db, experiment: number): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    `select count(*) as n from experiment_keys where experiment_id = ? and kind = 'param' and runs > 0`,
    [experiment],
  );
  return Number(rows[0]?.n ?? 0);
}

/** How many runs outside the trash have each of the params. */
async function askCounts(db: Db, experiment: number, keys: readonly string[]): Promise<Map<string, number>> {
  if (keys.length === 0) return new Map();
  const rows = await db.arrays<[key: string, runs: number]>(
    ...bound(
      sql`select key, runs from experiment_keys where experiment_id = ${experiment} and kind = 'param' and ${isOneOf(sql`key`, keys)}`,
    ),
  );
  return new Map(rows.map(([key, runs]) => [key, Number(runs)]));
}
