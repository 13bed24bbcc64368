// tests/faults/doctor.test.ts
// Purpose: pages of the file are overwritten, rows changed, artifacts cut: it is said clearly, and what can be read is saved.
// Why: a damaged disk is the day on which a tracker is judged.
// Relevant files: shared/db/doctor-command.ts, shared/db/salvage.ts, runs/doctor.ts, runs/salvage-changes.ts

import {
  closeSync,
  cpSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { contentPath } from '../../runs/artifacts/folder-contents.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { runChild } from '../support/child.ts';
import { freshFolder, startTracker, type Tracker } from '../support/tracker.ts';

const STEPS = 3_000;
const KEYS = ['loss', 'val/loss', 'accuracy'];
const RUNS = 4;

/** A data folder with a few runs, closed. */
let model: string;
const ids: string[] = [];
beforeAll(async () => {
  const tracker = await startTracker();
  model = tracker.folder;
  for (let number = 0; number < RUNS; number++) {
    const created = await tracker.api<RunDetail>('POST', '/api/runs', {
      experiment: 'sound',
      params: { number },
      notes: `The note of ${number}`,
    });
    ids.push(created.body.id);
    const metrics = KEYS.flatMap((key) =>
      Array.from({ length: STEPS }, (_, step) => ({ key, step, timestamp: 1_700_000_000_000 + step, value: step / 7 })),
    );
    expect((await tracker.api('POST', `/api/runs/${created.body.id}/log`, { metrics })).status).toBe(200);
    const file = `${tracker.url}/api/runs/${created.body.id}/artifacts/model.bin`;
    await fetch(file, { method: 'PUT', body: Buffer.alloc(5_000, number) });
  }
  await tracker.close();
});
afterAll(() => rmSync(model, { recursive: true, force: true }));

function copyOfModel(): { folder: string; file: string } {
  const folder = freshFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(model, folder, { recursive: true });
  return { folder, file: path.join(folder, 'tracker.db') };
}

function alter(file: string, sql: string): void {
  const db = new Database(file);
  db.pragma('foreign_keys = off');
  db.exec(sql);
  db.close();
}

/** Numbers of the leaf pages of a table or index, in the order of its key. */
function leavesOf(file: string, name: string): number[] {
  const db = new Database(file, { readonly: true });
  const sql = "select pageno from dbstat where name = ? and pagetype = 'leaf' order by path";
  const pages = db.prepare(sql).pluck().all(name) as number[];
  db.close();
  return pages;
}

function overwrite(file: string, pages: number[]): void {
  const handle = openSync(file, 'r+');
  for (const page of pages) writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096);
  closeSync(handle);
}

function doctor(folder: string, ...args: string[]): ReturnType<typeof runChild> {
  return runChild(['doctor', '--data', folder, ...args]);
}

async function serve(folder: string): Promise<Tracker> {
  const tracker = await startTracker(folder);
  onTestFinished(() => tracker.close());
  return tracker;
}

