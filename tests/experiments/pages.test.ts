// tests/experiments/pages.test.ts
// Purpose: the list of experiments: best values, run states, search, filters, order, pages, the empty state, the trash.
// Why: it is the first page; a wrong number in it is believed.
// Relevant files: experiments/list-page.ts, experiments/views.ts, experiments/templates/list.html

import { beforeAll, describe, expect, it } from 'vitest';
import { ExperimentStatus } from '../../experiments/models.ts';
import { RunStatus } from '../../runs/models.ts';
import { STALLED_AFTER_MS } from '../../runs/status.ts';
import { startTracker } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';
import { headOf, linkOf, next, open, rowOf, rowsOf, textOf } from './support.ts';

const tracker = useTracker();
const ids: Record<string, number> = {};
let bestOfDigits = '';

async function add(name: string, more: object = {}): Promise<void> {
  ids[name] = (await tracker.api<{ id: number }>('POST', '/api/experiments', { name, ...more })).body.id;
}

/** A run with one value for each metric; returns its id. */
async function run(experiment: string, status: RunStatus, values: Record<string, number> = {}): Promise<string> {
  const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment, status });
  const metrics = Object.entries(values).map(([key, value]) => ({ key, value, step: 1 }));
  if (metrics.length > 0) await tracker.api('POST', `/api/runs/${body.id}/log`, { metrics });
  return body.id;
}

const names = (html: string): string[] => rowsOf(html).map(({ cells }) => cells[0]?.split(' ')[0] ?? '');
const list = (query = ''): Promise<string> => open(tracker, `/experiments${query}`);

beforeAll(async () => {
  expect(textOf(await list())).toContain('Nothing has been logged yet');
  await add('digits', { description: 'A **small** net', tags: { team: 'vision', model: 'mlp' } });
  await run('digits', RunStatus.Finished, { 'val/accuracy': 0.91, 'val/loss': 0.1 });
  bestOfDigits = await run('digits', RunStatus.Finished, { 'val/accuracy': 0.95, 'val/loss': 0.4 });
  await run('digits', RunStatus.Running, { 'val/accuracy': Infinity });
  const silent = await run('digits', RunStatus.Running, { 'val/accuracy': 0.5 });
  const gone = await run('digits', RunStatus.Failed, { 'val/accuracy': 0.99 });
  await tracker.api('DELETE', `/api/runs/${gone}`);
  await add('losses', { status: ExperimentStatus.Completed, tags: { team: 'text' }, description: 'Über language' });
  for (const loss of [0.4, 0.25, 3]) await run('losses', RunStatus.Failed, { 'val/loss': loss });
  await add('chosen', { main_metric: 'train/loss' });
  await run('chosen', RunStatus.Finished, { 'val/accuracy': 0.9, 'train/loss': 0.7 });
  await add('unlogged', { main_metric: 'test/f1' });
  await run('unlogged', RunStatus.Finished, { 'val/accuracy': 0.8, 'train/loss': 0.6 });
  await add('bare', { status: ExperimentStatus.Draft });
  await tracker.app.store.write((tx) =>
    tx.execute('update runs set heard_at = ? where id = ?', [Date.now() - STALLED_AFTER_MS - 1000, silent]),
  );
});

describe('a row', () => {
  it('has the best value of the main metric, the way the metric is better, with its run', async () => {
    const html = await list();
    const best = (name: string): string | undefined => rowOf(html, name).cells[4];
    expect(best('digits')).toBe('val/accuracy 0.9500');
    expect(best('losses')).toBe('val/loss 0.2500');
    expect(best('chosen')).toBe('train/loss 0.7000');
    expect(best('unlogged')).toBe('val/accuracy 0.8000');
    expect(best('bare')).toBe('–');
    expect(linkOf(rowOf(html, 'digits').html, '0.9500')).toBe(`/runs/${bestOfDigits}`);
  });

  it('counts runs by state without those in the trash; who was not heard of is stalled', async () => {
    const html = await list();
    expect(rowOf(html, 'digits').cells[2]).toBe('4');
    expect(rowOf(html, 'digits').html).toContain('aria-label="1 running · 1 stalled · 2 finished"');
    expect(rowOf(html, 'losses').html).toContain('aria-label="3 failed"');
    expect(rowOf(html, 'bare').cells.slice(1, 4)).toEqual(['draft', '0', '']);
    expect(textOf(html)).toContain('5 experiments · 9 runs · 1 running now');
  });

  it('has the status, the description as plain text, and tags that filter', async () => {
    const { cells, html } = rowOf(await list(), 'digits');
    expect(cells[0]).toBe('digits A small net');
    expect(cells[1]).toBe(ExperimentStatus.Active);
    expect(linkOf(html, 'digits')).toBe(`/experiments/${ids['digits']}`);
    expect(linkOf(html, 'team=vision')).toBe('/experiments?tag=team%3Dvision');
  });

  it('shows a better value as soon as it is logged', async () => {
    await add('moving');
    for (const value of [0.5, 0.6]) {
      await run('moving', RunStatus.Finished, { 'val/accuracy': value });
      expect(rowOf(await list(), 'moving').cells[4]).toBe(`val/accuracy ${value.toFixed(4)}`);
    }
    await tracker.api('DELETE', `/api/experiments/${ids['moving']}`);
  });
});

