// tests/runs/run-id.test.ts
// Purpose: ids of new runs are 32 hex digits, all different, and rise as time does.
// Why: what is kept under ids is written behind what is there; two ids that are equal would be one run.
// Relevant files: runs/run-id.ts

import { expect, test } from 'vitest';
import { newRunId } from '../../runs/run-id.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');

test('ids have 32 hex digits, differ, and rise', () => {
  const ids = Array.from({ length: 5_000 }, (_, i) => newRunId(NOW + Math.floor(i / 20)));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});

test('a clock that jumps back or stands at the beginning of time makes other ids, not the same', () => {
  const times = [NOW, NOW - 86_400_000, NOW, 0, 1, NOW];
  const ids = times.map(newRunId);
  expect(new Set(ids).size).toBe(times.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
});
