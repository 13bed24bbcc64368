// tests/runs/log-body.test.ts
// Purpose: the fast check of a log body says exactly what its Zod schema says, on thousands of right and wrong bodies.
// Why: two checks of one thing must not drift apart.
// Relevant files: runs/log-body.ts, runs/schemas.ts

import { expect, test } from 'vitest';
import { parseLogBody, plainParts } from '../../runs/log-body.ts';
import { logBody, logQuery, runParams } from '../../runs/schemas.ts';
import { zodErrors } from '../../shared/http/field-errors.ts';
import { LIMITS } from '../../shared/limits.ts';
import { randomFrom } from '../support/random.ts';

function said(result: ReturnType<typeof logBody.safeParse>): unknown {
  return result.success ? result.data : zodErrors(result.error);
}

function expectSame(body: unknown): boolean {
  const bySchema = logBody.safeParse(body);
  expect(said(parseLogBody(body))).toEqual(said(bySchema));
  return bySchema.success;
}

const ODD = [null, undefined, 0, -1.5, 'x', '', true, [], {}, Infinity, NaN, [1], { key: 'a' }, 1e300, 'NaN'];

test('3,000 random bodies, about half of them wrong', () => {
  const random = randomFrom(7);
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const maybe = (chance: number, value: unknown, other: unknown): unknown => (random() < chance ? value : other);
  let right = 0;
  for (let i = 0; i < 3_000; i++) {
    const metrics = Array.from({ length: Math.floor(random() * 4) }, () => {
      const item: Record<string, unknown> = { key: maybe(0.05, pick(ODD), 'loss'), value: maybe(0.1, pick(ODD), 1) };
      if (random() < 0.6) item['step'] = maybe(0.1, pick(ODD), 3);
      if (random() < 0.4) item['timestamp'] = maybe(0.1, pick(ODD), 1e12);
      if (random() < 0.03) item['epoch'] = 1;
      if (random() < 0.03) delete item['value'];
      return maybe(0.03, pick(ODD), item);
    });
    const body: Record<string, unknown> = { metrics: maybe(0.05, pick(ODD), metrics) };
    if (random() < 0.4) body['params'] = maybe(0.1, pick(ODD), { lr: pick(ODD), n: 1 });
    if (random() < 0.4) body['tags'] = maybe(0.1, pick(ODD), { kept: '', other: maybe(0.2, pick(ODD), 'v') });
    if (random() < 0.03) body['more'] = 1;
    if (random() < 0.1) delete body['metrics'];
    if (expectSame(maybe(0.02, pick(ODD), body))) right += 1;
  }
  expect(right).toBeGreaterThan(1_000);
  expect(right).toBeLessThan(2_500);
});

test('as many points as are allowed, and one more', () => {
  const point = { key: 'a', value: 1 };
  expect(expectSame({ metrics: Array(LIMITS.batchMetrics).fill(point) })).toBe(true);
  expect(expectSame({ metrics: Array(LIMITS.batchMetrics + 1).fill(point) })).toBe(false);
});

test('path and query that are known for right are what their schemas say, and nothing wrong is known for right', () => {
  const id = 'a1'.repeat(16);
  const ids: unknown[] = [
    id,
    id.toUpperCase(),
    `${id}\n`,
    `${id}0`,
    id.slice(1),
    '',
    'x',
    undefined,
    null,
    1,
    [id],
    {},
  ];
  for (const one of ids) {
    const bySchema = runParams.safeParse({ id: one });
    expect(plainParts.params({ id: one })).toBe(bySchema.success);
    if (bySchema.success) expect(bySchema.data).toEqual({ id: one });
  }
  const queries: Record<string, unknown>[] = [
    { attempt: id },
    { attempt: 'x' },
    { attempt: '' },
    { more: '1' },
    { '': '' },
  ];
  for (const query of queries) expect(plainParts.querystring(query)).toBe(false);
  expect(plainParts.querystring({})).toBe(true);
  expect(logQuery.parse({})).toEqual({});
});
