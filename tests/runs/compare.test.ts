// tests/runs/compare.test.ts
// Purpose: comparing runs: the whole answer of the API, and the page with its marks, its sentence and its links.
// Why: "is B better than A, and what is different" is the question the product is for.
// Relevant files: runs/compare/compare.ts, runs/compare/compare-views.ts, runs/compare/compare-routes.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { tagsOf } from '../support/html.ts';
import { useTracker } from '../support/use.ts';
import {
  addRun,
  hrefOf,
  idOf,
  linesOf,
  linksOf,
  openPage,
  paragraphOf,
  readPage,
  tableOf,
  textOf,
  type Cell,
} from './page-support.ts';

const { Finished, Failed } = RunStatus;
const [A, B, C, OTHER] = [idOf('a'), idOf('b'), idOf('c'), idOf('d')];

const tracker = useTracker();
let made: RunDetail[];

beforeAll(async () => {
  const experiment = 'digits';
  made = [
    await addRun(tracker, {
      ...{ experiment, id: 'a', name: 'alpha', status: Finished, start_time: 0, end_time: 5000 },
      ...{ params: { lr: 0.1, opt: 'adam', epochs: 15 }, tags: { baseline: '', data: 'v1', 'mlflow.user': 'me' } },
      metrics: { 'val/acc': [0.5, 0.75], 'val/loss': [0.5, 0.25], size: [7], 'test/acc': [1] },
    }),
    await addRun(tracker, {
      ...{ experiment, id: 'b', name: 'beta', status: Failed, start_time: 0, end_time: 7000 },
      ...{ params: { lr: 0.2, opt: 'adam', epochs: 15, extra: '' }, tags: { data: 'v1' } },
      metrics: { 'val/acc': [0.875], 'val/loss': ['NaN', 'Infinity'], size: [7], 'test/acc': [1] },
    }),
    await addRun(tracker, {
      ...{
        experiment,
        id: 'c',
        name: 'gamma',
        status: Finished,
        start_time: 0,
        end_time: 5000,
        notes: '# Why\n\nbold',
      },
      ...{ params: { lr: 0.1, opt: 'sgd', epochs: 15 }, tags: { data: 'v1', baseline: 'x' } },
      metrics: { 'val/acc': [0.875], 'val/loss': [0.125], size: [7], 'test/acc': [1] },
    }),
  ];
  await addRun(tracker, { experiment: 'letters', id: 'd', name: 'other', status: Finished, params: { lr: 0.1 } });
});

const path = (...ids: (string | undefined)[]): string => `/compare?${ids.map((id) => `run=${id}`).join('&')}`;
const point = (step: number, value: number | string): object => ({ step, timestamp: step * 1000, value });

