// tests/runs/default-columns.test.ts
// Purpose: which columns a table has that nobody has set up.
// Why: what differs must be seen at first sight, and what says nothing must not take its place.
// Relevant files: runs/view/default-columns.ts, runs/view/columns.ts

import { expect, it } from 'vitest';
import { columnsOf } from '../../runs/view/columns.ts';
import { defaultMetrics, defaultParams } from '../../runs/view/default-columns.ts';

const spread = (key: string, min: number | null, max: number | null): Parameters<typeof defaultMetrics>[2][number] => ({
  key,
  min,
  max,
  ended: 1,
});

it('metrics with a direction come first, then the others by how much they vary, never those of progress', () => {
  const keys = ['width', 'constant', 'epoch', 'loss', 'depth', 'none', 'huge'];
  const spreads = [
    spread('width', 10, 11),
    spread('constant', 5, 5),
    spread('depth', -1, 1),
    spread('none', null, null),
    spread('huge', 1, Infinity),
  ];
  expect(defaultMetrics(keys, 'loss', spreads)).toEqual(['loss', 'depth', 'huge', 'width']);
  expect(defaultMetrics(['a', 'b', 'loss'], 'a', [spread('b', 0, 0)])).toEqual(['a', 'loss', 'b']);
});

it('enough metrics with a direction stand alone', () => {
  expect(defaultMetrics(['acc', 'loss', 'val/acc', 'x'], 'val/acc', [])).toEqual(['val/acc', 'acc', 'loss']);
});

it('a metric that several runs ended with alike is no column, unless it is the main one or somebody said something of it', () => {
  const same = (key: string): Parameters<typeof defaultMetrics>[2][number] => ({ ...spread(key, 5, 5), ended: 2 });
  const keys = ['acc', 'loss', 'val/acc', 'f1'];
  const spreads = [same('loss'), same('val/acc'), spread('acc', 5, 5), spread('f1', 0, 1)];
  expect(defaultMetrics(keys, 'acc', spreads)).toEqual(['acc', 'f1']);
  expect(defaultMetrics(keys, 'val/acc', spreads)).toEqual(['val/acc', 'acc', 'f1']);
  expect(defaultMetrics(keys, 'acc', spreads, undefined, (key) => key === 'loss')).toEqual(['acc', 'f1', 'loss']);
  expect(defaultMetrics(['a', 'b'], 'a', [same('a'), same('b')])).toEqual(['a']);
});

it('params that differ: most varied first, repeats last', () => {
  const param = (key: string, values: number): Parameters<typeof defaultParams>[0][number] => ({
    ...{ key, values },
    ...{ runs: 9, least: '' },
  });
  const all = [param('seed', 9), param('a', 2), param('b', 5), param('same', 1), param('c', 2)];
  expect(defaultParams(all, (key) => key === 'seed')).toEqual(['b', 'a', 'c', 'seed']);
});

it('what is no column is none', () => {
  expect(columnsOf(['params.', 'name', 'constructor', 'metrics.a.b', 'tags.x'], { wide: ['tags.x'] })).toEqual([
    { field: 'metrics.a.b', kind: 'metric', key: 'a.b', width: '' },
    { field: 'tags.x', kind: 'tag', key: 'x', width: 'wide' },
  ]);
});
