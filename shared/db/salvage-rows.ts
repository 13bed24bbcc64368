// shared/db/salvage-rows.ts
// Purpose: reads the rows of a table from both ends of ever smaller stretches of its key, around pages that cannot be read.
// Why: SQLite stops at the first bad page, and everything behind it would be lost.
// Relevant files: shared/db/salvage.ts

import type Database from 'better-sqlite3';

export type Row = Record<string, unknown>;

export interface TableKey {
  table: string;
  /** The columns by which the table is ordered on disk. */
  columns: string[];
  /** Which of them are whole numbers: those can be halved. */
  isNumber: boolean[];
  /** Values that the first column may have, where it is a text. */
  firstTexts: string[];
}

/** Rows whose first columns are `prefix` and whose next one lies in between, both ends included. */
interface Stretch {
  prefix: unknown[];
  range: [low: number, high: number] | undefined;
}

/** Stretches that are tried for one table: a bad page is surrounded in about a hundred. */
const TRIES_MAX = 5_000;
const REACHED = 'reached by salvage';
const WIDEST: [number, number] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

/** Gives each row that can be read to `take`, some of them twice. False when a part could not be read. */
export function readRows(db: Database.Database, key: TableKey, take: (row: Row) => void): boolean {
  const waiting: Stretch[] = readFromBothEnds(db, key, deeper(key, []), take);
  if (waiting.length === 0) return true;
  for (const text of key.firstTexts) waiting.push(deeper(key, [text]));
  // The widest first: what is near a bad page is looked at when all else is saved.
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const stretch = waiting.shift();
    if (!stretch) break;
    waiting.push(...readFromBothEnds(db, key, stretch, take));
  }
  return false;
}

function deeper(key: TableKey, prefix: unknown[]): Stretch {
  return { prefix, range: key.isNumber[prefix.length] ? WIDEST : undefined };
}

/** What is left to be read of the stretch: nothing, or smaller ones. */
function readFromBothEnds(db: Database.Database, key: TableKey, stretch: Stretch, take: (row: Row) => void): Stretch[] {
  const first = readOneWay(db, key, stretch, 'asc', take);
  if (first.isWhole) return [];
  const last = readOneWay(db, key, stretch, 'desc', take);
  const { prefix, range } = stretch;
  if (last.isWhole || !range) return [];
  const low = first.reached ?? range[0];
  const high = last.reached ?? range[1];
  if (low > high) return [];
  if (low > range[0] || high < range[1]) return [{ prefix, range: [low, high] }];
  if (low === high) return prefix.length + 1 < key.columns.length ? [deeper(key, [...prefix, low])] : [];
  const middle = Math.min(Math.floor(low / 2 + high / 2), high - 1);
  return [
    { prefix, range: [low, middle] },
    { prefix, range: [middle + 1, high] },
  ];
}

interface Progress {
  isWhole: boolean;
  /** Of the column after the prefix, the last value that could be read. */
  reached: number | undefined;
}

function readOneWay(
  db: Database.Database,
  { table, columns }: TableKey,
  { prefix, range }: Stretch,
  way: 'asc' | 'desc',
  take: (row: Row) => void,
): Progress {
  const terms = prefix.map((_value, i) => `"${columns[i]}" = ?`);
  const column = columns[prefix.length] ?? '';
  if (range) terms.push(`"${column}" between ? and ?`);
  const where = terms.length > 0 ? `where ${terms.join(' and ')}` : '';
  const order = columns.map((one) => `"${one}" ${way}`).join(', ');
  const progress: Progress = { isWhole: false, reached: undefined };
  try {
    const text = `select *, "${column}" as "${REACHED}" from "${table}" ${where} order by ${order}`;
    for (const row of db.prepare(text).iterate(...prefix, ...(range ?? [])) as Iterable<Row>) {
      take(row);
      if (Number.isSafeInteger(row[REACHED])) progress.reached = row[REACHED] as number;
    }
    return { ...progress, isWhole: true };
  } catch (error) {
    if (isDamage(error)) return progress;
    throw error;
  }
}

/** What SQLite says of a page that does not hold what it must, or that the disk does not give. */
function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(String((error as { code?: unknown }).code));
}
