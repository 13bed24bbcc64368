// tests/runs/query-pages.test.ts
// Purpose: the filter on pages, in the API, in exports and on the command line; mistakes and hints; what moves with time.
// Why: one language everywhere, and a page that helps instead of failing.
// Relevant files: runs/table/filter-views.ts, runs/templates/_filter.html, runs/query/help-pages.ts, runs/depends.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../runs/query/help-pages.ts';
import { useTracker } from '../support/use.ts';
import { addRun, hrefOf, linksOf, openPage, readPage, tableOf, textOf } from './page-support.ts';

const tracker = useTracker();
let path: string;

beforeAll(async () => {
  const metrics = (accuracy: number): Record<string, number[]> => ({ 'val/accuracy': [0.1, accuracy] });
  const one = await addRun(tracker, { name: 'one', params: { optimizer: 'adam', lr: 1e-2 }, metrics: metrics(0.97) });
  await addRun(tracker, { name: 'two', params: { optimizer: 'sgd', lr: 0.1 }, metrics: metrics(0.91), notes: 'adam?' });
  await addRun(tracker, { name: 'three', params: { optimizer: 'sgd' }, tags: { baseline: '' } });
  path = `/experiments/${one.experiment_id}`;
});

function namesOn(html: string): string[] {
  // The sentence above the table names the best of them once more.
  return [...new Set(linksOf(html).map(({ text }) => text))].filter((text) => ['one', 'two', 'three'].includes(text));
}

const CASES: [where: string, names: string[]][] = [
  ['metrics.val/accuracy > 0.95', ['one']],
  ['params.lr = 0.01', ['one']],
  ['adam', ['two']],
  ['params.optimizer in (adam, sgd) not tag:baseline', ['one', 'two']],
  ['tag:baseline or metrics.val/accuracy < 0.95', ['two', 'three']],
  ['metrics.val/accuracy is null', ['three']],
];

describe.each(CASES)('%s', (where, names) => {
  const query = `where=${encodeURIComponent(where)}`;

  it('on the page of the experiment and of all runs', async () => {
    expect(namesOn(await openPage(tracker, `${path}?${query}&order=number`)).sort()).toEqual([...names].sort());
    expect(namesOn(await openPage(tracker, `/runs?${query}`)).sort()).toEqual([...names].sort());
  });

  it('in the API and in an export', async () => {
    const { body } = await tracker.api<{ items: { name: string }[] }>('GET', `/api/runs?${query}&order=number`);
    expect(body.items.map(({ name }) => name)).toEqual(names);
    const csv = await tracker.get(`/exports${path}/runs.csv?${query}&order=number`);
    expect(csv.body.trim().split('\n').length - 1).toBe(names.length);
  });
});

it('every link of the page keeps the filter, and the frame’s search goes with it', async () => {
  const html = await openPage(tracker, `${path}?where=params.lr+%3E+0&q=one`);
  expect(namesOn(html)).toContain('one');
  expect(hrefOf(html, 'running')).toBe(`${path}?q=one&where=params.lr+%3E+0&status=running`);
  expect(hrefOf(html, 'one ×')).toBe(`${path}?where=params.lr+%3E+0`);
  expect(html).toContain(`${path}/runs.csv?q=one&amp;where=params.lr+%3E+0`);
  expect(html).toContain('name="where" value="params.lr &gt; 0"');
});

