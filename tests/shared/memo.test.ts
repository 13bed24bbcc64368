// tests/shared/memo.test.ts
// Purpose: what is kept for a version, for how many, and what becomes of computations that fail or come late.
// Why: a stale number looks like a right one, and memory that grows with every search ends the process.
// Relevant files: shared/db/memo.ts, runs/table/table.ts

import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { paramVariety } from '../../runs/standing-queries.ts';
import { ENTRIES_MAX, memo } from '../../shared/db/memo.ts';
import { openSqlite } from '../../shared/db/sqlite.ts';
import type { Db, Store } from '../../shared/db/store.ts';
import { askedOf } from '../support/asked.ts';
import { freshFolder, startTracker } from '../support/tracker.ts';

const folder = freshFolder();
let store: Store;
let db: Db;
let computed: string[] = [];
beforeEach(async () => {
  store = await openSqlite(path.join(folder, `${Math.random()}.db`));
  db = store.read;
  computed = [];
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks for `name` at a version; the answer is how many were computed before. */
function ask(name: string, version: number): Promise<number> {
  return memo(db, name, version, () => Promise.resolve(computed.push(`${name} ${version}`)));
}

it('computes once for a version, again for the next and for one before', async () => {
  expect([await ask('a', 5), await ask('a', 5), await ask('a', 6), await ask('a', 6), await ask('a', 4)]).toEqual([
    1, 1, 2, 2, 3,
  ]);
  expect(await ask('b', 4)).toBe(4);
});

it('those that ask at the same time share one computation; databases share nothing', async () => {
  expect(await Promise.all([ask('a', 1), ask('a', 1)])).toEqual([1, 1]);
  const other = await openSqlite(path.join(folder, 'other.db'));
  await memo(other.read, 'a', 1, () => Promise.resolve(computed.push('other')));
  expect(computed).toEqual(['a 1', 'other']);
  await other.close();
});

it('keeps so many, the oldest go first', async () => {
  expect(ENTRIES_MAX).toBeLessThanOrEqual(500);
  for (let i = 0; i <= ENTRIES_MAX; i++) await ask(String(i), 1);
  computed = [];
  await ask(String(ENTRIES_MAX), 1);
  await ask('1', 1);
  expect(computed).toEqual([]);
  await ask('0', 1);
  expect(computed).toEqual(['0 1']);
});

it('what failed is asked for again', async () => {
  const fail = (): Promise<never> => memo(db, 'a', 1, () => Promise.reject(new Error('locked')));
  await expect(fail()).rejects.toThrow('locked');
  expect(await ask('a', 1)).toBe(1);
});

it('a failure that comes late does not take the next version with it', async () => {
  let fail: (error: Error) => void = () => undefined;
  const late = memo(db, 'a', 1, () => new Promise<never>((_, reject) => (fail = reject)));
  expect(await ask('a', 2)).toBe(1);
  fail(new Error('late'));
  await expect(late).rejects.toThrow('late');
  expect(await ask('a', 2)).toBe(1);
});

it('a search on the run table leaves nothing behind; of long values only beginning and end are kept', async () => {
  const tracker = await startTracker();
  const long = `first ${'x'.repeat(90_000)} last`;
  for (const lr of [1, 2])
    await tracker.api('POST', '/api/runs', { experiment: 'wide', notes: 'find me', params: { long, lr } });
  const page = async (query: string): Promise<string> => (await tracker.get(`/experiments/1${query}`)).body;
  const sums = async (query: string): Promise<number> => {
    const asked = await askedOf(tracker.app.store.read, async () => expect(await page(query)).toContain('run-1'));
    return asked.filter((text) => text.includes('count(distinct')).length;
  };
  // The whole experiment has its sums in tables; a search computes them of what it finds. In another order: the very same
  // page is kept as it was rendered (shared/http/kept-pages.ts), the sums of a search are not.
  expect([await sums(''), await sums(''), await sums('?q=find'), await sums('?q=find&order=name')]).toEqual([
    0, 0, 1, 1,
  ]);
  const [varied] = await paramVariety(tracker.app.store.read, { experiment: 1 });
  expect(varied).toMatchObject({ key: 'long', values: 1, runs: 2 });
  expect(varied?.least).toMatch(/^first x+…x+ last$/);
  expect(varied?.least).toHaveLength(500);
  const html = await page('');
  expect(html).toMatch(/first x+…x+ last/);
  expect(html.length).toBeLessThan(40_000);
  await tracker.stop();
});
