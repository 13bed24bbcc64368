// tests/runs/best.test.ts
// Purpose: which run a table calls best: the marks, the sentence above, ties, directions, and what changes them.
// Why: "best" is said in words and by marks; both must follow the numbers at once.
// Relevant files: runs/table/table.ts, runs/table/table-views.ts, runs/standing-queries.ts, shared/db/memo.ts

import { describe, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import { addRun, columnOf, hrefOf, linksOf, openPage, readPage, paragraphOf, tableOf } from './page-support.ts';

const tracker = useTracker();

type Metrics = NonNullable<NonNullable<Parameters<typeof addRun>[1]>['metrics']>;

async function addRuns(experiment: string, all: Record<string, Metrics>): Promise<string> {
  let id = 0;
  for (const [name, metrics = {}] of Object.entries(all))
    id = (await addRun(tracker, { experiment, name, metrics, status: RunStatus.Finished })).experiment_id;
  return `/experiments/${id}`;
}

/** The names of the runs that carry a best mark under a head, and the mark. */
async function marksOf(path: string, head: string): Promise<Record<string, string>> {
  const table = tableOf(await readPage(tracker, path));
  const runs = columnOf(table, 'run');
  const marked = columnOf(table, head).flatMap(({ classes }, place) => {
    const mark = classes.filter((name) => name !== 'n').join(' ');
    return mark === '' ? [] : [[runs[place]?.text, mark]];
  });
  return Object.fromEntries(marked) as Record<string, string>;
}

it('the highest of a score and the lowest of a loss are marked; NaN and Infinity never are', async () => {
  const path = await addRuns('directions', {
    a: { 'val/acc': [0.9], loss: [0.5], grad_norm: [3] },
    b: { 'val/acc': [0.99, 0.8], loss: [0.2], grad_norm: [4] },
    c: { 'val/acc': ['NaN'], loss: ['-Infinity'] },
    d: { 'val/acc': ['Infinity'], loss: ['NaN'] },
  });
  expect(await marksOf(path, 'val/acc ↑')).toEqual({ a: 'best' });
  expect(await marksOf(path, 'loss ↓')).toEqual({ b: 'dn best' });
  expect(await marksOf(path, 'grad_norm')).toEqual({});
});

it('ties share the mark, and the sentence names the earlier run and says that it is not alone', async () => {
  const path = await addRuns('ties', { a: { acc: [0.5] }, b: { acc: [0.7, 0.95] }, c: { acc: [0.95] } });
  expect(await marksOf(path, 'acc ↑')).toEqual({ b: 'best', c: 'best' });
  const html = await readPage(tracker, path);
  expect(paragraphOf(html, 'lead')).toBe(
    'Best acc 0.9500: b, shared by 2 runs (highest last value, of 3 runs that logged it)',
  );
});

describe('a best value that several runs share', () => {
  const lead = async (path: string): Promise<[string, string]> => {
    const html = await openPage(tracker, path);
    const setup = html.includes('class="setup"') ? paragraphOf(html, 'setup') : '';
    return [paragraphOf(html, 'lead').split(' (')[0] ?? '', setup];
  };
  const listed = async (path: string): Promise<string[]> => {
    const link = linksOf(await readPage(tracker, path)).find(({ text }) => /^(more than )?[0-9]+ runs$/.test(text));
    return columnOf(tableOf(await openPage(tracker, link?.href ?? '')), 'run').map(({ text }) => text).sort(); // prettier-ignore
  };
  const add = async (run: Parameters<typeof addRun>[1]): Promise<string> =>
    `/experiments/${(await addRun(tracker, { experiment: 'shared', ...run })).experiment_id}`;

  it('its params are those that all of them have, ended, running or filtered; the link lists them', async () => {
    const [ended, open] = [RunStatus.Finished, RunStatus.Running];
    const acc = (value: number): Metrics => ({ 'val acc': [value] });
    await add({ name: 'a', status: ended, params: { lr: '0.1', opt: 'adam', only: '1' }, metrics: acc(0.1 + 0.2) });
    await add({ name: 'b', status: ended, params: { lr: '0.01', opt: 'adam' }, metrics: acc(0.1 + 0.2) });
    const path = await add({ name: 'c', status: ended, params: { lr: '0.1', opt: 'sgd' }, metrics: acc(0.3) });
    expect(await lead(path)).toEqual(['Best val acc 0.3000: a, shared by 2 runs', 'All of them have opt adam']);
    expect(await listed(path)).toEqual(['a', 'b']);
    await add({ name: 'd', status: open, params: { lr: '0.01', opt: 'rms' }, metrics: acc(0.1 + 0.2) });
    expect(await lead(path)).toEqual(['Best val acc 0.3000: a, shared by 3 runs', '']);
    expect(await listed(path)).toEqual(['a', 'b', 'd']);
    const filtered = `${path}?where=${encodeURIComponent('params.lr = 0.01 or name = c order by name desc')}`;
    expect(await lead(filtered)).toEqual(['Best val acc 0.3000: b, shared by 2 runs', 'All of them have lr 0.01']);
    expect(await listed(filtered)).toEqual(['b', 'd']);
    expect(await lead(`${path}?status=finished`)).toEqual(['Best val acc 0.3000: a, shared by 2 runs', 'All of them have opt adam']);
    expect((await lead(`${path}?where=${encodeURIComponent('name = a')}`))[0]).toBe('Best val acc 0.3000 at step 1: a');
  }); // prettier-ignore

  it('of more than a hundred it says no more than that', async () => {
    let path = '';
    for (let i = 0; i < 102; i++)
      path = await add({ experiment: 'many shared', name: `n${i}`, status: i % 2 ? RunStatus.Finished : RunStatus.Running, params: { lr: String(i % 3), same: '1' }, metrics: { acc: [0.5] } }); // prettier-ignore
    expect(await lead(path)).toEqual(['Best acc 0.5000: n0, shared by more than 100 runs', '']);
    expect((await listed(path)).length).toBe(50);
    expect((await lead(`${path}?where=${encodeURIComponent('params.lr < 5')}`))[0]).toContain('more than 100 runs');
  });
});

it('a run is not the best of itself', async () => {
  const path = await addRuns('alone', { a: { acc: [0.5] }, b: {} });
  expect(await marksOf(path, 'acc ↑')).toEqual({});
  expect(paragraphOf(await readPage(tracker, path), 'lead')).toBe(
    'Best acc 0.5000 at step 1: a (highest last value, the only run that logged it)',
  );
});

it('without a finite value, or a metric whose direction is known, nothing is called best', async () => {
  const broken = await addRuns('all broken', { a: { acc: ['NaN'] }, b: { acc: ['Infinity'] } });
  const unknown = await addRuns('no direction', { a: { width: [1] }, b: { width: [2] } });
  for (const path of [broken, unknown]) {
    const html = await openPage(tracker, path);
    expect(html).not.toContain('class="lead"');
    expect(html).not.toMatch(/class="[^"]*\bbest\b/);
  }
});

