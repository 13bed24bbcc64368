// tests/shared/json-measure.test.ts
// Purpose: depth and laid-out length against what JSON.stringify really makes.
// Why: a preview is refused, and a request too, on these numbers.
// Relevant files: shared/json-measure.ts

import { expect, test } from 'vitest';
import { measureJson } from '../../shared/json-measure.ts';

test('the depth counts brackets outside of strings', () => {
  for (const [text, depth] of [
    ['', 0],
    ['1', 0],
    ['[]', 1],
    ['{"a":[{}],"b":[]}', 3],
    ['"[[[["', 0],
    ['["\\"[[[","\\\\",[]]', 2],
    ['['.repeat(64), 64],
    ['['.repeat(1_000_000), 65],
  ] as const)
    expect(measureJson(text).depth, text.slice(0, 30)).toBe(depth);
});

test('the laid-out text is never longer, and hardly shorter, than is said', () => {
  for (const value of [
    [1, 2.5, null, 'a,b:[{'],
    { a: [{ b: [[[1]]], c: 'x\n"' }], d: { e: {} } },
    Array.from({ length: 100 }, (_, i) => ({ key: 'loss', step: i, value: [i] })),
  ]) {
    const made = JSON.stringify(value, null, 2).length;
    const { laidOut } = measureJson(JSON.stringify(value));
    expect(laidOut).toBeGreaterThanOrEqual(made);
    expect(laidOut).toBeLessThanOrEqual(made + 20);
  }
});