describe('GET /api/compare', () => {
  it('answers the whole comparison', async () => {
    const { status, body } = await tracker.api('GET', `/api${path(A, B, C)}`);
    expect(status).toBe(200);
    const finite = (values: number[]): object => {
      const at = (value: number): object => ({ value, step: values.indexOf(value) + 1 });
      return {
        ...{ count: values.length, first: point(1, values[0] ?? 0), last: point(values.length, values.at(-1) ?? 0) },
        ...{ min: at(Math.min(...values)), max: at(Math.max(...values)) },
        ...{ mean: values.reduce((sum, value) => sum + value, 0) / values.length },
        ...{ nonfinite_count: 0, nonfinite_step: null },
      };
    };
    const broken = {
      ...{ count: 2, first: point(1, 'NaN'), last: point(2, 'Infinity'), min: null, max: null, mean: null },
      ...{ nonfinite_count: 2, nonfinite_step: 1 },
    };
    /** Nobody has set a rule: the last values count. */
    const ruled = (direction: string | null, values: unknown[], steps: number[]): object => ({
      direction,
      rule: {
        ...{
          direction,
          direction_guessed: true,
          value: 'last',
          k: null,
          by: null,
          takes: 'last',
          unit: '',
          digits: null,
        },
      },
      rules_differ: false,
      values: values.map((value, i) => ({ value, step: steps[i] })),
    });
    expect(body).toEqual({
      runs: made.map(({ params: _params, metrics: _metrics, datasets: _datasets, ...run }) => run),
      params: {
        differ: [
          { key: 'extra', values: [null, '', null] },
          { key: 'lr', values: ['0.1', '0.2', '0.1'] },
          { key: 'opt', values: ['adam', 'adam', 'sgd'] },
        ],
        equal: [{ key: 'epochs', values: ['15', '15', '15'] }],
      },
      tags: {
        differ: [
          { key: 'baseline', values: ['', null, 'x'] },
          { key: 'mlflow.user', values: ['me', null, null] },
        ],
        equal: [{ key: 'data', values: ['v1', 'v1', 'v1'] }],
      },
      metrics: [
        {
          ...{ key: 'val/acc', ...ruled('max', [0.75, 0.875, 0.875], [2, 1, 1]), best: [B, C] },
          summaries: [finite([0.5, 0.75]), finite([0.875]), finite([0.875])],
        },
        {
          ...{ key: 'val/loss', ...ruled('min', [0.25, 'Infinity', 0.125], [2, 2, 1]), best: [C] },
          summaries: [finite([0.5, 0.25]), broken, finite([0.125])],
        },
        {
          ...{ key: 'test/acc', ...ruled('max', [1, 1, 1], [1, 1, 1]), best: [] },
          summaries: [finite([1]), finite([1]), finite([1])],
        },
        {
          ...{ key: 'size', ...ruled(null, [7, 7, 7], [1, 1, 1]), best: [] },
          summaries: [finite([7]), finite([7]), finite([7])],
        },
      ],
    });
  });

  it('keeps the order asked for, and a repeated run once', async () => {
    const { body } = await tracker.api<{ runs: { id: string }[]; params: { differ: object[] } }>(
      'GET',
      `/api${path(C, A, C)}`,
    );
    expect(body.runs.map(({ id }) => id)).toEqual([C, A]);
    expect(body.params.differ).toEqual([{ key: 'opt', values: ['sgd', 'adam'] }]);
  });

  it.each([
    ['one run', path(A), 400],
    ['one run twice', path(A, A), 400],
    ['none', '/compare', 400],
    ['no id', path(A, 'x'), 400],
    ['an unknown run', path(A, idOf('9')), 404],
  ])('refuses %s', async (_, where, status) => {
    const answer = await tracker.api<{ errors: { path: string }[] }>('GET', `/api${where}`);
    expect(answer.status).toBe(status);
    expect(answer.body.errors[0]?.path).toMatch(/^\?run/);
  });
});

