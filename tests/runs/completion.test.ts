// tests/runs/completion.test.ts
// Purpose: what is offered at each place of a filter: fields, values that there are, aggregates, orders; and nothing elsewhere.
// Why: an offer that does not fit, or takes the place of the wrong letters, is worse than none.
// Relevant files: runs/query/completion-place.ts, runs/query/completion-queries.ts, runs/query/completion-value-queries.ts

import { beforeAll, expect, it } from 'vitest';
import { parseFilter } from '../../runs/query/parser.ts';
import { useTracker } from '../support/use.ts';
import { addRun } from './page-support.ts';

const tracker = useTracker();

beforeAll(async () => {
  const metrics = { 'val/accuracy': [0.9], 'val acc': [1], 'train/loss': [0.1] };
  const adam = { optimizer: 'adam', lr: '0.1', note: 'has space' };
  await addRun(tracker, { experiment: 'digits', params: adam, tags: { team: 'vision', baseline: '' }, metrics });
  await addRun(tracker, { experiment: 'digits', params: adam, metrics });
  await addRun(tracker, { experiment: 'digits', params: { optimizer: 'sgd', lr: '0.01' } });
  await addRun(tracker, { experiment: 'other words', params: { optimizer: 'adagrad' } });
});

interface Offered {
  names: string[];
  from: number;
}

async function offered(before: string, more = ''): Promise<Offered> {
  const { status, body } = await tracker.api<{ items: { name: string }[]; from: number }>('GET', `/api/fields?before=${encodeURIComponent(before)}${more}`); // prettier-ignore
  expect(status, before).toBe(200);
  return { names: body.items.map(({ name }) => name), from: body.from };
}

const CASES: [before: string, names: string[], word: string][] = [
  ['', [], ''],
  ['a', [], 'a'],
  ['accu', ['metrics.val/accuracy'], 'accu'],
  ['metrics.val', ['metrics.val/accuracy', 'metrics."val acc"'], 'metrics.val'],
  ['lr > 1 and metrics."val a', ['metrics."val acc"'], 'metrics."val a'],
  ['params.optimizer = ', ['adam', 'adagrad', 'sgd'], ''],
  ['params.optimizer=a', ['adam', 'adagrad'], 'a'],
  ['params.optimizer in (adam, S', ['sgd'], 'S'],
  ['params.optimizer not in ("ad', ['adam', 'adagrad'], '"ad'],
  ['params.note != ', ['"has space"'], ''],
  ['tags.team = vis', ['vision'], 'vis'],
  ['name ~ x or status = st', ['stalled'], 'st'],
  ['state = fa', ['failed'], 'fa'],
  ['started > -', ['-1h', '-24h', '-7d', '-30d'], '-'],
  ['experiment = oth', ['"other words"'], 'oth'],
  ['metrics.val/accuracy > ', [], ''],
  ['metrics.val/accuracy ', [], ''],
  ['mea', ['mean(metrics.'], 'mea'],
  ['min(', ['metrics.train/loss)', 'metrics."val acc")', 'metrics.val/accuracy)'], ''],
  ['a and step(max(metrics.tr', ['metrics.train/loss)'], 'metrics.tr'],
  ['name ~ x ord', ['order by'], 'ord'],
  ['order by accu', ['metrics.val/accuracy'], 'accu'],
  ['a order by name ', ['asc', 'desc'], ''],
  ['a order by name d', ['desc'], 'd'],
  ['a order by name desc ', [], ''],
  ['a order by name desc, number, dur', ['duration'], 'dur'],
  ['a order by best(train', ['metrics.train/loss)'], 'train'],
  ['a ! b', [], ''],
];

it.each(CASES)('%s', async (before, names, word) => {
  const found = await offered(before);
  expect([...found.names].sort()).toEqual([...names].sort());
  if (word !== '' || names.length > 0) expect(before.slice(found.from)).toBe(word);
});

it('values come by how often they are said, of one experiment where it is named', async () => {
  expect((await offered('params.optimizer = ')).names[0]).toBe('adam');
  expect((await offered('params.optimizer = ', '&experiment=1')).names).toEqual(['adam', 'sgd']);
  expect((await offered('params.optimizer = ', '&experiment=1&limit=1')).names).toEqual(['adam']);
});

it.each([
  ['params.note != ', ''],
  ['params.optimizer in (adam, S', ')'],
  ['lr and metrics."val a', ' > 1'],
  ['a and step(max(metrics.tr', ') > 1'],
  ['a order by best(train', ''],
  ['experiment = oth', ''],
])('what is taken is read: %s', async (before, rest) => {
  const { names, from } = await offered(before);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(() => parseFilter(before.slice(0, from) + name + rest, 0), name).not.toThrow();
});

it('any text is answered', async () => {
  for (const before of [
    '"',
    "'a",
    'metrics."',
    '((((',
    ')',
    'in (',
    'x in (',
    'order by',
    'not',
    '=',
    ',',
    '@',
    'a'.repeat(1000),
  ])
    // prettier-ignore
    expect((await offered(before)).from, before).toBeLessThanOrEqual(before.length);
  expect((await tracker.api('GET', `/api/fields?before=${'a'.repeat(1001)}`)).status).toBe(400);
});