describe('doctor', () => {
  test('finds nothing wrong with sound data, also while a server writes', async () => {
    const { folder } = copyOfModel();
    const tracker = await serve(folder);
    const writing = tracker.api('POST', `/api/runs/${ids[0]}/log`, {
      metrics: [{ key: 'loss', value: 1, step: 9_999 }],
    });
    const { code, said } = await doctor(folder, '--deep');
    expect(said).toMatch(/^ok {4}structure .*^ok {4}summaries .*12 of them, all there are.*^All is well\.$/ms);
    expect(code).toBe(0);
    expect((await writing).status).toBe(200);
  });

  test('--deep tells of ranks that do not follow the rule', async () => {
    const { folder, file } = copyOfModel();
    alter(
      file,
      `insert into metric_rules (experiment_id, key, value, unit, takes) values (1, 'val/loss', 'min', '', 'min');
       update runs set settled = 1 where seq = 2; update metrics set rank_value = last_value where run_seq = 2`,
    );
    const { code, said } = await doctor(folder, '--deep');
    expect(said).toMatch(/^ok {4}summaries .*^BAD {3}ranks .*1 .*run \w+, val\/loss: it is ranked by another value/ms);
    expect(code).toBe(1);
  });

  test.each([
    [
      'a point that is gone',
      'delete from points where step = 7 and run_seq = 1 and no = 1',
      /BAD {3}counts .*1 summaries.*loss: the summary counts 3000 points, there are 2999/s,
    ],
    [
      'a summary that was changed',
      'update metrics set max_value = 5 where run_seq = 2 and no = 2',
      /BAD {3}summaries .*run \w+, val\/loss: max/s,
    ],
    [
      'points without a series',
      'delete from metrics where run_seq = 3 and no = 3',
      /BAD {3}points .*run number 3, series 3: 3000 points/s,
    ],
    ['a run that is gone', 'delete from runs where seq = 4', /BAD {3}references .*params → runs: 1 rows/s],
    [
      'a counter that went back',
      'update experiments set next_number = 2',
      /BAD {3}counters .*run number 4 would be given again/s,
    ],
    ['a sum that was not moved', 'update experiment_runs set runs = 9', /BAD {3}sums .*runs by state: 1 sums/s],
    [
      'a migration that was never applied',
      "delete from migrations where name like '0002%'",
      /BAD {3}migrations .*0002_/s,
    ],
  ])('tells of %s', async (_what, sql, told) => {
    const { folder, file } = copyOfModel();
    alter(file, sql);
    const { code, said } = await doctor(folder);
    expect(said).toMatch(told);
    expect(said).toMatch(/checks? failed\. Restore a backup, or save what can be read/);
    expect(code).toBe(1);
  });

  test('tells of artifacts that are missing, cut off, and (deep) changed', async () => {
    const { folder, file } = copyOfModel();
    const db = new Database(file, { readonly: true });
    const [gone, cut, changed] = db.prepare('select sha256 from artifacts order by sha256').pluck().all() as string[];
    db.close();
    const at = (sha256 = ''): string => contentPath(path.join(folder, 'artifacts'), sha256);
    rmSync(at(gone));
    truncateSync(at(cut), 100);
    writeFileSync(at(changed), Buffer.alloc(5_000, 99));
    const quick = await doctor(folder);
    expect(quick.said).toContain(`2 contents of artifacts are missing or wrong`);
    expect(quick.said).toContain(`${gone}: missing`);
    expect(quick.said).toContain(`${cut}: 100 bytes instead of 5000`);
    expect((await doctor(folder, '--deep')).said).toContain(`${changed}: changed on disk`);
  });

  test('a file that is no database, and one that is not there', async () => {
    const { folder, file } = copyOfModel();
    overwrite(file, [1]);
    const { code, said } = await doctor(folder);
    expect(said).toMatch(/BAD {3}file +cannot be read: file is not a database/);
    expect(said).toContain(`into a new file: npx tsx manage.ts doctor --data '${folder}' --salvage FILE`);
    expect(code).toBe(1);
    const salvage = await doctor(folder, '--salvage', path.join(folder, 'saved.db'));
    expect(salvage.said).toMatch(/^Nothing can be read: the first page of the file is damaged/m);
    rmSync(file);
    expect((await doctor(folder)).said).toMatch(/^There is no database at /m);
  });
});

