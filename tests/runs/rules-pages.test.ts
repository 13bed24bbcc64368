// tests/runs/rules-pages.test.ts
// Purpose: rules by page and API: what is guessed, set, undone and refused; table, order, groups, comparison and files agree.
// Why: a rule that one place forgets makes two winners of one experiment.
// Relevant files: runs/rules/rule-pages.ts, runs/rules/rule-routes.ts, runs/rules/rule-text.ts, tests/runs/rules-random.test.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import { addRun, columnOf, openPage, paragraphOf, readPage, tableOf } from './page-support.ts';

const tracker = useTracker();
let id = 0;
const ids: Record<string, string> = {};
beforeAll(async () => {
  const runs = {
    // By the last accuracy c wins, by the best b, where the loss is least a.
    a: { 'test/acc': [0.5, 0.9, 0.1], 'val/loss': [3, 1, 2] },
    b: { 'test/acc': [0.95, 0.2, 0.3], 'val/loss': [3, 2, 1] },
    c: { 'test/acc': [0.4, 0.4, 0.6], 'val/loss': [2, 1.5, 3] },
  };
  for (const [name, metrics] of Object.entries(runs)) {
    const params = { lr: name };
    const run = await addRun(tracker, { experiment: 'ruled', name, metrics, params, status: RunStatus.Finished });
    [id, ids[name]] = [run.experiment_id, run.id];
  }
});

const KEY = encodeURIComponent('test/acc');
const rulesPath = (): string => `/api/experiments/${id}/metric-rules`;

interface Rule {
  key: string;
  direction: string | null;
  direction_guessed: boolean;
  value: string;
  takes: string;
  is_main: boolean;
  is_set: boolean;
  counting: boolean;
}

