// tests/runs/purge.test.ts
// Purpose: removing for ever: all of it goes, nothing else does, others log meanwhile, and nothing comes back.
// Why: it cannot be undone, so it must take exactly what was asked for, and leave sums that are right.
// Relevant files: runs/purge.ts, runs/purge-changes.ts, runs/purge-queries.ts, experiments/changes.ts, runs/recount-changes.ts

import { expect, it } from 'vitest';
import { experimentsHolding } from '../../imports/queries.ts';
import { examineRuns } from '../../runs/doctor.ts';
import { purgeRuns } from '../../runs/purge-changes.ts';
import { readPurging } from '../../runs/purge-queries.ts';
import { wakePurge } from '../../runs/purge.ts';
import { recountAll } from '../../runs/recount-changes.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();

interface Run {
  id: string;
  experiment_id: number;
}

async function must<T = Run>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await tracker.api<T>(method, path, body);
  expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}

/** With `points` points of one series, and some of another. */
async function addRun(experiment: string, points = 100, name = 'run'): Promise<Run> {
  const run = await must('POST', '/api/runs', {
    experiment,
    name,
    params: { lr: 0.1, own: name },
    tags: { host: 'a' },
  });
  for (let start = 0; start < points; start += 50_000) {
    const size = Math.min(50_000, points - start);
    const metrics = Array.from({ length: size }, (_, i) => ({ key: 'loss', value: i / 7, step: start + i }));
    await must('POST', `/api/runs/${run.id}/log`, { metrics: [...metrics.slice(0, 50_000)] });
  }
  await must('POST', `/api/runs/${run.id}/log`, { metrics: [{ key: `own/${name}`, value: Number.NaN, step: 1 }].map((one) => ({ ...one, value: 'NaN' })) }); // prettier-ignore
  await fetch(`${tracker.url}/api/runs/${run.id}/artifacts/model.bin`, { method: 'PUT', body: `weights of ${name}` });
  return run;
}

const gone = (): Promise<void> =>
  expect
    .poll(async () => {
      const { runs, experiments } = await readPurging(tracker.app.store.read);
      return runs + experiments;
    }, { interval: 10 })
    .toBe(0); // prettier-ignore

async function count(sql: string, ...values: unknown[]): Promise<number> {
  const { rows } = await tracker.app.store.read.execute<{ n: number }>(`select count(*) as n from ${sql}`, values);
  return Number(rows[0]?.n);
}

const SUMS = [
  'select experiment_id, status, trashed, runs from experiment_runs where runs <> 0 order by 1, 2, 3',
  'select experiment_id, kind, key, runs, variety from experiment_keys where runs <> 0 order by 1, 2, 3',
  'select experiment_id, kind, key, hash, runs from experiment_values order by 1, 2, 3, 4',
  'select id, points from experiments order by 1',
];

/** The sums are those of a recount, and the doctor finds nothing. */
async function expectSound(): Promise<void> {
  const { store, settings } = tracker.app;
  const read = async (): Promise<unknown[]> =>
    Promise.all(SUMS.map(async (sql) => (await store.read.execute(sql, [])).rows));
  const kept = await read();
  await store.write((tx) => recountAll(tx));
  expect(kept).toEqual(await read());
  for await (const finding of examineRuns(store.read, { settings, deep: true }))
    expect([finding.what, finding.level, finding.places]).toEqual([finding.what, 'ok', finding.places]);
}

it('takes a run with all that it has, and nothing of its neighbours', async () => {
  const [run, other] = [await addRun('one', 5_000, 'a'), await addRun('one', 200, 'b')];
  const before = await must<object>('GET', `/api/runs/${other.id}`);
  const { rows } = await tracker.app.store.read.execute<{ seq: number }>('select seq from runs where id = ?', [run.id]);
  const seq = rows[0]?.seq;
  await must('DELETE', `/api/runs/${run.id}`);
  const asked = await tracker.api('POST', `/api/runs/${run.id}/purge`);
  expect([asked.status, asked.body]).toEqual([202, { runs: 1, points: 5_001 }]);
  await gone();
  expect((await tracker.api('GET', `/api/runs/${run.id}`)).status).toBe(404);
  for (const table of ['points', 'rollups', 'metrics'])
    expect(await count(`${table} where run_seq = ?`, seq), table).toBe(0);
  for (const table of ['params', 'run_tags', 'artifacts'])
    expect(await count(`${table} where run_id = ?`, run.id), table).toBe(0);
  expect(await must('GET', `/api/runs/${other.id}`)).toEqual(before);
  expect((await tracker.api<string>('GET', `/api/runs/${other.id}/artifacts/model.bin`)).body).toBe('weights of b');
  // Its contents are let go, and its key is no key of the experiment any more; the shared one is.
  expect(await count('dropped_contents')).toBe(1);
  expect(await count("experiment_metrics where key = 'own/a'")).toBe(0);
  expect(await count("experiment_metrics where key in ('own/b', 'loss')")).toBe(2);
  await expectSound();
});

