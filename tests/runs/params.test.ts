// tests/runs/params.test.ts
// Purpose: what is said about params that look odd: typos, spellings, mixed values; the page, its links, the API.
// Why: a false alarm is as bad as a silence, and each remark must lead to the runs it is about.
// Relevant files: runs/params/param-remarks.ts, runs/params/param-views.ts, runs/params/param-routes.ts

import { beforeAll, describe, expect, it, vi } from 'vitest';
import { paramsCommand } from '../../runs/params/param-command.ts';
import { kindOfValue, remarksOf, type ParamFacts } from '../../runs/params/param-remarks.ts';
import { settingsOf } from '../support/database.ts';
import { faultsOf } from '../support/html.ts';
import { useTracker } from '../support/use.ts';
import { addRun, linksOf, openPage, textOf } from './page-support.ts';

describe('what a value is', () => {
  it.each([
    ['0.1', 'number'],
    ['1e-3', 'number'],
    ['-inf', 'number'],
    ['-nan', 'number'],
    ['1_000', 'text'],
    ['constructor', 'text'],
    ['NaN', 'number'],
    ['None', 'none'],
    ['null', 'none'],
    ['', 'none'],
    ['auto', 'text'],
    ['True', 'text'],
    ['3 layers', 'text'],
  ])('%j is a %s', (value, kind) => {
    expect(kindOfValue(value)).toBe(kind);
  });
});

const fact = (key: string, runs: number, kinds: ParamFacts['kinds'] = {}): ParamFacts => ({
  key,
  runs,
  values: 1,
  kinds,
});

/** `learning_rte: typo learning_rate` */
const said = (...params: ParamFacts[]): string[] =>
  [...remarksOf(params)].flatMap(([key, remarks]) =>
    remarks.map(({ kind, other, odd }) => `${key}: ${kind} ${other?.key ?? odd?.example ?? ''}`),
  );

it('a rare key near a frequent one is a likely typo, one that only counts is not', () => {
  expect(said(fact('learning_rate', 20), fact('learning_rte', 1))).toEqual(['learning_rte: typo learning_rate']);
  for (const [frequent, rare, runs] of [
    ['beta1', 'beta2', 1],
    ['layer.10', 'layer.11', 1],
    ['lr', 'l2', 1],
    ['depth', 'width', 1],
    ['dropout', 'dropot', 3],
  ] as const)
    expect(said(fact(frequent, 20), fact(rare, runs)), rare).toEqual([]);
});

it('a typo of a long key is in one place', () => {
  const key = (begin: string, end: string): string => `${begin}.encoder.layers.attention.${end}`;
  expect(said(fact(key('model', 'dropout'), 20), fact(key('model', 'drpout'), 1))).toHaveLength(1);
  expect(said(fact(key('model', 'dropout'), 20), fact(key('nodel', 'drpout'), 1))).toEqual([]);
});

it('the same word written in two ways is said of both', () => {
  expect(said(fact('batch_size', 9), fact('batchSize', 4), fact('batch', 9))).toEqual([
    'batch_size: spelling batchSize',
    'batchSize: spelling batch_size',
  ]);
  expect(said(fact('学習率', 9), fact('_', 9), fact('__', 9))).toEqual([]);
});

it('texts among numbers and numbers among texts are told by the rarer ones, None apart', () => {
  const number = { runs: 8, example: '0.1' };
  const text = { runs: 2, example: 'auto' };
  expect(said(fact('lr', 10, { number, text }))).toEqual(['lr: mixed auto']);
  expect(said(fact('lr', 10, { number: { runs: 2, example: '0.1' }, text: { runs: 8, example: 'auto' } }))).toEqual([
    'lr: mixed 0.1',
  ]);
  expect(said(fact('lr', 10, { number, none: { runs: 1, example: 'None' } }))).toEqual(['lr: none None']);
  expect(said(fact('name', 10, { text, none: text }), fact('x', 3, { number }))).toEqual([]);
});

