// tests/shared/write-queue.test.ts
// Purpose: the write queue on a real SQLite file: one commit for many, a bad job spoils only itself, durable before resolved.
// Why: every write of the product passes here.
// Relevant files: shared/db/write-queue.ts, shared/db/sqlite.ts

import path from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, expect, test } from 'vitest';
import type { Db, Lasting } from '../../shared/db/store.ts';
import { openSqlite } from '../../shared/db/sqlite.ts';
import { WriteQueue, type Enter } from '../../shared/db/write-queue.ts';
import { useFolder } from '../support/use.ts';

const folder = useFolder();

let file: string;
let connection: Database.Database;
let statements: string[];
let queue: WriteQueue;
beforeEach(({ onTestFinished }) => {
  file = path.join(folder, `${Math.random()}.db`);
  connection = new Database(file);
  connection.exec('create table t (x integer primary key)');
  statements = [];
  const control = (statement: string): void => {
    statements.push(statement);
    connection.exec(statement);
  };
  // The queue hands its connection on and asks nothing of it.
  queue = new WriteQueue(connection as unknown as Db, control);
  onTestFinished(() => void connection.close());
});

const insert = (x: number): Promise<number> =>
  queue.add(async () => {
    connection.prepare('insert into t values (?)').run(x);
    return x;
  });

/** What another connection sees: committed rows only. */
function committed(): unknown[] {
  const other = new Database(file, { readonly: true });
  const rows = other.prepare('select x from t order by x').pluck().all();
  other.close();
  return rows;
}

test('writes that wait share one commit', async () => {
  expect(await Promise.all([1, 2, 3].map(insert))).toEqual([1, 2, 3]);
  expect(statements.filter((statement) => /begin|commit/.test(statement))).toEqual(['begin immediate', 'commit']);
  expect(committed()).toEqual([1, 2, 3]);
});

test('a write that fails takes back its own rows and nobody else’s', async () => {
  const bad = queue.add(async () => {
    connection.exec('insert into t values (20), (21)');
    throw new Error('no');
  });
  const results = await Promise.allSettled([insert(1), bad, insert(2)]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  await expect(bad).rejects.toThrow('no');
  expect(committed()).toEqual([1, 2]);
});

test('work that gives no promise, or one that runs only when it is awaited, is done before the commit', async () => {
  const put = (x: number): number => (connection.prepare('insert into t values (?)').run(x), x);
  // As what Drizzle builds.
  const lazy = (x: number): PromiseLike<number> => ({
    then: (onDone, onError) => Promise.resolve().then(() => put(x)).then(onDone, onError), // prettier-ignore
  });
  const atOnce = (x: number): Promise<number> => queue.add(() => put(x), { run: 'r' });
  const later = (x: number): Promise<number> => queue.add(() => lazy(x) as Promise<number>, { run: 'r' });
  for (const add of [atOnce, later]) {
    const first = add === atOnce ? 1 : 10;
    expect(await add(first)).toBe(first);
    expect(committed()).toContain(first);
    expect(await Promise.all([add(first + 1), add(first + 2)])).toEqual([first + 1, first + 2]);
    await expect(add(first)).rejects.toThrow('UNIQUE');
  }
  expect(committed()).toEqual([1, 2, 3, 10, 11, 12]);
  expect(statements.filter((statement) => statement === 'commit')).toHaveLength(4);
});

test('when the promise resolves, the rows are committed', async () => {
  const seen: unknown[][] = [];
  await Promise.all([1, 2].map((x) => insert(x).then(() => seen.push(committed()))));
  expect(seen).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

test('when the commit fails, every write of it is told, and the next ones work', async () => {
  connection.pragma('foreign_keys = on');
  connection.exec('create table child (x integer references t(x) deferrable initially deferred)');
  const orphan = queue.add(async () => void connection.exec('insert into child values (99)'));
  const results = await Promise.allSettled([insert(1), orphan]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
  expect(committed()).toEqual([]);
  await insert(5);
  expect(committed()).toEqual([5]);
});

test('a write that waits for something keeps its place', async () => {
  const order: number[] = [];
  const slow = queue.add(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    order.push(1);
  });
  const quick = queue.add(async () => void order.push(2));
  await Promise.all([slow, quick]);
  expect(order).toEqual([1, 2]);
});

test('many more than one commit takes are all stored, and idle waits for them', async () => {
  const all = Array.from({ length: 1000 }, (_, x) => insert(x));
  await queue.idle();
  expect(committed()).toHaveLength(1000);
  await Promise.all(all);
  expect(statements.filter((statement) => statement === 'commit').length).toBeLessThanOrEqual(4);
});

test('reads of the store never see a write that is still open', async () => {
  const store = await openSqlite(path.join(folder, 'store.db'));
  const count = async (db: Db): Promise<unknown> =>
    (await db.execute<{ n: number }>('select count(*) as n from experiments', [])).rows[0]?.n;
  await store.write(async (tx) => {
    await tx.execute(
      "insert into experiments (name, status, created_at, updated_at, last_activity_at) values ('a', 'active', 0, 0, 0)",
      [],
    );
    expect(await count(tx)).toBe(1);
    expect(await count(store.read)).toBe(0);
  });
  expect(await count(store.read)).toBe(1);
  await expect(store.read.execute('delete from experiments', [])).rejects.toThrow('readonly');
  await store.close();
});

test('so much waits and no more: the next is told 503 at once, and what waited is written', async () => {
  const first = queue.add(() => Promise.resolve(0), { bytes: 20 * 1024 * 1024 });
  const large = queue.add(() => Promise.resolve(1), { bytes: 20 * 1024 * 1024 });
  await expect(large).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('nothing of this request') as string,
  });
  expect(await first).toBe(0);
  // Room again.
  expect(await queue.add(() => Promise.resolve(2), { bytes: 20 * 1024 * 1024 })).toBe(2);

  const waiting = Array.from({ length: 2_100 }, (_, x) => insert(x));
  const outcomes = await Promise.allSettled(waiting);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2_000);
  expect(outcomes.slice(2_000).every(({ status }) => status === 'rejected')).toBe(true);
  expect(committed()).toHaveLength(2_000);
});

