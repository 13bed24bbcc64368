// tests/support/asked.ts
// Purpose: the SQL that is asked for on the reading connection while something is done.
// Why: how often a database is asked, and how, is what makes a page fast; times on a busy machine say little.
// Relevant files: tests/shared/paging-plan.test.ts, tests/shared/memo.test.ts, tests/runs/asked.test.ts

import type Database from 'better-sqlite3';
import type { Db } from '../../shared/db/store.ts';

/** The connection that Drizzle was given. */
export function connectionOf(db: Db): Database.Database {
  return (db as unknown as { $client: Database.Database }).$client;
}

/** Statements in the order in which they were asked for, those that are kept prepared included. */
export async function askedOf(db: Db, work: () => Promise<unknown>): Promise<string[]> {
  const connection = connectionOf(db);
  if (!('prepare' in connection)) return askedOfPool(connection, work);
  const asked: string[] = [];
  const prepare = connection.prepare.bind(connection);
  const asBefore = { execute: db.execute.bind(db), send: db.send.bind(db), arrays: db.arrays.bind(db) };
  // What Drizzle builds, and what is asked by its text: such statements are kept by the store and prepared once.
  connection.prepare = (text: string) => {
    asked.push(text);
    return prepare(text);
  };
  const told = <Ask extends (text: string, values: readonly unknown[]) => unknown>(ask: Ask): Ask =>
    ((text: string, values: readonly unknown[]) => {
      asked.push(text);
      return ask(text, values);
    }) as Ask;
  Object.assign(db, { execute: told(asBefore.execute), send: told(asBefore.send), arrays: told(asBefore.arrays) });
  try {
    await work();
  } finally {
    connection.prepare = prepare;
    Object.assign(db, asBefore);
  }
  return asked;
}

interface Pool {
  query: (asked: string | { text: string }, ...rest: unknown[]) => unknown;
}

/** The same on PostgreSQL, where all readers are one pool. */
async function askedOfPool(pool: Pool, work: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = [];
  const query = pool.query.bind(pool);
  pool.query = (one, ...rest) => {
    asked.push(typeof one === 'string' ? one : one.text);
    return query(one, ...rest);
  };
  try {
    await work();
  } finally {
    pool.query = query;
  }
  return asked;
}
