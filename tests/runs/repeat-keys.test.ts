// tests/runs/repeat-keys.test.ts
// Purpose: which params only tell repeats apart: guessed from the name, said otherwise per experiment, by API and by a click.
// Why: groups stand on it; a wrong guess must be put right without renaming a param.
// Relevant files: runs/repeat-keys.ts, runs/groups/groups.ts, experiments/schemas.ts

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExperimentOut } from '../../experiments/schemas.ts';
import { isRepeatKey } from '../../runs/repeat-keys.ts';
import type { GroupsOut } from '../../runs/schemas.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';
import { addRun } from './page-support.ts';

let tracker: Tracker;
let id: number;

beforeAll(async () => {
  tracker = await startTracker();
  for (let seed = 0; seed < 6; seed++) {
    const params = { seed, lr: seed % 2 === 0 ? 0.1 : 0.01, worker: `node-${seed % 3}` };
    id = (await addRun(tracker, { experiment: 'repeats', params, metrics: { accuracy: [seed] } })).experiment_id;
  }
});
afterAll(() => tracker.stop());

async function groupedBy(): Promise<string[]> {
  return (await tracker.api<GroupsOut>('GET', `/api/experiments/${id}/groups`)).body.by;
}

async function say(repeat_keys: unknown): Promise<{ status: number; body: ExperimentOut }> {
  return tracker.api<ExperimentOut>('PATCH', `/api/experiments/${id}`, { repeat_keys });
}

it('guessed from the name', () => {
  for (const key of ['seed', 'data.seed', 'torch_seed', 'random_state', 'run_id', 'cv/fold', 'trial_number', 'RNG'])
    expect(isRepeatKey(key), key).toBe(true);
  for (const key of ['lr', 'seeded', 'epochs', 'n_folds', 'run_mode', 'speed']) expect(isRepeatKey(key), key).toBe(false);
}); // prettier-ignore

it('said otherwise for an experiment, and back to the guess', async () => {
  expect(await groupedBy()).toEqual(['params.lr', 'params.worker']);
  expect((await say({ worker: true })).body.repeat_keys).toEqual({ worker: true });
  expect(await groupedBy()).toEqual(['params.lr']);
  await say({ worker: true, seed: false });
  expect(await groupedBy()).toEqual(['params.lr', 'params.seed']);
  expect((await tracker.api<ExperimentOut>('PATCH', `/api/experiments/${id}`, { name: 'renamed' })).body.repeat_keys).toEqual({ worker: true, seed: false }); // prettier-ignore
  await say({});
  expect(await groupedBy()).toEqual(['params.lr', 'params.worker']);
});

it('what is no such map is refused, and named', async () => {
  for (const wrong of [['seed'], { seed: 'yes' }, 'seed', null, { '': true }]) {
    const { status, body } = await tracker.api<{ errors: { path: string }[] }>('PATCH', `/api/experiments/${id}`, {
      repeat_keys: wrong,
    });
    expect(status, JSON.stringify(wrong)).toBe(400);
    expect(body.errors[0]?.path).toMatch(/^repeat_keys/);
  }
  expect(await groupedBy()).toEqual(['params.lr', 'params.worker']);
});
