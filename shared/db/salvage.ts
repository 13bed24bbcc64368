// shared/db/salvage.ts
// Purpose: copies what can be read of a damaged SQLite file into a new one, table by table, around the pages that cannot.
// Why: one bad page must not cost anybody the other ten thousand.
// Relevant files: shared/db/doctor-command.ts, shared/db/salvage-rows.ts, runs/salvage-changes.ts

import Database from 'better-sqlite3';
import { UserError } from '../errors.ts';
import { migrateSqlite } from './migrate.ts';
import { readRows, type Row, type TableKey } from './salvage-rows.ts';
import { openSqlite } from './sqlite.ts';
import type { Db } from './store.ts';

/** Puts the rows that are left in order again, in a transaction; says what it did. */
export type Mend = (tx: Db) => Promise<string[]>;

export interface SavedTable {
  name: string;
  saved: number;
  /** Whether all pages of the table could be read. */
  isWhole: boolean;
}

interface Column {
  name: string;
  type: string;
  pk: number;
}

export async function salvage(
  damaged: string,
  target: string,
  mend: Mend,
): Promise<{ tables: SavedTable[]; mended: string[] }> {
  const from = new Database(damaged, { readonly: true, fileMustExist: true });
  const to = new Database(target);
  let tables: SavedTable[];
  try {
    to.pragma('foreign_keys = off');
    const schema = schemaOf(from);
    // The indexes follow when the rows are there: a row that breaks one must not cost the others.
    for (const { sql } of schema.filter(({ type }) => type === 'table')) to.exec(sql);
    tables = tablesOf(schema).map((name) => copyTable(from, to, name));
    for (const { sql } of schema.filter(({ type }) => type === 'index')) to.exec(sql);
    await makeSearchAnew(to);
  } finally {
    from.close();
    to.close();
  }
  const store = await openSqlite(target);
  const mended = await store.write(mend).finally(() => store.close());
  return { tables, mended };
}

/** The index of notes is made from the runs that are there, by its migration; its own tables are not copied. */
async function makeSearchAnew(to: Database.Database): Promise<void> {
  to.prepare('delete from migrations where name glob ?').run('*_notes_search');
  await migrateSqlite(to);
}

interface SchemaRow {
  type: string;
  name: string;
  sql: string;
}

/** What is written in the file, so that a file of any version is copied as it is and brought up to date afterwards. */
function schemaOf(from: Database.Database): SchemaRow[] {
  try {
    const wanted =
      "type in ('table', 'index') and sql is not null and name not like 'sqlite_%' and name not glob 'run_notes*'";
    return from.prepare(`select type, name, sql from sqlite_master where ${wanted}`).all() as SchemaRow[];
  } catch (error) {
    throw new UserError(
      `Nothing can be read: the first page of the file is damaged (${(error as Error).message}). Restore a backup.`,
    );
  }
}

/** Runs first: the other tables are read run by run where they cannot be read as a whole. */
function tablesOf(schema: SchemaRow[]): string[] {
  const names = schema.filter(({ type }) => type === 'table').map(({ name }) => name);
  return names.sort((a, b) => Number(b === 'runs') - Number(a === 'runs') || (a < b ? -1 : 1));
}

function copyTable(from: Database.Database, to: Database.Database, name: string): SavedTable {
  const columns = to.prepare('select name, type, pk from pragma_table_info(?)').all(name) as Column[];
  const marks = columns.map(() => '?').join(', ');
  const insert = to.prepare(
    `insert or ignore into ${name} (${columns.map((c) => `"${c.name}"`).join(', ')}) values (${marks})`,
  );
  let saved = 0;
  let hasOdd = false;
  const take = (row: Row): void => {
    const values = columns.map((column) => row[column.name]);
    // A page that is damaged but still reads gives rows that never were.
    if (!columns.every((column, i) => fits(values[i], column.type))) hasOdd = true;
    else saved += insert.run(...values).changes;
  };
  to.exec('begin');
  const isWhole = readRows(from, keyOf(name, columns, to), take);
  to.exec('commit');
  return { name, saved, isWhole: isWhole && !hasOdd };
}

function fits(value: unknown, type: string): boolean {
  if (value === null) return true;
  if (/^text$/i.test(type)) return typeof value === 'string';
  return /^integer$/i.test(type) ? Number.isSafeInteger(value) : typeof value === 'number';
}

/** By what a table is read in order: its primary key, or the number that SQLite gives each row. */
function keyOf(name: string, columns: Column[], to: Database.Database): TableKey {
  const hasNoRowid = (to.prepare('select wr from pragma_table_list(?)').pluck().get(name) as number) === 1;
  const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  if (!hasNoRowid) return { table: name, columns: ['rowid'], isNumber: [true], firstTexts: [] };
  const isRunTable = key[0]?.name === 'run_id';
  return {
    table: name,
    columns: key.map((column) => column.name),
    isNumber: key.map((column) => /^integer$/i.test(column.type)),
    firstTexts: isRunTable ? (to.prepare('select id from runs').pluck().all() as string[]) : [],
  };
}
