// shared/db/postgres-transaction.ts
// Purpose: one transaction on a connection to PostgreSQL: its beginning with locks, what its work sees, its end, what went wrong first.
// Why: each of these is a journey or spares one; who shares a transaction is decided elsewhere.
// Relevant files: shared/db/postgres-lane.ts, shared/db/locks.ts, shared/db/underway.ts, shared/db/postgres-db.ts

import type { PoolClient } from 'pg';
import { BEGIN_ALONE, beginFor } from './locks.ts';
import { asDb } from './postgres-db.ts';
import type { Db, Writer } from './store.ts';
import type { UnderWay } from './underway.ts';

/** Only a connection that still answers has committed nothing for certain. */
export async function answersRollback(client: PoolClient): Promise<boolean> {
  return client.query('rollback').then(
    () => true,
    () => false,
  );
}

/** What failed first: what the work says after that is only what followed from it. */
export async function causeOf(error: unknown, sent: UnderWay): Promise<unknown> {
  return sent.arrive().then(
    () => error,
    (first: unknown) => first,
  );
}

/** Begins one that only logs into these runs; none: alone among all writers. Returns since when the server runs. */
export async function begin(client: PoolClient, runs: string[]): Promise<unknown> {
  const answers = await client.query(runs.length === 0 ? BEGIN_ALONE : beginFor(runs));
  return (answers as unknown as { rows: { since?: unknown }[] }[])[1]?.rows[0]?.since;
}

const dbs = new WeakMap<PoolClient, Db>();

/** The connection as the work of a request sees it; what it sends without waiting is under way in `sent`. */
export function transactionOf(client: PoolClient, writer: Writer, sent: UnderWay): Db {
  const db = dbs.get(client) ?? asDb(client);
  dbs.set(client, db);
  const send: Db['send'] = async (sqlText, values) => sent.add(db.execute(sqlText, values));
  return Object.assign(Object.create(db) as Db, { writer, send });
}

/** Returns the experiments whose version moved: a trigger notes them, see the migration. */
export async function commit(client: PoolClient): Promise<number[]> {
  const answers = await client.query("select current_setting('tracker.moved', true) as moved; commit");
  const [moved, done] = answers as unknown as { rows: { moved: string | null }[]; command: string }[];
  if (done?.command !== 'COMMIT') throw new Error('The transaction was undone where it should have been committed.');
  return [...new Set((moved?.rows[0]?.moved ?? '').split(' ').filter(Boolean).map(Number))];
}
