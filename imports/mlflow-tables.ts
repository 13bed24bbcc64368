// imports/mlflow-tables.ts
// Purpose: the SQL on MLflow's own tables, and the check that they are MLflow's.
// Why: its schema grows with every version; we read the columns that are there and name the rows that are wrong.
// Relevant files: imports/mlflow-sqlite.ts, imports/records.ts

import Database from 'better-sqlite3';
import { SourceError } from './records.ts';

export type Row = Record<string, unknown>;

const TABLES = ['experiments', 'runs', 'metrics', 'params', 'tags'];

export class MlflowTables {
  readonly #db: Database.Database;
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    this.#db = openReadOnly(file);
    const missing = TABLES.filter((table) => this.columns(table).length === 0);
    if (missing.length === 0) return;
    this.#db.close();
    throw new SourceError(`is not an MLflow database (no table ${missing.join(', ')})`, file);
  }

  /** Names of the columns; empty when there is no such table. */
  columns(table: string): string[] {
    return [...this.rows(table, 'SELECT name FROM pragma_table_info(?)', table)].map(({ name }) => String(name));
  }

  size(table: string): number {
    if (this.columns(table).length === 0) return 0;
    return Number([...this.rows(table, `SELECT count(*) AS n FROM "${table}"`)][0]?.['n'] ?? 0);
  }

  /** Rows one by one. What SQLite reports while reading becomes an error with the file and the table. */
  *rows(table: string, sql: string, ...values: (string | number)[]): Generator<Row> {
    try {
      yield* this.#db.prepare<(string | number)[], Row>(sql).iterate(...values);
    } catch (error) {
      if (!(error instanceof Database.SqliteError)) throw error;
      throw new SourceError(error.message, this.#file, `table ${table}`);
    }
  }

  text(table: string, row: Row, column: string): string | null {
    const value = row[column] ?? null;
    if (value === null || typeof value === 'string') return value;
    throw this.fault(table, row, `${column}: ${shown(value)} is not text`);
  }

  /** A double, or a whole number that may have lost digits: the caller looks whether it is safe. */
  number(table: string, row: Row, column: string): number {
    const value = row[column];
    if (typeof value === 'number') return value;
    throw this.fault(table, row, `${column}: ${shown(value)} is not a number`);
  }

  /** Milliseconds since the epoch, or null: also where an older MLflow has no such column. */
  time(table: string, row: Row, column: string): number | null {
    const value = row[column] ?? null;
    if (value === null || Number.isSafeInteger(value)) return value === null ? null : Number(value);
    throw this.fault(table, row, `${column}: ${shown(value)} is not a time in milliseconds`);
  }

  fault(table: string, row: Row, problem: string): SourceError {
    const at = ['rowid', 'run_uuid', 'experiment_id', 'key'].filter((column) => column in row);
    const place = at.map((column) =>
      column === 'rowid' ? `row ${shown(row[column])}` : `${column} ${shown(row[column])}`,
    );
    return new SourceError(problem, this.#file, `table ${table}, ${place.join(', ')}`);
  }

  close(): void {
    this.#db.close();
  }
}

function openReadOnly(file: string): Database.Database {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    db.pragma('schema_version');
    return db;
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    const notOne = error.code === 'SQLITE_NOTADB';
    throw new SourceError(notOne ? 'is not a SQLite database' : `cannot be opened (${error.message})`, file);
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : Buffer.isBuffer(value) ? 'a blob' : String(value);
}
