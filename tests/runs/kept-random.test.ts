// tests/runs/kept-random.test.ts
// Purpose: after each of many random changes, what is kept of an experiment's runs is what somebody reads who keeps nothing.
// Why: a run that was counted before it ended, or a list that misses the newest run, is a wrong answer that looks right.
// Relevant files: runs/kept-columns.ts, shared/db/fact-journal.ts, runs/rank-count-queries.ts, tests/runs/kept-filters.test.ts

import { beforeAll, expect, it } from 'vitest';
import { requireExperiment } from '../../experiments/queries.ts';
import type { ExperimentRow } from '../../experiments/models.ts';
import { RunStatus } from '../../runs/models.ts';
import { readEnds } from '../../runs/ends-queries.ts';
import { readGroups } from '../../runs/groups/groups.ts';
import { factsOf } from '../../runs/kept-columns.ts';
import { readRunList } from '../../runs/param-columns-queries.ts';
import { bestRun, countBetter } from '../../runs/ranking-queries.ts';
import { ruleFor } from '../../runs/rules/rule.ts';
import { rulesOf } from '../../runs/rules/rule-queries.ts';
import { nearestRun } from '../../runs/standing-queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { randomFrom } from '../support/random.ts';
import { useTracker } from '../support/use.ts';

const CHANGES = 150;
const KEYS = ['acc', 'loss'];
const VALUES = [0, -0, 1, 0.5, 0.25, -3, 'NaN', 'Infinity'];

const tracker = useTracker();
let experiment = 0;
const ids: string[] = [];
const random = randomFrom(20261130);
beforeAll(async () => {
  for (let i = 0; i < 8; i += 1) await create();
});

const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
const some = (): string => `/api/runs/${pick(ids)}`;

/** A change that is refused (a run in the trash takes no points) changes nothing, which is to be read, too. */
async function own(method: string, path: string, body?: unknown): Promise<void> {
  const { status } = await tracker.api(method, path, body);
  expect(status, `${method} ${path}`).toBeLessThan(500);
}

async function create(): Promise<void> {
  const params = { lr: pick(['0.1', '0.01']), seed: pick(['0', '1', '2']), model: pick(['mlp', 'cnn']) };
  const status = pick([RunStatus.Running, RunStatus.Running, RunStatus.Finished, RunStatus.Scheduled]);
  const body = { experiment: 'kept', params, status, tags: random() < 0.3 ? { team: pick(['red', 'blue']) } : {} };
  const made = await tracker.api<{ id: string; experiment_id: number }>('POST', '/api/runs', body);
  expect(made.status).toBe(201);
  experiment = made.body.experiment_id;
  ids.push(made.body.id);
}

const point = (): object => ({ key: pick(KEYS), value: pick(VALUES), step: Math.floor(random() * 9) });
const rule = (): string => `/api/experiments/${experiment}/metric-rules?key=${pick(KEYS)}`;

const KINDS: Record<string, () => Promise<unknown>> = {
  create,
  log: () => own('POST', `${some()}/log`, { metrics: [point(), point()] }),
  'log into one': () => own('POST', `/api/runs/${ids[0] ?? ''}/log`, { metrics: [point()] }),
  'log together': () =>
    Promise.all(ids.slice(-6).map((id) => own('POST', `/api/runs/${id}/log`, { metrics: [point()] }))),
  'log params': () => own('POST', `${some()}/log`, { params: { [pick(['late', 'lr'])]: pick(['1', '2']) } }),
  end: () => own('PATCH', some(), { status: pick([RunStatus.Finished, RunStatus.Failed]) }),
  start: () => own('PATCH', some(), { status: RunStatus.Running }),
  reopen: () => own('POST', `${some()}/reopen`),
  rename: () => own('PATCH', some(), { name: pick(['a', 'b', 'c']), notes: pick(['', 'n']) }),
  tag: () => own('PUT', `${some()}/tags/team`, { value: pick(['red', 'blue']) }),
  untag: () => own('DELETE', `${some()}/tags/team`),
  trash: () => own('DELETE', some()),
  restore: () => own('POST', `${some()}/restore`),
  'many at once, some refused': () =>
    Promise.all([create(), own('PATCH', some(), { status: 'nonsense' }), own('DELETE', some()), own('POST', `${some()}/log`, { metrics: [point()] })]), // prettier-ignore
  rule: () => own('PUT', rule(), { value: pick(['min', 'max', 'mean', 'last']) }),
  'no rule': () => own('DELETE', rule()),
  'the experiment itself': () => own('PATCH', `/api/experiments/${experiment}`, { description: pick(['a', 'b']) }),
};

/** What pages say of all runs, by the name of each. */
async function readAll(db: Db, keptFor: ExperimentRow): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const key of KEYS)
    for (const way of ['max', 'min'] as const) {
      const best = await bestRun(db, { experiment, keptFor }, key, way);
      found[`best ${key} ${way}`] = best && [best.run.id, best.counts, best.among, best.shared];
      for (const value of [0, 0.5])
        found[`better ${key} ${way} ${value}`] = await countBetter(db, experiment, key, value, way === 'max', keptFor);
    }
  const rules = await rulesOf(db, experiment);
  for (const key of KEYS) {
    const { seqs, values } = await readEnds(db, factsOf(keptFor), ruleFor(rules, key));
    found[`ends ${key}`] = [[...seqs], [...values]];
  }
  const { seqs, states, ids: all } = await readRunList(db, keptFor);
  found['list'] = [[...seqs], [...states], all.toString('hex')];
  const { groups } = await readGroups(db, keptFor, { experiment }, { by: ['params.lr', 'params.late', 'tags.team'] });
  found['groups'] = groups.map(({ values, seqs: runs, unfinished, metrics }) => [
    ...[values, [...runs], unfinished],
    [...metrics].map(([key, metric]) => [key, metric.values, metric.without]),
  ]);
  for (const id of ids) found[`nearest ${id}`] = await nearestRun(db, keptFor, { id }, 'acc');
  return found;
}

it(`after each of ${CHANGES} random changes`, async () => {
  const { store } = tracker.app;
  for (let change = 0; change < CHANGES; change += 1) {
    const kind = pick(Object.keys(KINDS));
    await KINDS[kind]?.();
    const row = await requireExperiment(store.read, experiment);
    // As of an experiment with many runs, for which more is kept.
    const kept = await readAll(store.read, { ...row, next_number: 1_000_000 });
    // A connection of its own has nothing kept.
    const snapshot = await store.snapshot();
    try {
      expect(await readAll(snapshot.db, row), `${change}: ${kind}`).toEqual(kept);
    } finally {
      await snapshot.close();
    }
  }
});
