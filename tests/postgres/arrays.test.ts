// tests/postgres/arrays.test.ts
// Purpose: arrays in PostgreSQL's binary format come back as the numbers that went in.
// Why: points and summaries go that way; a wrong bit is a wrong value, and nobody would see it.
// Relevant files: shared/db/postgres-arrays.ts, runs/point-rows.ts

import { expect, it } from 'vitest';
import { bigints, doubles } from '../../shared/db/postgres-arrays.ts';
import { randomFrom } from '../support/random.ts';
import { useStore } from '../support/use.ts';

const { store } = useStore();

async function back(type: string, array: Buffer): Promise<(string | null)[]> {
  const sql = `select coalesce(array_agg(x::text order by i), '{}') as texts from unnest(?::${type}[]) with ordinality as u (x, i)`;
  return (await store.read.execute<{ texts: (string | null)[] }>(sql, [array])).rows[0]?.texts ?? [];
}

it('whole numbers', async () => {
  const random = randomFrom(7);
  const edges = [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32), 2 ** 32 - 1, -(2 ** 32) - 1];
  const any = Array.from({ length: 500 }, () => Math.round((random() - 0.5) * 2 ** Math.floor(54 * random())));
  const values = [...edges, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, null, 1_764_000_000_000, ...any];
  expect(await back('bigint', bigints(values))).toEqual(
    values.map((value) => (value === null ? null : `${value + 0}`)),
  );
  expect(await back('bigint', bigints([]))).toEqual([]);
});

it('doubles', async () => {
  const values = [0.1, -2.5, 5e-324, Number.MAX_VALUE, Infinity, -Infinity, NaN, null, 1 / 3, 0];
  const there = (await back('double precision', doubles(values))).map((text) => (text === null ? null : Number(text)));
  expect(there).toEqual(values);
  expect(await back('double precision', doubles([-0]))).toEqual(['-0']);
});