describe('GET /compare', () => {
  const marks = (cells: Cell[]): string[] => cells.slice(1).map(({ classes }) => classes.slice(1).join(' '));

  it('shows what differs: params, own tags, facts', async () => {
    const html = await openPage(tracker, path(A, B, C));
    expect(textOf(html)).toContain('Compare 3 runs');
    const differs = tableOf(html, 0);
    expect(differs.heads.map(({ text }) => text)).toEqual(['param', 'alpha ×', 'beta ×', 'gamma ×']);
    expect(linesOf(differs)).toEqual({
      extra: ['–', '✓', '–'],
      lr: ['0.1', '0.2', '0.1'],
      opt: ['adam', 'adam', 'sgd'],
      'tag baseline': ['✓', '–', 'x'],
      state: ['finished', 'failed', 'finished'],
      took: ['5.00 s', '7.00 s', '5.00 s'],
      notes: ['', '', 'Why'],
    });
    expect(differs.rows[0]?.map(({ title }) => title).slice(1)).toEqual(['not set', '', 'not set']);
  });

  it('marks the best of each metric, all of a tie, and says where values are not finite', async () => {
    const table = tableOf(await readPage(tracker, path(A, B, C)), 1);
    expect(linesOf(table)).toEqual({
      'val/acc ↑': ['0.7500', '0.8750', '0.8750'],
      'val/loss ↓': ['0.2500', '∞', '0.1250'],
    });
    expect(table.rows.map(marks)).toEqual([
      ['', 'best', 'best'],
      ['', '', 'dn best'],
    ]);
    expect(table.rows[1]?.[2]?.html).toContain('<span class="chip bad" title="2 NaN/Inf from step 1">∞</span>');
    expect(table.rows[1]?.[1]?.title).toBe('0.25 at step 2; min 0.25, max 0.5');
  });

  it('folds what is equal into one line for params and tags, and one for metrics', async () => {
    const html = await readPage(tracker, path(A, B, C));
    const same = [...html.matchAll(/<p class="same">[\s\S]*?<\/p>/g)].map(([line]) => textOf(line));
    expect(same).toEqual(['Equal: epochs 15 data=v1', 'Equal: test/acc 1 · size 7']);
    const differs = [...tableOf(html, 0).rows, ...tableOf(html, 1).rows].map((row) => row[0]?.text);
    for (const key of ['epochs', 'tag data', 'tag mlflow.user', 'size']) expect(differs).not.toContain(key);
  });

  it('says in a sentence which run is best and by how much', async () => {
    const lead = async (...ids: (string | undefined)[]): Promise<string> =>
      paragraphOf(await readPage(tracker, path(...ids)), 'lead');
    expect(await lead(A, B)).toBe('Best val/acc 0.8750: beta, 0.1250 above alpha (highest last value)');
    expect(await lead(A, B, C)).toBe(
      'Best val/acc 0.8750: beta (shared by 2 runs), 0.1250 above alpha (highest last value)',
    );
    expect(await lead(B, C), 'nobody is best of equal ones').toBe('');
  });

  it('follows the main metric that the experiment has chosen; a loss is best when it is lowest', async () => {
    const at = `/api/experiments/${made[0]?.experiment_id}`;
    await tracker.api('PATCH', at, { main_metric: 'val/loss' });
    const html = await readPage(tracker, path(A, B, C));
    expect(paragraphOf(html, 'lead')).toBe('Best val/loss 0.1250: gamma, 0.1250 below alpha (lowest last value)');
    expect(tableOf(html, 1).rows[0]?.[0]?.text).toBe('val/loss ↓');
    await tracker.api('PATCH', at, { main_metric: null });
  });

  it('every remove link takes one run out and keeps the others and the view', async () => {
    const html = await readPage(tracker, `${path(A, B, C)}&metric=val%2Facc&x=time`);
    for (const [name, gone] of [
      ['alpha', A],
      ['beta', B],
      ['gamma', C],
    ]) {
      const url = new URL(hrefOf(html, `Remove ${name} from the comparison`), tracker.url);
      expect(url.pathname).toBe('/compare');
      expect(url.searchParams.getAll('run')).toEqual([A, B, C].filter((id) => id !== gone));
      expect([url.searchParams.get('metric'), url.searchParams.get('x')]).toEqual(['val/acc', 'time']);
    }
    const two = await readPage(tracker, hrefOf(html, 'Remove beta from the comparison'));
    expect(tableOf(two).heads.map(({ text }) => text)).toEqual(['param', 'alpha ×', 'gamma ×']);
  });

  it('offers the other runs of the experiment to be added', async () => {
    const html = await openPage(tracker, path(A, B));
    const form = /<form class="bar" method="get" action="\/compare">[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
    const sent = tagsOf(form).filter(({ name, attributes }) => name === 'input' && attributes.get('name') === 'run');
    expect(sent.map(({ attributes }) => attributes.get('value'))).toEqual([A, B]);
    const options = tagsOf(form).filter(({ name }) => name === 'option');
    expect(options.map(({ attributes }) => attributes.get('value'))).toEqual([C]);
    expect(await readPage(tracker, path(A, B, C))).not.toContain('aria-label="Run to add"');
  });

  it('compares runs of different experiments, and says so', async () => {
    const html = await openPage(tracker, path(A, OTHER));
    expect(linesOf(tableOf(html))).toMatchObject({ experiment: ['digits', 'letters'], opt: ['adam', '–'] });
    const crumbs = linksOf(html).filter(({ href }) => /^\/experiments\/\d+$/.test(href));
    expect(crumbs.map(({ text }) => text)).toEqual(['digits', 'letters']);
  });
});