it('is the best of the whole filter, not of the page shown', async () => {
  const path = await addRuns('filtered', { a1: { acc: [0.5] }, a2: { acc: [0.6] }, b1: { acc: [0.9] } });
  expect(await marksOf(path, 'acc ↑')).toEqual({ b1: 'best' });
  expect(await marksOf(`${path}?q=a`, 'acc ↑')).toEqual({ a2: 'best' });
});

it('the sentence is about the main metric: guessed, chosen for the experiment, or chosen on the page', async () => {
  const path = await addRuns('chosen', {
    a: { 'val/acc': [0.9], 'train/loss': [0.1] },
    b: { 'val/acc': [0.8], 'train/loss': [0.3] },
    c: { 'val/acc': [0.7], 'train/loss': [0.2] },
  });
  const lead = async (query = ''): Promise<string> => paragraphOf(await readPage(tracker, path + query), 'lead');
  expect(await lead()).toMatch(/^Best val\/acc 0\.9000 at step 1: a \(highest last value, of 3 runs/);
  expect(await lead('?metric=train%2Floss')).toMatch(/^Best train\/loss 0\.1000 at step 1: a \(lowest last value/);
  await tracker.api('PATCH', `/api${path}`, { main_metric: 'train/loss' });
  const html = await readPage(tracker, path);
  expect(paragraphOf(html, 'lead')).toMatch(/^Best train\/loss 0\.1000/);
  expect(tableOf(html).heads.map(({ text }) => text)).toEqual(expect.arrayContaining(['train/loss ↓', 'val/acc ↑']));
  expect(html).toContain('<option value="train/loss" selected>');
  expect(await lead('?metric=val%2Facc')).toMatch(/^Best val\/acc/);
});

it('follows what is logged, trashed and restored between two looks', async () => {
  const path = await addRuns('fresh', { a: { acc: [0.5] }, b: { acc: [0.7] } });
  const best = async (): Promise<string> => paragraphOf(await readPage(tracker, path), 'lead').split(' (')[0] ?? '';
  expect(await best()).toBe('Best acc 0.7000 at step 1: b');
  const a = hrefOf(await readPage(tracker, path), 'a');
  const log = { metrics: [{ key: 'acc', value: 0.8, step: 2 }] };
  await tracker.api('POST', `/api${a}/log`, log);
  expect(await best()).toBe('Best acc 0.8000 at step 2: a');
  await tracker.api('DELETE', `/api${a}`);
  expect(await best()).toBe('Best acc 0.7000 at step 1: b');
  await tracker.api('POST', `/api${a}/restore`);
  expect(await best()).toBe('Best acc 0.8000 at step 2: a');
});

it('a page has fifty runs; the mark on the second page is that of all', async () => {
  let experiment = 0;
  for (let i = 1; i <= 53; i++) {
    const run = await addRun(tracker, {
      ...{ experiment: 'paged', id: `f${i}`, name: `n${i}`, start_time: i },
      ...(i === 2 || i === 53 ? { metrics: { acc: [i === 2 ? 0.9 : 0.1] } } : {}),
    });
    experiment = run.experiment_id;
  }
  const path = `/experiments/${experiment}`;
  const first = await openPage(tracker, path);
  const second = await readPage(tracker, hrefOf(first, 'Next'));
  const pages = [first, second].map((html) => columnOf(tableOf(html), 'run').map(({ text }) => text));
  expect(pages.flat()).toEqual(Array.from({ length: 53 }, (_, i) => `n${53 - i}`));
  expect(pages[1]).toEqual(['n3', 'n2', 'n1']);
  expect(first).toContain('<span>1 to 50 of 53 runs.</span>');
  expect(second).toContain('<span>51 to 53 of 53 runs.</span>');
  expect(linksOf(first).map(({ text }) => text)).not.toContain('Previous');
  expect(linksOf(second).map(({ text }) => text)).not.toContain('Next');
  expect(hrefOf(first, 'Next')).toBe(`${path}?page=2`);
  expect(new URL(hrefOf(second, 'Previous'), tracker.url).pathname).toBe(path);
  expect(await marksOf(`${path}?page=2`, 'acc ↑')).toEqual({ n2: 'best' });
  expect(second).toContain(`<input type="hidden" name="back" value="${path}?page=2">`);
  expect(await readPage(tracker, `${path}?page=3`)).toContain('No run matches');
});

it('experiments that changed equally often are told apart', async () => {
  const one = await addRuns('twin one', { castor: { acc: [0.5] } });
  const two = await addRuns('twin two', { pollux: { acc: [0.1, 0.2, 0.3] } });
  const said = async (path: string): Promise<(string | undefined)[]> => {
    const html = await readPage(tracker, path);
    const heard = /last activity<\/span><b><time datetime="([^"]*)"/.exec(html)?.[1];
    return [paragraphOf(html, 'lead').split(' (')[0], /points<\/span><b>(\d+)/.exec(html)?.[1], heard];
  };
  const heardOf = async (name: string): Promise<string> => {
    const { body } = await tracker.api<{ items: { heard_at: number }[] }>('GET', `/api/runs?q=${name}`);
    return new Date(body.items[0]?.heard_at ?? NaN).toISOString();
  };
  expect(await said(one)).toEqual(['Best acc 0.5000 at step 1: castor', '1', await heardOf('castor')]);
  expect(await said(two)).toEqual(['Best acc 0.3000 at step 3: pollux', '3', await heardOf('pollux')]);
});
