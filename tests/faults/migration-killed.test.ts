// tests/faults/migration-killed.test.ts
// Purpose: SIGKILL in the middle of a long migration: the next start finds the old database, whole, and migrates it.
// Why: an update that dies half-way must never leave something between two versions.
// Relevant files: shared/db/migrate.ts, shared/db/migrations/sqlite, tests/support/child.ts

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../imports/write-support.ts';
import { runChild, startChild, warmChild } from '../support/child.ts';
import { freshFolder } from '../support/tracker.ts';

const RUNS = 20;
const POINTS = 300_000;
const KILLS = 6;
/** What the version before runs.seq applied. */
const OLD = ['0000_start', '0001_dropped_contents'];

/** A database as that version left it. */
function makeOld(file: string): void {
  const db = new Database(file);
  db.pragma('journal_mode = wal');
  db.exec('create table migrations (name text primary key, applied_at integer not null)');
  for (const name of OLD) {
    const text = readFileSync(path.join(ROOT, 'shared/db/migrations/sqlite', `${name}.sql`), 'utf8');
    for (const statement of text.split('--> statement-breakpoint')) db.exec(statement);
    db.prepare('insert into migrations values (?, 1)').run(name);
  }
  const numbers = (count: number): string =>
    `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})`;
  db.exec(`
    insert into experiments (id, name, status, created_at, updated_at, last_activity_at, next_number) values (1, 'old', 'active', 1, 1, 1, ${RUNS + 1});
    insert into experiment_metrics values (1, 'loss');
    ${numbers(RUNS)} insert into runs (id, experiment_id, number, name, status, heard_at, created_at, updated_at)
      select printf('%032x', i + 1), 1, i + 1, 'run-' || (i + 1), 'finished', 1, 1, 1 from n;
    ${numbers(RUNS)} insert into params select printf('%032x', i + 1), 'lr', i / 10.0, i / 10.0 from n;
    ${numbers(POINTS)} insert into points select i % ${RUNS} + 1, i / ${RUNS}, 1, i / ${RUNS} + 0.5, 0 from n;
    insert into metrics (id, run_id, key, count, first_step, first_time, first_value, first_kind, last_step, last_time, last_value, last_kind,
      min_value, min_step, max_value, max_step, mean, nonfinite_count)
      select metric_id, printf('%032x', metric_id), 'loss', count(*), 0, 1, 0.5, 0, max(step), 1, max(value), 0, 0.5, 0, max(value), max(step), avg(value), 0
      from points group by metric_id;`);
  db.close();
}

interface Seen {
  migrations: number;
  tables: string[];
  points: unknown;
}

/** How a start would find it. */
function look(file: string): Seen {
  const db = new Database(file);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  const seen = {
    migrations: db.prepare('select count(*) from migrations').pluck().get() as number,
    tables: db.prepare('select name from sqlite_master order by name').pluck().all() as string[],
    points: db.prepare('select count(*), sum(step), sum(value), min(value), max(value) from points').raw().get(),
  };
  db.close();
  return seen;
}

test(`killed ${KILLS} times in the middle, it is the old database each time, and the next start finishes it`, async () => {
  const folder = freshFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const model = path.join(folder, 'model.db');
  makeOld(model);
  const old = look(model);
  expect(old.points).toEqual([POINTS, expect.any(Number), expect.any(Number), 0.5, POINTS / RUNS - 0.5]);

  // Undisturbed, on a copy: how long it takes, and what comes out.
  const copy = path.join(folder, 'copy.db');
  copyFileSync(model, copy);
  const started = performance.now();
  expect(await runChild(['migrate', '--database', copy])).toMatchObject({ code: 0 });
  const whole = look(copy);
  const took = performance.now() - started;
  expect(whole.migrations).toBeGreaterThan(old.migrations);
  expect(whole.points).toEqual(old.points);

  const data = path.join(folder, 'data');
  mkdirSync(data);
  const file = path.join(data, 'tracker.db');
  copyFileSync(model, file);
  let undone = 0;
  for (let kill = 0, wait = took / 2; kill < KILLS; kill++) {
    const child = await warmChild();
    child.process.send(['migrate', '--data', data]);
    // Its first sign: the log beside the file. Then somewhere before the end.
    let isOver = false;
    void child.ended.then(() => (isOver = true));
    while (!isOver && !existsSync(`${file}-wal`)) await setTimeout(1);
    await setTimeout(wait * Math.random());
    await child.kill();
    const seen = look(file);
    if (seen.migrations === old.migrations) {
      expect(seen).toEqual(old);
      undone += 1;
    } else {
      // It was faster: all of it is there. Once more, earlier.
      expect(seen).toEqual(whole);
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
      copyFileSync(model, file);
      wait /= 2;
    }
  }
  expect(undone).toBeGreaterThan(0);

  const server = await startChild(data);
  expect(
    (await fetch(`${server.url}/runs/${'1'.padStart(32, '0')}`, { headers: { accept: 'text/html' } })).status,
  ).toBe(200);
  await server.kill();
  expect(look(file)).toEqual(whole);
  expect(await runChild(['doctor', '--deep', '--data', data])).toMatchObject({ code: 0 });
  expect(statSync(file).size).toBeGreaterThan(POINTS * 10);
});
