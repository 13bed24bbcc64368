// tests/shared/json.test.ts
// Purpose: JSON text keeps every double: −0, NaN, ±Infinity, the shortest digits that come back.
// Why: JSON.stringify loses four kinds of numbers without a word.
// Relevant files: shared/http/json.ts

import { expect, test } from 'vitest';
import { toJson } from '../../shared/http/json.ts';

test('numbers that JSON does not know', () => {
  const text = toJson({ a: -0, b: [NaN, Infinity, -Infinity, 0, -1], c: { d: -0 } });
  expect(text).toBe('{"a":-0,"b":["NaN","Infinity","-Infinity",0,-1],"c":{"d":-0}}');
  expect(Object.is((JSON.parse(text) as { a: number }).a, -0)).toBe(true);
});

test('finite doubles come back as they were', () => {
  const values = [5e-324, 1.7976931348623157e308, 0.1 + 0.2, 2 ** 53 - 1, -(2 ** 53), 1e21, 1e-7, Math.PI];
  expect(JSON.parse(toJson(values))).toEqual(values);
});

test('text that looks like a number stays text', () => {
  const values = ['-0', 'NaN', '"-0"', '-0 x', '\u2028', '\\'];
  expect(JSON.parse(toJson([...values, -0]))).toEqual([...values, -0]);
});

test('laid out with an indent', () => {
  expect(toJson({ a: -0 }, 2)).toBe('{\n  "a": -0\n}');
});
