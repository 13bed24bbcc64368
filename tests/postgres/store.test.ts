// tests/postgres/store.test.ts
// Purpose: the store on PostgreSQL: text order, numbers, who sees what, shared commits, writers beside and alone, no waiting in a circle.
// Why: changes read and then write without row locks; that this stays right with many writers is shown, not hoped.
// Relevant files: shared/db/postgres.ts, shared/db/postgres-writer.ts, shared/db/locks.ts, shared/db/postgres-db.ts

import { describe, expect, it, onTestFinished } from 'vitest';
import { createRun } from '../../runs/changes.ts';
import { logBatch } from '../../runs/ingest.ts';
import { requireLoggedRun } from '../../runs/logged-run-queries.ts';
import type { Receipt } from '../../runs/schemas.ts';
import { locationOf } from '../../shared/db/postgres.ts';
import { withNumberedMarks } from '../../shared/db/postgres-db.ts';
import type { Db, Store } from '../../shared/db/store.ts';
import { openAt, rowsOf } from '../support/database.ts';
import { useStore } from '../support/use.ts';

const { store, folder } = useStore();

async function addTag(tx: Db, key: string): Promise<void> {
  await tx.execute('insert into tags (key, created_at) values (?, 0)', [key]);
}

async function tagKeys(db: Db): Promise<string[]> {
  return (await db.execute<{ key: string }>('select key from tags order by key', [])).rows.map(({ key }) => key);
}

async function newRun(experiment: string): Promise<string> {
  return (await store.write((tx) => createRun(tx, { experiment }, 1))).run.id;
}

function log(on: Store, run: string, batch: Partial<Parameters<typeof logBatch>[2]>): Promise<Receipt> {
  const whole = { metrics: [], params: {}, tags: {}, ...batch };
  return on.write(async (tx) => logBatch(tx, await requireLoggedRun(tx, run), whole, 1), { run });
}

describe('the language', () => {
  it('marks are numbered, but not in quotes', () => {
    expect(withNumberedMarks(`a = ? and "b?" = '?' and c in (?, ?)`)).toBe(`a = $1 and "b?" = '?' and c in ($2, $3)`);
  });

  it('every text column orders byte by byte, whatever the locale of the server', async () => {
    const columns = await rowsOf(
      folder,
      `select table_name, column_name from information_schema.columns where table_schema = current_schema()
        and data_type = 'text' and table_name <> 'migrations' and collation_name is distinct from 'C'`,
    );
    expect(columns).toEqual([]);
  });

  it('whole numbers and sums come as numbers, doubles exactly', async () => {
    const { rows } = await store.read.execute(
      `select 9007199254740991::bigint as big, sum(x) as sum, count(*) as n, avg(x) as mean from (values (1::bigint), (2)) v (x)`,
      [],
    );
    expect(rows).toEqual([{ big: Number.MAX_SAFE_INTEGER, sum: 3, n: 2, mean: 1.5 }]);
    for (const value of [0.1, 5e-324, Number.MAX_VALUE, -Infinity])
      expect((await store.read.execute('select ?::double precision as x', [value])).rows).toEqual([{ x: value }]);
  });

  it('numbers come before texts, by their value', async () => {
    const { rows } = await store.read.execute<{ value: string }>(
      `select value from (values (10, '10'), (null, 'adam'), (-2.5, '-2.5'), (9, '9'), (-1e300, '-1e300'), (0, '-0'), (null, 'SGD')) v (number, value)
        order by mixed_order(number::double precision, value collate "C")`,
      [],
    );
    expect(rows.map(({ value }) => value)).toEqual(['-1e300', '-2.5', '-0', '9', '10', 'SGD', 'adam']);
  });

  it('the address is told without its password', () => {
    expect(locationOf('postgres://ada:secret@db:5433/runs?sslmode=require&password=secret')).toBe(
      'postgres://ada@db:5433/runs?sslmode=require',
    );
  });
});

