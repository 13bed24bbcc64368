// tests/runs/repeat-keys.test.ts
// Purpose: which params only tell repeats apart: guessed from the name, said otherwise per experiment, by API and by a click.
// Why: groups stand on it; a wrong guess must be put right without renaming a param.
// Relevant files: runs/repeat-keys.ts, runs/groups/groups.ts, experiments/schemas.ts

import { beforeAll, expect, it } from 'vitest';
import type { ExperimentOut } from '../../experiments/schemas.ts';
import { RunStatus } from '../../runs/models.ts';
import { isRepeatKey } from '../../runs/repeat-keys.ts';
import type { GroupsOut } from '../../runs/groups/group-schemas.ts';
import { useTracker } from '../support/use.ts';
import { addRun, openPage, tablesOf, textOf } from './page-support.ts';

const tracker = useTracker();
let id: number;

beforeAll(async () => {
  for (let seed = 0; seed < 6; seed++) {
    const params = { seed, lr: seed % 2 === 0 ? 0.1 : 0.01, worker: `node-${seed % 3}` };
    const run = await addRun(tracker, { experiment: 'repeats', params, metrics: { accuracy: [seed] } });
    await tracker.api('PATCH', `/api/runs/${run.id}`, { status: RunStatus.Finished });
    id = run.experiment_id;
  }
});

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

it('changed by one click on the page of groups, and back by another', async () => {
  const path = `/experiments/${id}/groups`;
  expect(textOf(await openPage(tracker, path))).toContain('Guessed from the names.');
  const ignore = await tracker.form(`/experiments/${id}/repeat-keys`, { ignore: 'worker', back: path });
  expect([ignore.status, ignore.headers.get('location')]).toEqual([303, path]);
  const changed = textOf(await openPage(tracker, path));
  expect(changed).toContain('Equal but for seed, worker.');
  expect(changed).toContain('Changed by hand for this experiment.');
  await tracker.form(`/experiments/${id}/repeat-keys`, { count: 'worker' });
  expect(await groupedBy()).toEqual(['params.lr', 'params.worker']);
  await tracker.form(`/experiments/${id}/repeat-keys`, { ignore: 'lr' });
  expect(await groupedBy()).toEqual(['params.worker']);
  await tracker.form(`/experiments/${id}/repeat-keys`, { guess: 'all' });
  expect(await groupedBy()).toEqual(['params.lr', 'params.worker']);
  expect((await tracker.form(`/experiments/${id}/repeat-keys`, {})).status).toBe(400);
  const elsewhere = await tracker.form(`/experiments/${id}/repeat-keys`, { ignore: 'lr', back: '//evil.example' });
  expect(elsewhere.status).toBe(400);
});

it('a group is opened where it stands, and ticked groups are compared', async () => {
  const path = `/experiments/${id}/groups`;
  const html = await openPage(tracker, `${path}?by=params.lr`);
  const toggles = [...html.matchAll(/href="([^"]+)" aria-expanded="false"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&')); // prettier-ignore
  expect(toggles.length).toBe(2);
  const opened = await openPage(tracker, (toggles[0] ?? '').split('#')[0] ?? '');
  const rows = tablesOf(opened)[0]?.rows ?? [];
  // The best of the two: seeds 1, 3, 5, whose accuracies are the same numbers.
  expect(
    rows.slice(1, 4).map((cells) =>
      cells
        .map(({ text }) => text)
        .filter((text) => text !== '')
        .slice(0, 1),
    ),
  ).toEqual([['1'], ['3'], ['5']]);
  expect(textOf(opened)).toContain('seed 1, worker node-1');
  const groups = [...html.matchAll(/name="group" value="([^"]+)"/g)].map(([, name = '']) => `group=${name}`);
  const compared = await tracker.get(`${path}/compare?by=params.lr&${groups.join('&')}`);
  expect(compared.status).toBe(200);
  expect(textOf(compared.body)).toContain('6 runs');
  const none = await fetch(`${tracker.url}${path}/compare?by=params.lr`, { redirect: 'manual' });
  expect([none.status, none.headers.get('location')]).toEqual([303, `${path}?by=params.lr`]);
});