it('takes only what is in the trash, and gives nothing back that it has begun with', async () => {
  const run = await addRun('two');
  const { status, body } = await tracker.api<{ detail: string }>('POST', `/api/runs/${run.id}/purge`);
  expect([status, body.detail]).toEqual([409, expect.stringContaining('not in the trash')]);
  const own = await tracker.api<{ detail: string }>('POST', `/api/experiments/${run.experiment_id}/purge`);
  expect([own.status, own.body.detail]).toEqual([409, expect.stringContaining('not in the trash')]);
  expect((await tracker.api('POST', `/api/runs/${'f'.repeat(32)}/purge`)).status).toBe(404);
  expect((await tracker.api('POST', '/api/experiments/999/purge')).status).toBe(404);
  await must('DELETE', `/api/runs/${run.id}`);
  // Asked for, and not begun: nobody has woken the worker.
  await tracker.app.store.write((tx) => purgeRuns(tx, [run.id], Date.now()));
  const log = { metrics: [{ key: 'loss', value: 1, step: 999 }] };
  for (const [method, path, sent] of [
    ['POST', `/api/runs/${run.id}/restore`],
    ['POST', `/api/runs/${run.id}/log`, log],
    ['POST', `/api/runs/${run.id}/reopen`],
    ['PATCH', `/api/runs/${run.id}`, { notes: 'kept?' }],
    ['GET', `/api/runs/${run.id}`],
    ['POST', '/api/runs', { id: run.id, experiment: 'two' }],
  ] as const) {
    const answer = await tracker.api<{ detail: string }>(method, path, sent);
    expect([method, path, answer.status, answer.body.detail]).toEqual([method, path, 409, 'Run run is being removed for ever.']); // prettier-ignore
  }
  // Once more: the same answer, and nothing else happens.
  expect((await tracker.api('POST', `/api/runs/${run.id}/purge`)).body).toEqual({ runs: 1, points: 101 });
  await gone();
  await expectSound();
});

it('takes an experiment with its runs, those in the trash and those in sight; one of the same name begins anew', async () => {
  const runs = [await addRun('three', 3_000, 'a'), await addRun('three', 20, 'b'), await addRun('three', 70, 'c')];
  const id = runs[0]?.experiment_id;
  await must('DELETE', `/api/runs/${runs[1]?.id}`);
  await must('DELETE', `/api/experiments/${id}`);
  const inTrash = await tracker.api<{ detail: string }>('POST', `/api/runs/${runs[0]?.id}/purge`);
  expect([inTrash.status, inTrash.body.detail]).toEqual([409, expect.stringContaining('not in the trash itself')]);
  const asked = await tracker.api('POST', `/api/experiments/${id}/purge`);
  expect([asked.status, asked.body]).toEqual([202, { runs: 3, points: 3_093 }]);
  // Its runs that are still there are nobody's to import into.
  expect(await experimentsHolding(tracker.app.store.read, runs.map((run) => run.id))).toEqual([]); // prettier-ignore
  await gone();
  for (const table of [
    'experiment_runs',
    'experiment_keys',
    'experiment_values',
    'experiment_metrics',
    'experiment_tags',
    'decisions',
    'runs',
    'metrics',
  ])
    // prettier-ignore
    expect(await count(`${table} where experiment_id = ?`, id), table).toBe(0);
  expect((await tracker.api('GET', `/api/experiments/${id}`)).status).toBe(404);
  const again = await addRun('three', 10, 'a');
  expect(again.experiment_id).toBeGreaterThan(id ?? 0);
  await expectSound();
});

it('an experiment that is being removed is not restored, nor are its runs', async () => {
  const run = await addRun('four');
  const { experiment_id: id } = run;
  await must('DELETE', `/api/runs/${run.id}`);
  await must('DELETE', `/api/experiments/${id}`);
  const mark = 'update experiments set purge_at = 1 where id = ?';
  await tracker.app.store.write((tx) => tx.execute(mark, [id]));
  for (const path of [`/api/experiments/${id}/restore`, `/api/runs/${run.id}/restore`, `/api/runs/${run.id}/purge`]) {
    const answer = await tracker.api<{ detail: string }>('POST', path);
    expect([path, answer.status, answer.body.detail]).toEqual([path, 409, expect.stringContaining('being removed')]);
  }
  expect((await tracker.api('GET', `/api/experiments/${id}`)).status).toBe(409);
  wakePurge(tracker.app.store);
  await gone();
  await expectSound();
});

it('others log while 300,000 points go', async () => {
  const [big, live] = [await addRun('big', 300_000), await addRun('live', 1)];
  await must('DELETE', `/api/runs/${big.id}`);
  await must('POST', `/api/runs/${big.id}/purge`);
  let answered = 0;
  for (let step = 0; (await readPurging(tracker.app.store.read)).left > 0; step++) {
    const metrics = Array.from({ length: 20 }, (_, i) => ({ key: `m${i}`, value: step, step }));
    expect(await must('POST', `/api/runs/${live.id}/log`, { metrics })).toMatchObject({ accepted: 20 });
    if ((await readPurging(tracker.app.store.read)).left > 0) answered += 1;
  }
  expect(answered).toBeGreaterThan(2);
  await gone();
  await expectSound();
});
