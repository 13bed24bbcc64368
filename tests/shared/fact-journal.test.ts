// tests/shared/fact-journal.test.ts
// Purpose: the journal says which runs changed from one state of an experiment's facts to another, or that it does not know.
// Why: what is kept is patched by it; a run that it leaves out stays wrong on all pages.
// Relevant files: shared/db/fact-journal.ts, shared/db/sqlite.ts, runs/kept-columns.ts

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import path from 'node:path';
import { raiseVersion } from '../../experiments/touch-changes.ts';
import { requireExperiment } from '../../experiments/queries.ts';
import { createRun, patchRun, trashRun } from '../../runs/changes.ts';
import { logBatch } from '../../runs/ingest.ts';
import { RunStatus } from '../../runs/models.ts';
import { requireLoggedRun } from '../../runs/logged-run-queries.ts';
import { FactJournal } from '../../shared/db/fact-journal.ts';
import { openSqlite } from '../../shared/db/sqlite.ts';
import type { Db, Store } from '../../shared/db/store.ts';
import { freshFolder } from '../support/tracker.ts';

let store: Store;
let file = '';
let experiment = 0;
beforeEach(async () => {
  file = path.join(freshFolder(), 'tracker.db');
  store = await openSqlite(file);
  askOnce();
});
afterEach(() => store.close());

/** While nobody asks nothing is told. */
function askOnce(): void {
  expect(store.read.factChanges?.between(0, 0, 0)).toBeUndefined();
}

async function make(on = store): Promise<{ seq: number; id: string }> {
  const { run } = await on.write((tx) => createRun(tx, { experiment: 'told' }, Date.now()));
  experiment = run.experiment_id;
  return run;
}

async function facts(): Promise<number> {
  const { version, logged } = await requireExperiment(store.read, experiment);
  return version - logged;
}

/** What the journal says of the time in which `work` is done. */
async function changedBy(work: () => Promise<unknown>): Promise<readonly number[] | undefined> {
  const before = await facts();
  await work();
  return store.read.factChanges?.between(experiment, before, await facts());
}

const log = (tx: Db, id: string): Promise<unknown> =>
  requireLoggedRun(tx, id).then((run) =>
    logBatch(tx, run, { metrics: [{ key: 'loss', value: 1, step: 1 }], params: {}, tags: {} }, Date.now()),
  );

describe('what changed', () => {
  it('is the run that ended, was trashed, or got a late point; nothing while it only logs', async () => {
    const [one, other] = [await make(), await make()];
    expect(await changedBy(() => store.write((tx) => log(tx, one.id)))).toEqual([]);
    const end = { status: RunStatus.Finished };
    expect(await changedBy(() => store.write((tx) => patchRun(tx, one.id, end, Date.now())))).toEqual([one.seq]);
    expect(await changedBy(() => store.write((tx) => log(tx, one.id)))).toEqual([one.seq]);
    expect(await changedBy(() => store.write((tx) => trashRun(tx, other.id, Date.now())))).toEqual([other.seq]);
    expect(await changedBy(() => store.write((tx) => raiseVersion(tx, experiment)))).toEqual([]);
  });

  it('is told of several commits together, and of new runs', async () => {
    const one = await make();
    const made: number[] = [];
    const changed = await changedBy(async () => {
      made.push((await make()).seq, (await make()).seq);
      await store.write((tx) => trashRun(tx, one.id, Date.now()));
    });
    expect(changed).toEqual([one.seq, ...made]);
  });
});

describe('not known is', () => {
  it('what was written while nobody had asked for a thousand commits', async () => {
    const one = await make();
    const end = (status: RunStatus): Promise<unknown> =>
      changedBy(() => store.write((tx) => patchRun(tx, one.id, { status }, Date.now())));
    for (let commit = 0; commit < 1_001; commit += 1) await store.write(() => Promise.resolve());
    expect(await end(RunStatus.Finished)).toBeUndefined();
    const other = await make();
    expect(await changedBy(() => store.write((tx) => trashRun(tx, other.id, Date.now())))).toEqual([other.seq]);
  });

  it('what another process wrote', async () => {
    await make();
    const other = await openSqlite(file);
    try {
      expect(await changedBy(() => make(other))).toBeUndefined();
      expect(await changedBy(async () => { await make(other); await make(); })).toBeUndefined(); // prettier-ignore
    } finally {
      await other.close();
    }
    const one = await make();
    expect(await changedBy(() => store.write((tx) => trashRun(tx, one.id, Date.now())))).toEqual([one.seq]);
  });

  it('a commit of which a part was undone', async () => {
    const one = await make();
    const changed = await changedBy(() =>
      Promise.allSettled([
        store.write((tx) => trashRun(tx, one.id, Date.now())),
        store.write((tx) => raiseVersion(tx, experiment).then(() => Promise.reject(new Error('refused')))),
      ]),
    );
    expect(changed).toBeUndefined();
  });

  it('what a rule moved', async () => {
    await make();
    const rule = "insert into metric_rules (experiment_id, key, value) values (?, 'loss', 'min')";
    const changed = await changedBy(() =>
      store.write(async (tx) => {
        await tx.execute(rule, [experiment]);
        await raiseVersion(tx, experiment);
      }),
    );
    expect(changed).toBeUndefined();
  });

  it('too much, too long ago, or another way round', () => {
    const journal = new FactJournal();
    const commit = (from: number, to: number, runs: number[]): void => {
      journal.begin();
      for (const run of runs) journal.note(run);
      journal.move(1, from, to);
      journal.commit();
    };
    commit(
      0,
      1,
      Array.from({ length: 1_001 }, (_, run) => run),
    );
    expect(journal.between(1, 0, 1)).toBeUndefined();
    for (let at = 1; at <= 300; at += 1) commit(at, at + 1, [at]);
    expect(journal.between(1, 1, 301)).toBeUndefined();
    expect(journal.between(1, 299, 301)).toEqual([299, 300]);
    expect(journal.between(1, 301, 301)).toEqual([]);
    expect(journal.between(1, 301, 299)).toBeUndefined();
    expect(journal.between(2, 0, 0)).toBeUndefined();
    commit(400, 401, [7]);
    expect(journal.between(1, 299, 401)).toBeUndefined();
    expect(journal.between(1, 400, 401)).toEqual([7]);
  });
});