describe('who sees what', () => {
  it('readers see nothing of a write before it is committed; a snapshot stays as it was and only reads', async () => {
    const snapshot = await store.snapshot();
    const seen = await store.write(async (tx) => {
      await addTag(tx, 'half');
      return tagKeys(store.read);
    });
    expect([seen, await tagKeys(snapshot.db), await tagKeys(store.read)]).toEqual([[], [], ['half']]);
    await expect(addTag(snapshot.db, 'x')).rejects.toThrow('read-only');
    await snapshot.close();
    await snapshot.close();
  });

  it('a write that is rejected leaves nothing, its neighbours stay; all share one transaction', async () => {
    const ids: unknown[] = [];
    const write = (key: string, fails = false): Promise<void> =>
      store.write(async (tx) => {
        await addTag(tx, key);
        ids.push((await tx.execute<{ id: string }>('select pg_current_xact_id()::text as id', [])).rows[0]?.id);
        if (fails) await addTag(tx, key);
      });
    const results = await Promise.allSettled([write('a'), write('b', true), write('c')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(new Set(ids).size).toBe(1);
    expect(await tagKeys(store.read)).toEqual(['a', 'c', 'half']);
  });

  it('work that swallows an error of the database is not committed as if nothing had been', async () => {
    const swallowing = store.write(async (tx) => {
      await addTag(tx, 'swallowed');
      await addTag(tx, 'swallowed').catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow('aborted');
    expect(await tagKeys(store.read)).not.toContain('swallowed');
  });
});

describe('writers of several processes', () => {
  /** As another process has it. */
  async function another(): Promise<Store> {
    const other = await openAt(folder);
    onTestFinished(() => other.close());
    return other;
  }

  it('different runs are logged into at the same time; one run by one after the other', async () => {
    const other = await another();
    const [one, two] = [await newRun('beside'), await newRun('beside')];
    const order: string[] = [];
    let arrived = 0;
    let meet: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (meet = resolve));
    const inside = (on: Store, run: string): Promise<void> =>
      on.write(
        async () => {
          if (++arrived === 2) meet();
          await both;
        },
        { run },
      );
    // Each waits until the other is inside, too: with one lock for both neither would ever end.
    await Promise.all([inside(store, one), inside(other, two)]);
    const turn = (on: Store, name: string): Promise<void> =>
      on.write(
        async (tx) => {
          order.push(`${name} in`);
          await tx.execute('select pg_sleep(0.05)', []);
          order.push(`${name} out`);
        },
        { run: one },
      );
    await Promise.all([turn(store, 'a'), turn(other, 'b')]);
    expect([order[0]?.replace('in', 'out'), order[2]?.replace('in', 'out')]).toEqual([order[1], order[3]]);
  });

  it('all other changes are alone: what they read stays true until they write', async () => {
    const other = await another();
    const count = async (tx: Db): Promise<void> => {
      const [row] = (await tx.execute<{ n: number }>(`select created_at as n from tags where key = 'a'`, [])).rows;
      await tx.execute(`update tags set created_at = ? where key = 'a'`, [(row?.n ?? 0) + 1]);
    };
    await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? store : other).write(count)));
    expect(await rowsOf(folder, `select created_at as n from tags where key = 'a'`)).toEqual([{ n: 40 }]);
  });

  it('what is new to all (keys, tags, params) is made by a writer that is alone, once', async () => {
    const other = await another();
    const runs = await Promise.all(Array.from({ length: 8 }, () => newRun('shared keys')));
    const batch = { metrics: [{ key: 'loss', value: 1, step: 1 }], params: { lr: '0.1' }, tags: { team: 'vision' } };
    const receipts = await Promise.all(runs.map((run, i) => log(i % 2 ? store : other, run, batch)));
    expect(receipts).toEqual(runs.map(() => ({ accepted: 3, duplicates: 0, rejected: [] })));
    expect(await rowsOf(folder, `select count(*) as n from tags where key = 'team'`)).toEqual([{ n: 1 }]);
    expect(
      await rowsOf(folder, `select runs, variety from experiment_keys where kind = 'param' and key = 'lr'`),
    ).toEqual([{ runs: 8, variety: 1 }]);
  });

  it('groups over many experiments in opposite orders never wait in a circle', async () => {
    const other = await another();
    const runs: string[] = [];
    for (let i = 0; i < 12; i++) runs.push(await newRun(`crossing ${i}`));
    for (const run of runs) await log(store, run, { metrics: [{ key: 'loss', value: 1, step: 0 }] });
    const deadlocks = (): Promise<{ n: number }[]> =>
      rowsOf(folder, `select deadlocks as n from pg_stat_database where datname = current_database()`);
    const [before, versions] = [await deadlocks(), await sumOfVersions()];
    const step = (on: Store, run: string, at: number): Promise<Receipt> =>
      log(on, run, { metrics: [{ key: 'loss', value: at, step: at }] });
    for (let at = 1; at <= 20; at++)
      await Promise.all([
        ...runs.map((run) => step(store, run, at)),
        ...[...runs].reverse().map((run) => step(other, run, -at)),
      ]);
    expect(await deadlocks()).toEqual(before);
    expect(await rowsOf(folder, `select distinct points as n from experiments where name like 'crossing%'`)).toEqual([
      { n: 41 },
    ]);
    expect(await sumOfVersions()).toBeGreaterThan(versions);
  });

  async function sumOfVersions(): Promise<number> {
    return (await rowsOf<{ n: number }>(folder, 'select sum(version) as n from experiments'))[0]?.n ?? 0;
  }

  it('a change is told to the listeners of every process, once it can be read', async () => {
    const other = await another();
    const run = await newRun('told');
    const [{ id = 0 } = {}] = await rowsOf<{ id: number }>(folder, `select id from experiments where name = 'told'`);
    const heard = (on: Store): Promise<unknown> =>
      new Promise((resolve) => {
        const look = async (): Promise<void> => {
          const { rows } = await on.read.execute<{ points: number }>('select points from experiments where id = ?', [
            id,
          ]);
          // That of the run's creation may come first.
          if (rows[0]?.points === 0) return;
          stop();
          resolve(rows);
        };
        const stop = on.changes.on((ids) => void (ids.includes(id) && look()));
      });
    const [here, there] = [heard(store), heard(other)];
    // The other process begins to listen at its own pace: each of these is told.
    let step = 0;
    const saying = setInterval(() => void log(store, run, { metrics: [{ key: 'loss', value: 1, step: step++ }] }), 50);
    const told = [await here, await there] as { points: number }[][];
    clearInterval(saying);
    for (const rows of told) expect(rows[0]?.points).toBeGreaterThan(0);
  });
});