describe('a page of points is overwritten', () => {
  test('the server says so, and serves what does not need the page', async () => {
    const { folder, file } = copyOfModel();
    overwrite(file, leavesOf(file, 'points').slice(20, 21));
    const tracker = await serve(folder);
    expect((await tracker.get('/experiments')).status).toBe(200);
    expect((await tracker.get(`/api/runs/${ids[3]}/points?key=accuracy&limit=10`)).status).toBe(200);
    const answers = await Promise.all(
      ids.flatMap((id) =>
        KEYS.map((key) => tracker.api<{ detail: string }>('GET', `/api/runs/${id}/points?key=${key}&limit=10000`)),
      ),
    );
    const bad = answers.filter(({ status }) => status !== 200);
    // The page may hold the end of one series and the beginning of the next.
    expect([1, 2]).toContain(bad.length);
    for (const { status, body } of bad) {
      expect(status).toBe(500);
      expect(body.detail).toMatch(/^The database file is damaged .*manage\.ts doctor/);
    }
    // Never a complete export without the page's points.
    const status = await tracker.get('/exports/experiments/1/points.csv').then(
      (page) => page.status,
      () => 'broken off',
    );
    expect(['broken off', 500]).toContain(status);
  });

  test('doctor names the damage and saves all rows but those of that page, summaries counted again', async () => {
    const { folder, file } = copyOfModel();
    const leaves = leavesOf(file, 'points');
    // Far apart, so that what lies between two bad pages has to be found.
    overwrite(file, [leaves[20] ?? 0, leaves[120] ?? 0]);
    const before = readFileSync(file);
    const report = await doctor(folder);
    expect(report.code).toBe(1);
    expect(report.said).toMatch(/^BAD {3}structure .* faults in the file$/m);
    const saved = path.join(folder, 'saved.db');
    const { code, said } = await doctor(folder, '--salvage', saved);
    expect(code).toBe(0);
    expect(said).toMatch(/^points +\d[\d,]* rows +SOME ROWS ARE LOST/m);
    expect(said).toMatch(/^metrics +12 rows +all of it$/m);
    // A page holds at most about 150 points.
    const db = new Database(saved, { readonly: true });
    const left = db.prepare('select count(*) from points').pluck().get() as number;
    const bad = db.prepare('select count(*) from points where kind <> 0 or abs(value * 7 - step) > 1e-6').pluck().get();
    db.close();
    const all = RUNS * KEYS.length * STEPS;
    expect(left).toBeGreaterThan(all - 2 * 200);
    expect(left).toBeLessThan(all);
    expect(bad).toBe(0);
    const lost = [...said.matchAll(/(\d+) of 3000 points are lost/g)].reduce((sum, [, n]) => sum + Number(n), 0);
    expect(lost).toBe(all - left);
    expect(readFileSync(file).equals(before)).toBe(true);

    // The saved file in the place of the old one is a tracker without a fault.
    cpSync(saved, file);
    expect(await doctor(folder, '--deep')).toMatchObject({ code: 0 });
    const tracker = await serve(folder);
    const totalOf = async (query: string): Promise<number> =>
      (await tracker.api<{ total: number }>('GET', `/api/runs?${query}`)).body.total;
    expect(await totalOf('')).toBe(RUNS);
    expect([await totalOf('q=NOTE+of'), await totalOf('q=note+of+1')]).toEqual([RUNS, 1]);
    await tracker.api('PATCH', `/api/runs/${ids[0]}`, { notes: 'afterwards' });
    expect([await totalOf('q=NOTE+of'), await totalOf('q=afterw')]).toEqual([RUNS - 1, 1]);
    expect(
      (await tracker.api('POST', `/api/runs/${ids[0]}/log`, { metrics: [{ key: 'loss', value: 1, step: 5_000 }] }))
        .status,
    ).toBe(200);
  });
});

test('rows of runs, of experiments and of summaries that are lost do not take the points with them', async () => {
  const { folder, file } = copyOfModel();
  overwrite(file, [...leavesOf(file, 'runs'), ...leavesOf(file, 'params')]);
  alter(file, 'delete from metrics where run_seq = 2 and no = 2');
  const saved = path.join(folder, 'saved.db');
  const { code, said } = await doctor(folder, '--salvage', saved);
  expect(code).toBe(0);
  expect(said).toMatch(/^runs +0 rows +SOME ROWS ARE LOST/m);
  expect(said.match(/The row of a run is lost, its series are not/g)).toHaveLength(RUNS);
  expect(said).toMatch(/the name of a series is lost, its 3000 points are not: salvaged\/2/);
  cpSync(saved, file);
  expect(await doctor(folder, '--deep')).toMatchObject({ code: 0 });
  const db = new Database(file, { readonly: true });
  expect(db.prepare('select count(*) from points').pluck().get()).toBe(RUNS * KEYS.length * STEPS);
  db.close();
});

test('backup copies a database that is being written, whole and sound; the copy is a tracker', async () => {
  const { folder } = copyOfModel();
  const tracker = await serve(folder);
  let isOver = false;
  const log = async (): Promise<number> => {
    for (let step = 10_000; ; step++) {
      await tracker.api('POST', `/api/runs/${ids[1]}/log`, { metrics: [{ key: 'loss', value: step, step }] });
      if (isOver) return step - 10_000;
    }
  };
  const logging = log();
  const target = path.join(freshFolder(), 'tracker.db');
  onTestFinished(() => rmSync(path.dirname(target), { recursive: true, force: true }));
  const { code, said } = await runChild(['backup', target, '--data', folder]);
  isOver = true;
  expect(await logging).toBeGreaterThan(0);
  expect(said).toMatch(/every page is sound/);
  expect(code).toBe(0);
  expect(statSync(target).size).toBeGreaterThan(100_000);
  cpSync(path.join(folder, 'artifacts'), path.join(path.dirname(target), 'artifacts'), { recursive: true });
  expect(await doctor(path.dirname(target), '--deep')).toMatchObject({ code: 0 });
  expect((await runChild(['backup', target, '--data', folder])).said).toMatch(/is there already: name a new file/);
});
