// tests/shared/line-writer.test.ts
// Purpose: numbers and times written digit by digit are those of `String` and `Date.toISOString`, any of them.
// Why: a wrong digit in one of ten million lines would be seen by nobody.
// Relevant files: shared/line-writer.ts, shared/cells.ts

import { expect, it } from 'vitest';
import { LineWriter, utf8 } from '../../shared/line-writer.ts';

function written(write: (lines: LineWriter) => void): string {
  const lines = new LineWriter();
  write(lines);
  return Buffer.from(lines.take()).toString();
}

const EDGES = Array.from({ length: 16 }, (_, power) => 10 ** power).flatMap((n) => [n - 1, n, n + 1]);
const POWERS = [2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 31 * 1e6 - 1, 2 ** 31 * 1e6, Number.MAX_SAFE_INTEGER];
const INTEGERS = [...EDGES, ...POWERS].flatMap((n) => [n, n === 0 ? 0 : -n]);

it('whole numbers', () => {
  const lines = written((to) => INTEGERS.forEach((n) => to.int(n).ascii(' ')));
  expect(lines).toBe(INTEGERS.map((n) => `${n} `).join(''));
});

it('times, before 1970 and far away too', () => {
  const around = [0, 1_700_000_000_000, -62_198_755_200_000, 253_402_300_800_000, 8.64e15 - 100_000];
  const times = around.flatMap((ms) => [0, 1, 9, 10, 99, 100, 999, 1000, 59_999, 60_000, 61_007].map((n) => ms + n));
  expect(written((to) => times.forEach((ms) => to.time(ms).ascii(' ')))).toBe(
    times.map((ms) => `${new Date(ms).toISOString()} `).join(''),
  );
  expect(() => new LineWriter().time(9e15)).toThrow('Invalid time value');
});

it('any text, and more than it has room for at first', () => {
  const text = 'ünï 模型 🚀\r\n'.repeat(10_000);
  const lines = new LineWriter();
  lines.int(1).bytes(utf8(text)).ascii('x'.repeat(300_000)).time(0);
  const taken = lines.take();
  expect(Buffer.from(taken).toString()).toBe(`1${text}${'x'.repeat(300_000)}1970-01-01T00:00:00.000Z`);
  // What was taken is not written into again.
  expect(Buffer.from(lines.int(22).take()).toString()).toBe('22');
  expect(taken[0]).toBe('1'.charCodeAt(0));
});
