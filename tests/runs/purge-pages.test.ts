// tests/runs/purge-pages.test.ts
// Purpose: removing for ever from the pages and the command line: the question, the answer, what the trash shows meanwhile.
// Why: there is no undo: nothing may go that was not named in a question and answered.
// Relevant files: runs/purge-routes.ts, experiments/purge-routes.ts, runs/purge-command.ts, shared/templates/purge.html

import { expect, it } from 'vitest';
import { purgeRuns } from '../../runs/purge-changes.ts';
import { readPurging } from '../../runs/purge-queries.ts';
import { runChild } from '../support/child.ts';
import { envOf } from '../support/database.ts';
import { faultsOf } from '../support/html.ts';
import { useTracker } from '../support/use.ts';
import { textOf } from './page-support.ts';

const tracker = useTracker();

async function trashedRun(experiment: string, name: string): Promise<{ id: string; experiment_id: number }> {
  const { body } = await tracker.api<{ id: string; experiment_id: number }>('POST', '/api/runs', { experiment, name });
  const metrics = [1, 2, 3].map((value) => ({ key: 'loss', value, step: value }));
  await tracker.api('POST', `/api/runs/${body.id}/log`, { metrics });
  await tracker.api('DELETE', `/api/runs/${body.id}`);
  return body;
}

async function page(path: string): Promise<string> {
  const { status, body } = await tracker.get(path);
  expect([path, status, await faultsOf(body)]).toEqual([path, 200, []]);
  return body;
}

const status = async (id: string): Promise<number> => (await tracker.api('GET', `/api/runs/${id}`)).status;
const isGone = (id: string): Promise<void> => expect.poll(() => status(id), { interval: 10 }).toBe(404);
const untilOf = (html: string): string => /name="until" value="(\d+)"/.exec(html)?.[1] ?? '';

// First of all: nothing has woken the worker yet, which would take this run, too, while it looks whether more is to be done.
it('what is being removed is shown with what is left, and cannot be ticked', async () => {
  const run = await trashedRun('b', 'going');
  await tracker.app.store.write((tx) => purgeRuns(tx, [run.id], Date.now()));
  for (const path of ['/runs?status=trash', `/experiments/${run.experiment_id}?status=trash`]) {
    const html = await page(path);
    expect(textOf(html)).toContain('being removed 3 of 3 points left');
    expect(html).not.toContain(`value="${run.id}"`);
  }
  const { body } = await tracker.api<string>('GET', `/runs/${run.id}`);
  expect(body).toMatchObject({ status: 409, detail: 'Run going is being removed for ever.' });
});

it('ticked runs: a question that says how much, then they go; those not ticked stay', async () => {
  const [one, two, kept] = [await trashedRun('a', 'one'), await trashedRun('a', 'two'), await trashedRun('a', 'kept')];
  const back = `/experiments/${one.experiment_id}?status=trash`;
  expect(await page(back)).toContain('formaction="/runs/purge"');
  const asked = await tracker.form('/runs/purge', { run: [one.id, two.id], back });
  expect([asked.status, await faultsOf(asked.body)]).toEqual([200, []]);
  expect(textOf(asked.body)).toContain('Delete 2 runs for ever?');
  expect(textOf(asked.body)).toContain('2 runs with 6 points');
  expect(textOf(asked.body)).toContain('There is no undo.');
  expect(await status(one.id)).toBe(200);
  const done = await tracker.form('/runs/purge', { run: [one.id, two.id], back, confirm: 'yes' });
  expect([done.status, done.headers.get('location')]).toEqual([303, back]);
  for (const { id } of [one, two]) await isGone(id);
  expect(await status(kept.id)).toBe(200);
});

it('the whole trash of an experiment: what came after the question stays', async () => {
  const before = await trashedRun('c', 'before');
  const path = `/runs/empty?experiment=${before.experiment_id}&back=/runs`;
  const html = await page(path);
  expect(textOf(html)).toContain('1 run with 3 points');
  const later = await trashedRun('c', 'later');
  await tracker.app.store.write((tx) =>
    tx.execute('update runs set trashed_at = trashed_at + 5000 where id = ?', [later.id]),
  );
  const fields = { experiment: String(before.experiment_id), until: untilOf(html), back: '/runs', confirm: 'yes' };
  expect((await tracker.form('/runs/empty', fields)).headers.get('location')).toBe('/runs');
  await isGone(before.id);
  expect(await status(later.id)).toBe(200);
});

it('an empty trash is not asked about', async () => {
  for (const [path, back, text] of [
    ['/runs/empty?experiment=999&back=/runs', '/runs', 'No run is in the trash.'],
    ['/experiments/empty', '/experiments?status=trash', 'No experiment is in the trash.'],
  ] as const) {
    const answer = await fetch(tracker.url + path, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, back]);
    const cookie = /flash=([^;]*)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
    expect(Buffer.from(cookie, 'base64url').toString()).toContain(text);
  }
});

it('experiments: one by its question, all of the trash by another', async () => {
  const [one, two] = [await trashedRun('d', 'x'), await trashedRun('e', 'y')];
  for (const { experiment_id: id } of [one, two]) await tracker.api('DELETE', `/api/experiments/${id}`);
  const trash = await page('/experiments?status=trash');
  expect(trash).toContain(`href="/experiments/${one.experiment_id}/purge"`);
  expect(textOf(await page(`/experiments/${one.experiment_id}/purge`))).toContain('Delete experiment d for ever?');
  await tracker.form(`/experiments/${one.experiment_id}/purge`, { confirm: 'yes' });
  await isGone(one.id);
  expect(await status(two.id)).toBe(200);
  const all = await page('/experiments/empty');
  expect(textOf(all)).toContain('Delete 1 experiment for ever?');
  const done = await tracker.form('/experiments/empty', { until: untilOf(all), confirm: 'yes' });
  expect([done.status, done.headers.get('location')]).toEqual([303, '/experiments?status=trash']);
  await isGone(two.id);
  // The experiment goes in a step after that of its last run.
  await expect.poll(async () => (await tracker.api('GET', `/api/experiments/${two.experiment_id}`)).status).toBe(404);
});

it('manage.ts purge asks for --yes, and works beside a running server', async () => {
  const run = await trashedRun('f', 'z');
  const command = ['purge', '--data', tracker.folder];
  const env = await envOf(tracker.folder);
  const unsure = await runChild(command, { env });
  expect([unsure.code, unsure.said]).toEqual([2, expect.stringContaining('There is no undo. Say --yes')]);
  const wrong = await runChild([...command, '--older-than', 'long'], { env });
  expect([wrong.code, wrong.said]).toEqual([2, expect.stringContaining('12h, 30d, 4w')]);
  expect(await status(run.id)).toBe(200);
  const young = await runChild([...command, '--older-than', '1h', '--yes'], { env });
  expect([young.code, await status(run.id)]).toEqual([0, 200]);
  const done = await runChild([...command, '--yes'], { env });
  expect([done.code, done.said]).toEqual([0, expect.stringContaining('Removed for ever')]);
  expect(await status(run.id)).toBe(404);
  expect(await readPurging(tracker.app.store.read)).toEqual({ runs: 0, experiments: 0, points: 0, left: 0 });
});
