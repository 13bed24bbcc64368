// tests/shared/one.test.ts
// Purpose: a row that must be there is there, or it is an error; nothing is stored for what is not there.
// Why: the number 0 in place of a missing row would tie data to nothing.
// Relevant files: shared/db/one.ts, experiments/changes.ts

import { expect, it } from 'vitest';
import { takeRunNumber } from '../../experiments/touch-changes.ts';
import { one } from '../../shared/db/one.ts';
import { startTracker } from '../support/tracker.ts';

it('is the first row', () => {
  expect(one([{ id: 7 }, { id: 8 }])).toEqual({ id: 7 });
  expect(one([0])).toBe(0);
});

it('throws where there is none', () => {
  expect(() => one([])).toThrow('no row');
});

it('an experiment that is not there gives no run numbers', async () => {
  const tracker = await startTracker();
  const { store } = tracker.app;
  await expect(store.write((tx) => takeRunNumber(tx, 99))).rejects.toThrow('no row');
  await tracker.api('POST', '/api/experiments', { name: 'numbered' });
  expect([await store.write((tx) => takeRunNumber(tx, 1)), await store.write((tx) => takeRunNumber(tx, 1))]).toEqual([
    1, 2,
  ]);
  await tracker.stop();
});
