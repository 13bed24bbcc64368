// tests/shared/paging-plan.test.ts
// Purpose: the first page of the usual lists is read along an index: SQLite says so itself.
// Why: sorting all runs for fifty of them takes longer with every run, and with every note.
// Relevant files: shared/db/paging.ts, runs/queries.ts, experiments/queries.ts, runs/models.ts

import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listExperiments } from '../../experiments/list-queries.ts';
import { listRuns } from '../../runs/list-queries.ts';
import { openSqlite } from '../../shared/db/sqlite.ts';
import type { Db, Store } from '../../shared/db/store.ts';
import { askedOf, connectionOf } from '../support/asked.ts';
import { freshFolder } from '../support/tracker.ts';

const folder = freshFolder();
const file = path.join(folder, 'tracker.db');
let store: Store;
beforeAll(async () => {
  store = await openSqlite(file);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** How SQLite goes about the ordered queries that `work` asks. */
async function plansOf(work: (db: Db) => Promise<unknown>): Promise<string[]> {
  const asked = await askedOf(store.read, () => work(store.read));
  const ordered = asked.filter((text) => text.includes('order by'));
  expect(ordered.length).toBeGreaterThan(0);
  return ordered.map((text) => {
    const steps = connectionOf(store.read)
      .prepare(`explain query plan ${text}`)
      .all(...Array<null>((text.match(/\?/g) ?? []).length).fill(null));
    return (steps as { detail: string }[]).map(({ detail }) => detail).join('\n');
  });
}

const run =
  (order: string, more: object = {}) =>
  (db: Db) =>
    listRuns(db, { order, ...more }, { limit: 50 });
const experiment = (order: string) => (db: Db) => listExperiments(db, { order }, { limit: 50 });

it.each([
  ['/runs', run('-start_time'), 'runs_start'],
  ['/runs, oldest first', run('start_time'), 'runs_start'],
  ['the runs of an experiment', run('-start_time', { experiment: 1 }), 'runs_experiment'],
  ['/experiments', experiment('-last_activity_at'), 'experiments_activity'],
])('%s', async (_, work, index) => {
  for (const plan of await plansOf(work)) {
    expect(plan).toContain(`USING INDEX ${index}`);
    // Only among equal values is sorted, by id.
    expect(plan).not.toMatch(/USE TEMP B-TREE FOR ORDER BY/);
  }
});

it('sees it when all rows are sorted', async () => {
  expect((await plansOf(run('name'))).join()).toMatch(/USE TEMP B-TREE FOR ORDER BY/);
});