test('a single request of any size finds room in an empty queue', async () => {
  expect(await queue.add(() => Promise.resolve(1), { bytes: 10 ** 12 })).toBe(1);
});

test('a commit takes so many bytes; between two everybody else has a turn', async () => {
  let turns = 0;
  const count = (): unknown => setImmediate(() => ++turns < 1_000 && count());
  count();
  const large = (x: number): Promise<number> => queue.add(() => Promise.resolve(x), { bytes: 600 * 1024 });
  await Promise.all(Array.from({ length: 12 }, (_, x) => large(x)));
  expect(turns).toBeGreaterThanOrEqual(6);
  expect(statements.filter((statement) => statement === 'commit')).toHaveLength(6);
});

const log = (x: number, run = 'a'): Promise<number> =>
  queue.add(
    async () => {
      connection.prepare('insert into t values (?)').run(x);
      if (x < 0) throw new Error(`no ${x}`);
      return x;
    },
    { run },
  );

test('requests that only log share a commit without savepoints', async () => {
  expect(await Promise.all([log(1), log(2, 'b'), log(3)])).toEqual([1, 2, 3]);
  expect(statements).toEqual(['begin immediate', 'commit']);
});

test('where one of them fails, the others are stored once, and only the bad one is told', async () => {
  const results = await Promise.allSettled([log(1), log(-2), log(3, 'b'), log(-4)]);
  expect(results).toMatchObject([
    { value: 1 },
    { reason: { message: 'no -2' } },
    { value: 3 },
    { reason: { message: 'no -4' } },
  ]);
  expect(committed()).toEqual([1, 3]);
  expect(statements.slice(0, 3)).toEqual(['begin immediate', 'rollback', 'begin immediate']);
  expect(statements.filter((statement) => statement === 'savepoint job')).toHaveLength(4);
  // The next ones are run with savepoints at once; when none of them fails, those after them without.
  for (const next of [10, 20]) {
    statements.length = 0;
    await Promise.all([log(next), log(next + 1)]);
    expect(statements.includes('savepoint job')).toBe(next === 10);
    expect(statements).not.toContain('rollback');
  }
  expect(committed()).toEqual([1, 3, 10, 11, 20, 21]);
});

test('beside another write each has its savepoint', async () => {
  await Promise.all([log(1), insert(2), log(3)]);
  expect(statements.filter((statement) => statement === 'savepoint job')).toHaveLength(3);
  expect(committed()).toEqual([1, 2, 3]);
});

test('when SQLite has undone everything by itself, all are told why', async () => {
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  const failing = queue.add(
    () => {
      connection.exec('rollback');
      return Promise.reject(full);
    },
    { run: 'b' },
  );
  const results = await Promise.allSettled([log(1), failing, log(2)]);
  expect(results.map((result) => result.status === 'rejected' && (result.reason as unknown))).toEqual([
    full,
    full,
    full,
  ]);
  expect(committed()).toEqual([]);
  await insert(5);
  expect(committed()).toEqual([5]);
});

test('what requests leave to be done last is done once before the commit, with the sums of those that are stored', async () => {
  const done: number[][] = [];
  const calls: (boolean | undefined)[] = [];
  let group: Lasting | undefined;
  const control = (statement: string): void => void connection.exec(statement);
  const enter: Enter = (_scope, entered) => void (group = entered);
  const own = new WriteQueue(connection as unknown as Db, control, enter);
  const add = (amount: number): Promise<void> =>
    own.add(
      async () => {
        calls.push(group !== undefined);
        group?.last(7, [amount, 1], async (_tx, sums) => {
          expect(connection.inTransaction).toBe(true);
          done.push(sums);
        });
        if (amount < 0) throw new Error('no');
      },
      { run: 'a' },
    );
  await Promise.all([add(1), add(2), add(3)]);
  expect(done).toEqual([[6, 3]]);
  // One that fails: those that are stored say it themselves, in their second attempt.
  await Promise.allSettled([add(1), add(-2), add(3)]);
  expect(done).toEqual([[6, 3]]);
  expect(calls).toEqual([true, true, true, true, true, false, false, false]);
  // Alone there is nothing to be summed up.
  await add(5);
  expect(calls.at(-1)).toBe(false);
});
