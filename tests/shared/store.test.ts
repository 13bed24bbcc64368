// tests/shared/store.test.ts
// Purpose: the store on a real file: how its connections are set, what readers see, what a rejected write leaves, a clean close.
// Why: "on disk before the answer" rests on two pragmas and on who sees what.
// Relevant files: shared/db/sqlite.ts, shared/db/store.ts, shared/db/write-queue.ts

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { openSqlite } from '../../shared/db/sqlite.ts';
import type { Db, Store } from '../../shared/db/store.ts';
import { useFolder } from '../support/use.ts';

const folder = useFolder();

let file: string;
let store: Store;
beforeEach(async ({ onTestFinished }) => {
  file = path.join(folder, `${Math.random()}.db`);
  store = await openSqlite(file);
  onTestFinished(() => store.close().catch(() => undefined));
});

async function pragma(db: Db, name: string): Promise<unknown> {
  const { rows } = await db.execute<Record<string, unknown>>(`pragma ${name}`, []);
  return Object.values(rows[0] ?? {})[0];
}

/** One statement, for its changes. */
async function run(db: Db, sql: string): Promise<number> {
  return (await db.execute(sql, [])).changes;
}

async function keys(db: Db): Promise<string[]> {
  return (await db.execute<{ key: string }>('select key from tags order by id', [])).rows.map(({ key }) => key);
}

function insert(db: Db, key: string): Promise<unknown> {
  return db.execute('insert into tags (key, created_at) values (?, 0)', [key]);
}

const OFF = 0;
const ON = 1;
/** What SQLite answers for `synchronous = full`. */
const FULL = 2;

describe('the connections', () => {
  it('writes are synced to the disk with each commit, in a write-ahead log', async () => {
    await store.write(async (tx) => {
      expect(await pragma(tx, 'synchronous')).toBe(FULL);
      expect(await pragma(tx, 'journal_mode')).toBe('wal');
      expect(await pragma(tx, 'foreign_keys')).toBe(ON);
      expect(await pragma(tx, 'query_only')).toBe(OFF);
      // The queue waits; SQLite would wait on the thread that answers everybody.
      expect(await pragma(tx, 'busy_timeout')).toBe(0);
    });
  });

  it('the reader only reads', async () => {
    expect(await pragma(store.read, 'query_only')).toBe(ON);
    await expect(insert(store.read, 'x')).rejects.toThrow('readonly');
    const snapshot = await store.snapshot();
    expect(await pragma(snapshot.db, 'query_only')).toBe(ON);
    await expect(insert(snapshot.db, 'x')).rejects.toThrow('readonly');
    await snapshot.close();
    expect(await keys(store.read)).toEqual([]);
  });

  it('a reference to a row that is not there is refused', async () => {
    const orphan = (): Promise<number> =>
      store.write((tx) => run(tx, "insert into run_tags (run_id, tag_id, value) values ('none', 1, '')"));
    await expect(orphan()).rejects.toThrow('FOREIGN KEY');
  });
});

describe('who sees what', () => {
  it('readers see nothing of a write before it is committed, and all of it after', async () => {
    let seen: string[] = ['not asked'];
    await store.write(async (tx) => {
      await insert(tx, 'a');
      await insert(tx, 'b');
      expect(await keys(tx)).toEqual(['a', 'b']);
      seen = await keys(store.read);
    });
    expect(seen).toEqual([]);
    expect(await keys(store.read)).toEqual(['a', 'b']);
  });

  it('a snapshot sees the database as it was, whatever is written meanwhile', async () => {
    await store.write((tx) => insert(tx, 'before'));
    const snapshot = await store.snapshot();
    await store.write((tx) => insert(tx, 'after'));
    expect(await keys(snapshot.db)).toEqual(['before']);
    expect(await keys(store.read)).toEqual(['before', 'after']);
    await snapshot.close();
    await snapshot.close();
  });

  it('when the promise resolves, another process has it too', async () => {
    await store.write((tx) => insert(tx, 'kept'));
    const other = new Database(file, { readonly: true });
    expect(other.prepare('select key from tags').pluck().all()).toEqual(['kept']);
    other.close();
  });
});

it('a write that is rejected leaves nothing, its neighbours stay', async () => {
  const results = await Promise.allSettled([
    store.write((tx) => insert(tx, 'first')),
    store.write(async (tx) => {
      await insert(tx, 'half');
      await run(tx, 'update tags set created_at = 1');
      throw new Error('changed my mind');
    }),
    store.write(async (tx) => {
      await insert(tx, 'twice');
      await insert(tx, 'twice');
    }),
    store.write((tx) => insert(tx, 'last')),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: { message: 'changed my mind' } });
  expect(await keys(store.read)).toEqual(['first', 'last']);
  const { rows } = await store.read.execute('select distinct created_at from tags', []);
  expect(rows).toEqual([{ created_at: 0 }]);
});

describe('close', () => {
  const leftOf = (): number => (existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0);

  it('writes the log back into the file, also while somebody else has it open', async () => {
    await store.write((tx) => insert(tx, 'kept'));
    expect(leftOf()).toBeGreaterThan(0);
    // The last connection to close would empty the log by itself; one that has read something holds it.
    const other = new Database(file, { readonly: true });
    expect(other.prepare('select count(*) from tags').pluck().get()).toBe(1);
    await store.close();
    expect(leftOf()).toBe(0);
    expect(other.prepare('select key from tags').pluck().all()).toEqual(['kept']);
    other.close();
  });

  it('waits for the writes that were asked for, and ends open snapshots', async () => {
    await store.snapshot();
    const writes = Array.from({ length: 20 }, (_, i) => store.write((tx) => insert(tx, `tag ${i}`)));
    await store.close();
    await Promise.all(writes);
    expect(leftOf()).toBe(0);
    const other = new Database(file, { readonly: true });
    expect(other.prepare('select count(*) from tags').pluck().get()).toBe(20);
    other.close();
  });
});