async function setRule(rule: object, key = KEY): Promise<Rule> {
  const { status, body } = await tracker.api<Rule>('PUT', `${rulesPath()}?key=${key}`, rule);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** What each place says: values of a, b, c; who is first in order; who is best. */
async function said(): Promise<Record<string, unknown>> {
  const table = tableOf(await readPage(tracker, `/experiments/${id}?order=name`));
  const head = table.heads.find(({ text }) => text.startsWith('test/acc'))?.text ?? '';
  const cells = columnOf(table, head);
  const order = await tracker.api<{ items: { name: string }[] }>(
    'GET',
    `/api/runs?experiment=${id}&order=-metrics.test/acc`,
  );
  const groups = await tracker.api<{ items: { values: { 'params.lr': string }; metrics: Record<string, { mean: number }> }[] }>('GET', `/api/experiments/${id}/groups?by=params.lr&metric=${KEY}`); // prettier-ignore
  const compared = await tracker.api<{ metrics: { key: string; best: string[]; values: { value: number; step: number | null }[] }[] }>('GET', `/api/compare?run=${ids['a']}&run=${ids['b']}&run=${ids['c']}`); // prettier-ignore
  const line = compared.body.metrics.find(({ key }) => key === 'test/acc');
  const found = await tracker.api<{ items: { name: string }[] }>('GET', `/api/runs?experiment=${id}&order=name&where=${encodeURIComponent('metrics.test/acc >= 0.9')}`); // prettier-ignore
  const standing = paragraphOf(await readPage(tracker, `/runs/${ids['a']}?metric=${KEY}`), 'lead');
  return {
    head,
    cells: cells.map(({ text }) => Number(text)),
    best: cells.flatMap(({ classes }, i) => (classes.some((name) => name === 'best') ? ['abc'[i]] : [])),
    order: order.body.items.map(({ name }) => name).join(''),
    groups: groups.body.items.map(({ values, metrics }) => [values['params.lr'], metrics['test/acc']?.mean]),
    values: line?.values.map(({ value }) => value),
    steps: line?.values.map(({ step }) => step),
    compareBest: line?.best.map((run) => Object.keys(ids).find((name) => ids[name] === run)),
    found: found.body.items.map(({ name }) => name).join(''),
    rank: /Rank (\d)/.exec(standing)?.[1],
  };
}

describe('the value that counts', () => {
  beforeAll(() => tracker.api('PATCH', `/api/experiments/${id}`, { main_metric: 'test/acc' }));

  it('is the last one, where nobody has said anything', async () => {
    expect(await said()).toMatchObject({
      ...{ head: 'test/acc ↑', cells: [0.1, 0.3, 0.6], best: ['c'], order: 'cba', values: [0.1, 0.3, 0.6] },
      ...{ steps: [3, 3, 3], compareBest: ['c'], found: '', rank: '3' },
      groups: [['c', 0.6], ['b', 0.3], ['a', 0.1]], // prettier-ignore
    });
  });

  it('is the best one everywhere, as soon as somebody says so', async () => {
    expect(await setRule({ value: 'best' })).toMatchObject({ takes: 'max', is_set: true, counting: false });
    expect(await said()).toMatchObject({
      ...{ head: 'test/acc ↑ best', cells: [0.9, 0.95, 0.6], best: ['b'], order: 'bac', values: [0.9, 0.95, 0.6] },
      ...{ steps: [2, 1, 3], compareBest: ['b'], found: 'ab', rank: '2' },
      groups: [['b', 0.95], ['a', 0.9], ['c', 0.6]], // prettier-ignore
    });
    expect(paragraphOf(await openPage(tracker, `/experiments/${id}`), 'lead')).toBe(
      'Best test/acc 0.9500 at step 1: b (highest value at any step, of 3 runs that logged it)',
    );
  });

  it('turns with the direction', async () => {
    expect(await setRule({ value: 'best', direction: 'min' })).toMatchObject({
      takes: 'min',
      direction_guessed: false,
    });
    expect(await said()).toMatchObject({
      ...{ head: 'test/acc ↓ best', cells: [0.1, 0.2, 0.4], best: ['a'], values: [0.1, 0.2, 0.4], steps: [3, 2, 1] },
      ...{ order: 'cba', rank: '1', compareBest: ['a'] },
    });
  });

  it('is a mean of the last points, or the value where another metric was best', async () => {
    await setRule({ value: 'mean_last', k: 2 });
    expect(await said()).toMatchObject({
      head: 'test/acc ↑ mean of last 2',
      cells: [0.5, 0.25, 0.5],
      steps: [3, 3, 3],
    });
    expect(await setRule({ value: 'at_best', by: 'val/loss' })).toMatchObject({ takes: 'at_min' });
    expect(await said()).toMatchObject({
      ...{ head: 'test/acc ↑ at best val/loss', cells: [0.9, 0.3, 0.4], best: ['a'], order: 'acb', steps: [2, 3, 2] },
      ...{ compareBest: ['a'], rank: '1', found: 'a' },
    });
    // It follows the other metric's direction.
    await setRule({ direction: 'max' }, encodeURIComponent('val/loss'));
    expect(await said()).toMatchObject({ values: [0.5, 0.95, 0.6], steps: [1, 1, 3] });
    await tracker.api('DELETE', `${rulesPath()}?key=${encodeURIComponent('val/loss')}`);
    expect(await said()).toMatchObject({ values: [0.9, 0.3, 0.4] });
  });

  it('is said in files, with its step, unit and decimals', async () => {
    await setRule({ value: 'at_best', by: 'val/loss', unit: '%', digits: 1 });
    const csv = (await tracker.get(`/exports/experiments/${id}/runs.csv?order=name`)).body.split('\r\n');
    const place = (csv[0] ?? '').split(',').indexOf('metrics.test/acc.counts');
    expect((csv[0] ?? '').split(',')[place + 1]).toBe('metrics.test/acc.counts_step');
    expect(csv[0]).not.toContain('metrics.val/loss.counts');
    const { body } = await tracker.api<{ metric_rules: object; runs: { metrics: Record<string, object> }[] }>('GET', `/exports/experiments/${id}/runs.json?order=name`); // prettier-ignore
    expect(body.metric_rules).toMatchObject({ 'test/acc': { value: 'at_best', by: 'val/loss', unit: '%' } });
    expect(body.runs.map(({ metrics }) => metrics['test/acc'])).toMatchObject([
      { counts: { value: 0.9, step: 2 } },
      { counts: { value: 0.3, step: 3 } },
      { counts: { value: 0.4, step: 2 } },
    ]);
    const markdown = (await tracker.get(`/experiments/${id}/groups.md?metric=${KEY}`)).body;
    expect(markdown).toContain('test/acc ↑ at best val/loss (%)');
    expect(markdown).toContain('**0.9** (1)');
    const head = (await tracker.get(`/experiments/${id}/groups.csv?metric=${KEY}`)).body.split('\r\n')[0];
    expect(head).toContain('test/acc [at best val/loss] (%) mean');
    expect(await said()).toMatchObject({ head: 'test/acc ↑ at best val/loss (%)' });
    await tracker.api('DELETE', `${rulesPath()}?key=${KEY}`);
    expect(await said()).toMatchObject({ head: 'test/acc ↑', values: [0.1, 0.3, 0.6] });
  });

  it('leaves what MLflow means alone: the last value', async () => {
    await setRule({ value: 'best' });
    const search = {
      experiment_ids: [String(id)],
      order_by: ['metrics."test/acc" DESC'],
      filter: 'metrics."test/acc" < 0.65',
    };
    const { body } = await tracker.api<{ runs: { info: { run_name: string } }[] }>(
      'POST',
      '/api/2.0/mlflow/runs/search',
      search,
    );
    expect(body.runs.map(({ info }) => info.run_name)).toEqual(['c', 'b', 'a']);
    await tracker.api('DELETE', `${rulesPath()}?key=${KEY}`);
  });
});

describe('the API', () => {
  it('lists the metrics with what is guessed, and finds them', async () => {
    const { body } = await tracker.api<{ items: Rule[]; total: number }>('GET', rulesPath());
    expect(body.total).toBe(2);
    expect(body.items).toMatchObject([
      { key: 'test/acc', direction: 'max', direction_guessed: true, value: 'last', is_main: true, is_set: false },
      { key: 'val/loss', direction: 'min', direction_guessed: true, is_main: false },
    ]);
    const found = await tracker.api<{ items: Rule[] }>('GET', `${rulesPath()}?q=LOSS`);
    expect(found.body.items.map(({ key }) => key)).toEqual(['val/loss']);
    const exact = await tracker.api<{ items: Rule[] }>('GET', `${rulesPath()}?key=${KEY}`);
    expect(exact.body.items.map(({ key }) => key)).toEqual(['test/acc']);
  });

  it.each([
    ['an unknown metric', 'nothing', {}, 404, '?key'],
    ['an unknown value', KEY, { value: 'middle' }, 400, 'value'],
    ['an unknown direction', KEY, { direction: 'up' }, 400, 'direction'],
    ['a field that is none', KEY, { best: 1 }, 400, 'best'],
    ['a mean without a number', KEY, { value: 'mean_last' }, 400, 'k'],
    ['a mean of no points', KEY, { value: 'mean_last', k: 0 }, 400, 'k'],
    ['a mean of too many', KEY, { value: 'mean_last', k: 1_001 }, 400, 'k'],
    ['a number that goes with nothing', KEY, { value: 'best', k: 3 }, 400, 'k'],
    ['no other metric', KEY, { value: 'at_best' }, 400, 'by'],
    ['another metric that is not there', KEY, { value: 'at_best', by: 'nothing' }, 400, 'by'],
    ['itself as the other metric', KEY, { value: 'at_best', by: 'test/acc' }, 400, 'by'],
    ['a long unit', KEY, { unit: 'x'.repeat(25) }, 400, 'unit'],
    ['half a decimal', KEY, { digits: 1.5 }, 400, 'digits'],
  ])('refuses %s, and changes nothing', async (_, key, rule, status, path) => {
    const answer = await tracker.api<{ errors: { path: string }[] }>('PUT', `${rulesPath()}?key=${key}`, rule);
    expect(answer.status).toBe(status);
    expect(answer.body.errors.map((one) => one.path)).toContain(path);
    const { body } = await tracker.api<{ items: Rule[] }>('GET', rulesPath());
    expect(body.items.map((one) => one.is_set)).toEqual([false, false]);
  });

  it('refuses what names no experiment or no metric', async () => {
    expect((await tracker.api('PUT', `/api/experiments/99999/metric-rules?key=${KEY}`, {})).status).toBe(404);
    expect((await tracker.api('PUT', rulesPath(), {})).status).toBe(400);
    expect((await tracker.api('DELETE', `${rulesPath()}?key=nothing`)).status).toBe(404);
  });
});

describe('the page', () => {
  const page = (): string => `/experiments/${id}/metrics`;

  it('has a form for each metric, and says what is guessed', async () => {
    const html = await openPage(tracker, page());
    expect(html).toContain('last value; higher is better (guessed from the name)');
    expect(html.match(/name="direction"/g)).toHaveLength(2);
    expect(await openPage(tracker, `${page()}?q=nothing`)).toContain('No metric matches');
    expect(await readPage(tracker, `/experiments/${id}`)).toContain(`href="${page()}"`);
  });

  it('saves a form, and takes it back by one click', async () => {
    const saved = await tracker.form(page(), {
      ...{
        key: 'test/acc',
        back: page(),
        direction: '',
        value: 'mean_last',
        k: '2',
        by: 'val/loss',
        unit: '%',
        digits: '3',
      },
    });
    expect(saved.status).toBe(303);
    const flash = await tracker.get(page(), { cookie: cookieOf(saved.headers) });
    expect(flash.body).toContain('test/acc: saved.');
    const undo = /action="([^"]*metrics\/undo[^"]*)"/.exec(flash.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(await openPage(tracker, page())).toContain('mean of the last 2 values; higher is better');
    expect((await tracker.form(undo, {})).status).toBe(303);
    expect(await readPage(tracker, page())).not.toContain('mean of the last 2 values');
  });

  it('shows a wrong form again, with what was typed and why not', async () => {
    const { status, body } = await tracker.form(page(), {
      ...{
        key: 'test/acc',
        back: page(),
        direction: 'max',
        value: 'mean_last',
        k: 'many',
        by: '',
        unit: '',
        digits: '',
      },
    });
    expect(status).toBe(400);
    expect(body).toContain('value="many"');
    expect(body).toContain('last points: must be a whole number');
    const unknown = { key: 'nothing', value: 'last', direction: '' };
    expect((await tracker.form(page(), unknown)).status).toBe(404);
    expect((await tracker.form(page(), { value: 'last' })).status).toBe(400);
    expect((await tracker.form(`${page()}/undo?key=${KEY}&was=x`, {})).status).toBe(400);
    expect((await tracker.form(`${page()}/turn`, { key: 'nothing' })).status).toBe(404);
  });

  it('turns a direction by the button in the head of the table, with an undo', async () => {
    const turned = await tracker.form(`${page()}/turn`, { key: 'test/acc', back: `/experiments/${id}?order=name` });
    expect(turned.headers.get('location')).toBe(`/experiments/${id}?order=name`);
    const flash = await tracker.get(`/experiments/${id}`, { cookie: cookieOf(turned.headers) });
    expect(flash.body).toContain('test/acc: lower is better now.');
    expect(tableOf(flash.body).heads.map(({ text }) => text)).toContain('test/acc ↓');
    const undo = /action="([^"]*metrics\/undo[^"]*)"/.exec(flash.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    await tracker.form(undo, {});
    expect(tableOf(await openPage(tracker, `/experiments/${id}`)).heads.map(({ text }) => text)).toContain(
      'test/acc ↑',
    );
  });

  it('works with 300 metrics: pages, and a search', async () => {
    const metrics = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`m${i}/acc`, [i]]));
    const run = await addRun(tracker, { experiment: 'many', name: 'x', metrics });
    const html = await openPage(tracker, `/experiments/${run.experiment_id}/metrics`);
    expect(html.match(/name="direction"/g)).toHaveLength(50);
    expect(html).toContain('1 to 50 of 300 metrics');
    expect((await readPage(tracker, `/experiments/${run.experiment_id}/metrics?page=6`)).match(/name="direction"/g)).toHaveLength(50); // prettier-ignore
    expect((await readPage(tracker, `/experiments/${run.experiment_id}/metrics?q=m29`)).match(/name="direction"/g)).toHaveLength(11); // prettier-ignore
    expect((await tracker.get(`/experiments/${run.experiment_id}/metrics?page=0`)).status).toBe(400);
  });
});

it('runs of experiments with different rules are compared by last values, and it is said', async () => {
  const other = await addRun(tracker, { experiment: 'other', name: 'o', metrics: { 'test/acc': [0.99, 0.2] }, status: RunStatus.Finished }); // prettier-ignore
  await setRule({ value: 'best' });
  const { body } = await tracker.api<{ metrics: { key: string; rules_differ: boolean; values: ({ value: number } | null)[] }[] }>('GET', `/api/compare?run=${ids['a']}&run=${other.id}`); // prettier-ignore
  const line = body.metrics.find(({ key }) => key === 'test/acc');
  expect(line).toMatchObject({ rules_differ: true, values: [{ value: 0.1 }, { value: 0.2 }] });
  expect(await openPage(tracker, `/compare?run=${ids['a']}&run=${other.id}`)).toContain('last, rules differ');
});

function cookieOf(headers: Headers): string {
  return headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; '); // prettier-ignore
}