describe('over HTTP', () => {
  const tracker = useTracker();
  let path = '';
  beforeAll(async () => {
    for (let i = 0; i < 12; i++) {
      const params = {
        [i === 5 ? 'learning_rte' : 'learning_rate']: '0.1',
        ...(i < 3 ? { batchSize: 32 } : { batch_size: 32 }),
        'a "b", <c>': i === 7 ? 'say "hi"' : String(i),
        clip: i === 2 ? 'None' : '1',
        plain: 'x',
      };
      const run = await addRun(tracker, { experiment: 'odd params', name: `r${i}`, params });
      path = `/experiments/${run.experiment_id}`;
    }
    const gone = await addRun(tracker, { experiment: 'odd params', name: 'gone', params: { plain: 5 } });
    await tracker.api('DELETE', `/api/runs/${gone.id}`);
  });

  it('the page says how many look odd, and each remark leads to its runs', async () => {
    const html = await openPage(tracker, `${path}/params`);
    expect(await faultsOf(html)).toEqual([]);
    expect(textOf(html)).toContain('5 of 7 params look odd.');
    expect(textOf(html)).toContain('In 1 run only: is learning_rate meant?');
    expect(textOf(html)).toContain('Also written batch_size, in 9 runs.');
    expect(textOf(html)).toContain('Numbers and texts: 1 of 12 runs have such as "say \\"hi\\"".');
    expect(textOf(html)).toContain('No number in 1 of 12 runs, but "None".');
    const found: string[][] = [];
    for (const { href, text } of linksOf(html)) {
      if (text !== 'Show the runs') continue;
      const at = new URL(href, tracker.url);
      expect((await tracker.get(at.pathname + at.search)).status).toBe(200);
      const { body } = await tracker.api<{ items: { name: string }[] }>('GET', `/api/runs?experiment=${at.pathname.split('/')[2]}&where=${encodeURIComponent(at.searchParams.get('where') ?? '')}`); // prettier-ignore
      found.push(body.items.map(({ name }) => name).sort());
    }
    expect(found.map((names) => (names.length > 3 ? names.length : names.join(' ')))).toEqual([
      'r7',
      'r0 r1 r2',
      9,
      'r2',
      'r5',
    ]);
  });

  it('the API says the same, with a filter for each remark', async () => {
    const { body } = await tracker.api<{ items: { key: string; runs: number; values: number; kinds: object; remarks: { kind: string; where: string }[] }[]; total: number }>('GET', `/api${path}/params`); // prettier-ignore
    expect(body.total).toBe(7);
    expect(body.items.map(({ key, remarks }) => [key, ...remarks.map(({ kind }) => kind)])).toEqual([
      ['a "b", <c>', 'mixed'],
      ['batchSize', 'spelling'],
      ['batch_size', 'spelling'],
      ['clip', 'none'],
      ['learning_rte', 'typo'],
      ['learning_rate'],
      ['plain'],
    ]);
    expect(body.items.find(({ key }) => key === 'clip')).toMatchObject({
      runs: 12,
      values: 2,
      kinds: { number: 11, none: 1 },
    });
    for (const { remarks } of body.items)
      for (const { where } of remarks) {
        const runs = await tracker.api<{ total: number }>('GET', `/api/runs?experiment=${path.split('/')[2]}&where=${encodeURIComponent(where)}`); // prettier-ignore
        expect([where, runs.status, runs.body.total > 0]).toEqual([where, 200, true]);
      }
  });

  it('all values that are odd are a click away, as far as a filter is long', async () => {
    const odd = ['auto', 'say "hi", (all)', 'auto', 'null', '2 layers', 'constructor'];
    const long = Array.from({ length: 3 }, (_, i) => `${i} ${'x'.repeat(400)}`);
    let experiment = 0;
    for (const [i, lr] of [...odd, ...long.map(() => '1'), ...Array.from({ length: 9 }, () => '0.1')].entries()) {
      const params = { lr, depth: long[i - odd.length] ?? String(i) };
      ({ experiment_id: experiment } = await addRun(tracker, { experiment: 'many odd values', name: `r${i}`, params }));
    }
    const { body } = await tracker.api<{ items: { key: string; remarks: { where: string }[] }[] }>('GET', `/api/experiments/${experiment}/params`); // prettier-ignore
    const filters = body.items.flatMap(({ remarks }) => remarks.map(({ where }) => where));
    const found: string[] = [];
    for (const where of filters) {
      const runs = await tracker.api<{ items: { name: string }[] }>('GET', `/api/runs?experiment=${experiment}&where=${encodeURIComponent(where)}`); // prettier-ignore
      found.push(runs.body.items.map(({ name }) => name).sort().join(' '));
    }
    // Two of the three long ones fit into a filter; `null` says that there is none, and is a remark of its own.
    expect(found).toEqual(['r6 r7', 'r0 r1 r2 r4 r5', 'r3']);
  }); // prettier-ignore

  it('the command says the same, as lines and as JSON', async () => {
    const run = async (name: string, json: boolean): Promise<[out: string, err: string]> => {
      const out = vi.spyOn(console, 'log').mockImplementation(() => undefined);
      const err = vi.spyOn(console, 'error').mockImplementation(() => undefined);
      try {
        await paramsCommand(await settingsOf(tracker.folder), name, { json });
        return [out.mock.calls.flat().join('\n'), err.mock.calls.flat().join('\n')];
      } finally {
        vi.restoreAllMocks();
      }
    };
    const [lines, count] = await run('odd params', false);
    expect(count).toBe('5 of 7 params look odd.');
    expect(lines.split('\n').map((line) => line.split(/ {2,}/))[5]).toEqual([
      ...['learning_rte', '1', '1', 'number', 'In 1 run only: is learning_rate meant?'],
    ]);
    const { body } = await tracker.api('GET', `/api${path}/params`);
    expect(JSON.parse((await run(path.split('/')[2] ?? '', true))[0])).toEqual(body);
    await expect(run('nobody', false)).rejects.toThrow('There is no experiment "nobody".');
  });

  it('where nothing looks odd there is no column for it', async () => {
    const run = await addRun(tracker, { experiment: 'tidy', params: { lr: 0.1 } });
    const html = await openPage(tracker, `/experiments/${run.experiment_id}/params`);
    expect(textOf(html)).toContain('Nothing looks odd about the one param.');
    expect(html).not.toContain('remarks');
  });

  it('without params the page says so; of an experiment that is not there it is a 404', async () => {
    const { body } = await tracker.api<{ id: number }>('POST', '/api/experiments', { name: 'none' });
    expect(textOf(await openPage(tracker, `/experiments/${body.id}/params`))).toContain('No params yet');
    expect((await tracker.get('/experiments/99999/params')).status).toBe(404);
    expect((await tracker.api('GET', '/api/experiments/99999/params')).status).toBe(404);
  });
});