describe('finding', () => {
  it.each([
    ['?q=DIGIT', ['digits']],
    ['?q=%C3%BCber', ['losses']],
    ['?status=completed', ['losses']],
    ['?status=completed&status=draft', ['bare', 'losses']],
    ['?tag=team', ['digits', 'losses']],
    ['?tag=team%3Dtext', ['losses']],
    ['?tag=team&tag=model', ['digits']],
    ['?tag=team&status=active', ['digits']],
  ])('%s', async (query, found) => {
    const html = await list(`${query}&order=name`);
    expect(names(html)).toEqual(found);
    expect(textOf(html)).toContain(found.length === 1 ? '1 experiment.' : `All ${found.length} experiments.`);
  });

  it('says when nothing matches and leads back to all', async () => {
    const html = await list('?q=nothing+like+it&order=name');
    expect(textOf(html)).toContain('No experiment matches');
    expect(html).not.toContain('<table>');
    expect(names(await open(tracker, linkOf(html, 'Show all')))).toEqual([
      'bare', 'chosen', 'digits', 'losses', 'unlogged',
    ]); // prettier-ignore
  });

  it('the segments keep the search and say which one is on; a tag is taken off by its chip', async () => {
    const html = await list('?q=s&tag=team&order=name');
    expect(linkOf(html, 'completed')).toBe('/experiments?q=s&status=completed&tag=team&order=name');
    expect(linkOf(html, 'team ×')).toBe('/experiments?q=s&order=name');
    const on = await open(tracker, linkOf(html, 'completed'));
    expect(names(on)).toEqual(['losses']);
    expect(on).toMatch(/class="on" aria-current="true">completed</);
    expect(on).toContain('<input type="hidden" name="status" value="completed">');
    expect(on).toContain('<input type="hidden" name="tag" value="team">');
  });
});

describe('the order', () => {
  it.each([
    ['experiment', 'name', ['bare', 'chosen', 'digits', 'losses', 'unlogged']],
    ['status', 'status', ['digits', 'chosen', 'unlogged', 'losses', 'bare']],
    ['runs', '-runs', ['digits', 'losses', 'chosen', 'unlogged', 'bare']],
    ['last activity', 'last_activity_at', ['digits', 'losses', 'chosen', 'unlogged', 'bare']],
  ])('%s turns round with each click', async (label, order, found) => {
    const words = { up: 'ascending', down: 'descending' };
    const [first, second] = order.startsWith('-') ? [words.down, words.up] : [words.up, words.down];
    const turned = order.startsWith('-') ? order.slice(1) : `-${order}`;
    const once = await open(tracker, headOf(await list('?tag='), label).href ?? '');
    expect(headOf(once, label)).toEqual({ sort: first, href: `/experiments?order=${turned}` });
    // Equal values keep the order of their ids in both directions.
    expect(new Set(names(once))).toEqual(new Set(found));
    expect([names(once)[0], names(once).at(-1)]).toEqual([found[0], found.at(-1)]);
    const twice = await open(tracker, headOf(once, label).href ?? '');
    expect(headOf(twice, label)).toEqual({ sort: second, href: `/experiments?order=${order}` });
    expect(names(twice)[0]).toBe(found.at(-1));
    expect(headOf(twice, 'best')).toEqual({ sort: undefined, href: undefined });
  });

  it('is the latest activity first when none is asked for', async () => {
    const html = await list();
    expect(headOf(html, 'last activity').sort).toBe('descending');
    await run('losses', RunStatus.Failed);
    expect(names(await list())[0]).toBe('losses');
  });
});

it('has pages of fifty that keep search and order', async () => {
  const many = await startTracker();
  for (let i = 10; i < 63; i++) await many.api('POST', '/api/experiments', { name: `many ${i}` });
  const first = await open(many, '/experiments?q=many&order=name');
  expect(rowsOf(first)).toHaveLength(50);
  expect(textOf(first)).toContain('1 to 50 of 53 experiments.');
  const second = await open(many, linkOf(first, 'Next'));
  expect(rowsOf(second).map(({ cells }) => cells[0])).toEqual(['many 60', 'many 61', 'many 62']);
  expect(textOf(second)).toContain('51 to 53 of 53 experiments.');
  expect(linkOf(second, 'Previous')).toBe('/experiments?q=many&order=name&page=1');
  expect(second).not.toContain('rel="next"');
  await many.stop();
});

it('the trash lists what was deleted, without links, and Restore brings it back', async () => {
  await tracker.api('DELETE', `/api/experiments/${ids['chosen']}`);
  const html = await list('?order=name');
  expect(names(html)).not.toContain('chosen');
  const trash = await open(tracker, linkOf(html, html.match(/trash \(\d+\)/)?.[0] ?? 'trash'));
  const row = rowOf(trash, 'chosen');
  expect(row.html).not.toContain(`href="/experiments/${ids['chosen']}"`);
  expect(row.html).toContain(`<form method="post" action="/experiments/${ids['chosen']}/restore">`);
  const back = await next(tracker, await tracker.form(`/experiments/${ids['chosen']}/restore`, {}));
  expect(back.path).toBe(`/experiments/${ids['chosen']}`);
  expect(textOf(back.html)).toContain('Experiment chosen is back.');
  expect(names(await list('?order=name'))).toContain('chosen');
});

it('says so when all experiments are in the trash, and leads there', async () => {
  const own = await startTracker();
  const { body } = await own.api<{ id: number }>('POST', '/api/experiments', { name: 'only one' });
  await own.api('DELETE', `/api/experiments/${body.id}`);
  const page = await own.get('/experiments');
  expect(page.body).toContain('All experiments are in the trash');
  expect((await own.get('/experiments?status=trash')).body).toContain('only one');
  await own.stop();
});
