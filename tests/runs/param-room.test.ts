// tests/runs/param-room.test.ts
// Purpose: long values of params leave room for the metrics, and stay different where they differ.
// Why: a column is there because its values differ; cut alike it says nothing.
// Relevant files: runs/table/param-room.ts, runs/table/table-views.ts

import { expect, test } from 'vitest';
import type { TableRow } from '../../runs/table/cell-queries.ts';
import { paramTexts, type ParamText } from '../../runs/table/param-room.ts';
import { ColumnKind, Width, type Column } from '../../runs/view/columns.ts';
import { randomFrom } from '../support/random.ts';

function textsOf(params: Record<string, string>[], widths: Record<string, Width> = {}, numeric: string[] = []): ParamText {
  const rows = params.map((one) => ({ params: new Map(Object.entries(one)) })) as unknown as TableRow[];
  const keys = [...new Set(params.flatMap((one) => Object.keys(one)))];
  const columns = keys.map((key) => ({ kind: ColumnKind.Param, key, field: `params.${key}`, width: widths[key] ?? Width.Normal })) as Column[]; // prettier-ignore
  return paramTexts(rows, columns, new Set(numeric));
} // prettier-ignore

test('paths that differ in their middle are shown from shortly before it', () => {
  const path = (shard: string): string => `/mnt/storage/datasets/imagenet/2012/train/shard-${shard}-of-01024.tfrecord`;
  const shown = textsOf([
    { path: path('00001'), a: 'x'.repeat(60) },
    { path: path('00702'), a: 'y'.repeat(60) },
  ]);
  expect(shown('path', path('00001'))).toBe('…rd-00001-of-01024.tfrecord');
  expect(shown('path', path('00001')).length).toBeLessThanOrEqual(36);
  expect(shown('a', 'x'.repeat(60))).toBe(`${'x'.repeat(18)}…${'x'.repeat(17)}`);
});

test('few or short ones are shown as ever: forty characters, wide ones four hundred, numbers whole', () => {
  expect(textsOf([{ a: 'x'.repeat(60) }])('a', 'x'.repeat(60))).toHaveLength(40);
  expect(textsOf([{ a: 'x'.repeat(60) }], { a: Width.Wide })('a', 'x'.repeat(60))).toHaveLength(60);
  const digits = '0.12345678901234567890123456789';
  const many = Object.fromEntries(Array.from({ length: 8 }, (_, place) => [`k${place}`, digits]));
  expect(textsOf([many], {}, Object.keys(many))('k0', digits)).toBe(digits);
  expect(textsOf([many])('k0', digits)).toHaveLength(14);
});

test('whatever the values: never longer than the room, never half a character, different if they part early', () => {
  const random = randomFrom(5);
  for (let round = 0; round < 200; round += 1) {
    const start = '🙂ab'.repeat(Math.floor(random() * 20));
    const values = Array.from({ length: 5 }, (_, place) => `${start}${place}${'é🙂z'.repeat(Math.floor(random() * 30))}`);
    const shown = textsOf(values.map((value) => ({ a: value, b: value })));
    const texts = values.map((value) => shown('a', value));
    expect(new Set(texts).size).toBe(values.length);
    for (const text of texts) expect([text.isWellFormed(), [...text].length <= 40]).toEqual([true, true]);
  }
}); // prettier-ignore