describe('an order in the filter', () => {
  const orders: [text: string, names: string[]][] = [
    ['order by metrics.val/accuracy', ['two', 'one', 'three']],
    ['order by params.optimizer desc, name', ['three', 'two', 'one']],
    ['params.optimizer in (adam, sgd) order by tags.baseline, first(metrics.val/accuracy), number desc', ['three', 'two', 'one']],
    ['name ~ o order by step(metrics.val/accuracy) desc, name desc', ['two', 'one']],
    ['order by metrics.val/accuracy @1 desc, number', ['one', 'two', 'three']],
    ['order by notes, experiment, id', ['two']],
  ]; // prettier-ignore
  it.each(orders)('%s: the same in API, export and pages, whatever order= says', async (where, names) => {
    const query = `where=${encodeURIComponent(where)}&order=created_at`;
    const { body } = await tracker.api<{ items: { name: string }[] }>('GET', `/api/runs?${query}`);
    expect(body.items.map(({ name }) => name).slice(0, names.length)).toEqual(names);
    const csv = await tracker.get(`/exports${path}/runs.csv?${query}`);
    expect([csv.status, ...csv.body.split('\n').slice(1, names.length + 1).map((line) => line.split(',')[2])]).toEqual([200, ...names]); // prettier-ignore
    for (const page of [path, '/runs']) {
      const rows = tableOf(await readPage(tracker, `${page}?${query}`)).rows.map((row) => textOf(row.map(({ text }) => text).join(' '))); // prettier-ignore
      expect(names.map((name) => rows.findIndex((row) => new RegExp(`\\b${name}\\b`).test(row))), page).toEqual(names.map((_, i) => i)); // prettier-ignore
    }
  });

  it('pages of the API follow it, key by key', async () => {
    const query = `where=${encodeURIComponent('order by params.optimizer desc, name')}&limit=1`;
    const names: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const at: string = `/api/runs?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { body } = await tracker.api<{ items: { name: string }[]; next_cursor: string | null }>('GET', at);
      names.push(...body.items.map(({ name }) => name));
      cursor = body.next_cursor;
    }
    expect(names).toEqual(['three', 'two', 'one']);
  });

  it('is the head that is marked, and a click on another takes it out of the filter', async () => {
    for (const page of [path, '/runs']) {
      const html = await openPage(tracker, `${page}?where=params.lr+%3E+0+order+by+name+desc`);
      expect(html).toMatch(/<th[^>]*aria-sort="descending"[^>]*><a[^>]*>run/);
      expect(hrefOf(html, 'took')).toBe(`${page}?where=params.lr+%3E+0&order=-duration`);
      expect(hrefOf(html, 'running')).toBe(`${page}?where=params.lr+%3E+0+order+by+name+desc&status=running`);
    }
  });

  it('order= takes the same fields', async () => {
    const names = async (order: string): Promise<unknown> =>
      (await tracker.api<{ items: { name: string }[] }>('GET', `/api/runs?order=${encodeURIComponent(order)}`)).body.items?.map(({ name }) => name); // prettier-ignore
    expect(await names('-max(metrics.val/accuracy)')).toEqual(['one', 'two', 'three']);
    expect(await names('nothing(at all)')).toBeUndefined();
  });
});

it('best(…) goes by the direction of the rule, else of the name; without one it is the last value', async () => {
  const found = async (where: string): Promise<string[]> =>
    (await tracker.api<{ items: { name: string }[] }>('GET', `/api/runs?where=${encodeURIComponent(where)}+order+by+number`)).body.items.map(({ name }) => name); // prettier-ignore
  const rule = `/api${path}/metric-rules?key=${encodeURIComponent('val/accuracy')}`;
  expect(await found('best(metrics.val/accuracy) > 0.5')).toEqual(['one', 'two']);
  expect(await found('step(best(metrics.val/accuracy)) = 2')).toEqual(['one', 'two']);
  expect((await tracker.api('PUT', rule, { direction: 'min' })).status).toBe(200);
  expect(await found('best(metrics.val/accuracy) > 0.5')).toEqual([]);
  expect(await found('best(metrics.val/accuracy) = 0.1 and step(best(metrics.val/accuracy)) = 1')).toEqual(['one', 'two']); // prettier-ignore
  expect((await tracker.api('PUT', rule, { direction: 'none' })).status).toBe(200);
  expect(await found('best(metrics.val/accuracy) = 0.97 and step(best(metrics.val/accuracy)) = 2')).toEqual(['one']);
  expect((await tracker.api('DELETE', rule)).status).toBeLessThan(300);
});

it('a mistake suggests a key that there is, everywhere in the same words', async () => {
  const text = 'there is no field "acuracy"; did you mean metrics.val/accuracy?';
  for (const page of [path, '/runs']) {
    const html = await openPage(tracker, `${page}?where=acuracy+%3E+0.9`, 400);
    expect(textOf(html)).toContain(text);
    expect(hrefOf(html, 'Use that')).toBe(`${page}?where=metrics.val%2Faccuracy+%3E+0.9`);
  }
  expect(textOf(await openPage(tracker, `${path}?where=optimiser+%3D+adam`, 400))).toContain(
    'did you mean params.optimizer?',
  );
  const list = await tracker.api<{ detail: string }>('GET', '/api/runs?where=acuracy+%3E+0.9');
  expect([list.status, list.body.detail]).toEqual([400, expect.stringContaining(text)]);
  const csv = await tracker.get(`/exports${path}/runs.csv?where=acuracy+%3E+0.9`);
  expect(csv.status).toBe(400);
  expect(textOf(csv.body)).toContain(text);
});

it('a mistake is a 400 with its place, and nothing looks like its answer', async () => {
  for (const page of [path, '/runs']) {
    const html = await openPage(tracker, `${page}?where=satus+%3D+failed`, 400);
    expect(textOf(html)).toContain('there is no field "satus"; did you mean status?');
    expect(html).toContain('satus = failed\n^^^^^');
    expect(hrefOf(html, 'Use that')).toBe(`${page}?where=status+%3D+failed`);
    expect(html).not.toContain('<table');
    expect(html).not.toContain('runs found');
  }
  const { status, body } = await tracker.api<{ detail: string; errors: unknown[] }>('GET', '/api/runs?where=a+and');
  expect(status).toBe(400);
  expect(body.detail).toContain('a and\n     ^');
  expect(body.errors).toEqual([{ path: '?where', message: 'something is missing at the end (at character 6)' }]);
  const csv = await tracker.get(`/exports${path}/runs.csv?where=(`);
  expect([csv.status, csv.headers.get('content-disposition')]).toEqual([400, null]);
});

it('a key that no run has is told, with the near one', async () => {
  const html = await openPage(tracker, `${path}?where=metrics.val/acuracy+%3E+0.9+and+params.zzz+%3D+1`);
  expect(textOf(html)).toContain('No run here has a metric named val/acuracy. Did you mean val/accuracy?');
  expect(textOf(html)).toContain('No run here has a param named zzz.');
  expect(hrefOf(html, 'val/accuracy')).toContain('where=metrics.val%2Faccuracy+%3E+0.9');
});

it('what moves with time is never answered as unchanged', async () => {
  const etagOf = async (where: string): Promise<string | null> =>
    (await fetch(`${tracker.url}/api/runs?where=${encodeURIComponent(where)}`)).headers.get('etag');
  expect(await etagOf('name = one')).not.toBeNull();
  for (const where of ['started > -7d', 'ended < now', 'status = stalled', 'created = today'])
    expect(await etagOf(where), where).toBeNull();
});

it('the help page is valid, lists what there is, and its examples work', async () => {
  const html = await openPage(tracker, '/docs/filter');
  expect(textOf(html)).toContain('from start to end, of runs that have ended');
  for (const { text } of EXAMPLES) await readPage(tracker, hrefOf(html, text));
  expect(EXAMPLES.length).toBeGreaterThan(5);
});
