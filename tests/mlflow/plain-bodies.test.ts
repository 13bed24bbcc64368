// tests/mlflow/plain-bodies.test.ts
// Purpose: the quick look at a body and its schema make the same of it, or the quick look leaves it to the schema.
// Why: what the quick look takes is never seen by the schema: it must take nothing that the schema reads otherwise.
// Relevant files: mlflow/plain-body.ts, mlflow/run-routes.ts, mlflow/log-body.ts, mlflow/bodies.ts

import { expect, it } from 'vitest';
import type { z } from 'zod';
import { randomOf } from '../../imports/random.ts';
import { readBody, type Fields } from '../../mlflow/bodies.ts';
import { readBatch } from '../../mlflow/log-body.ts';
import { plainBody, plainNewRun, plainUpdate } from '../../mlflow/plain-body.ts';
import { createBody, updateBody } from '../../mlflow/run-routes.ts';
import { check } from '../../mlflow/serve.ts';

const random = randomOf(17);
const pick = <T>(of: T[]): T => of[Math.floor(random() * of.length)] as T;
/** Raw JSON: some of it is nothing that JSON.stringify writes. */
const NUMBERS = ['0', '-0', '1', '1700000000000', '1.5', '1e3', '17.0', '-1', '9007199254740993', '8640000000000001'];
const TEXTS = [
  '""',
  '"a"',
  '"17"',
  '"é\\u0000"',
  '"\\ud800"',
  '"FINISHED"',
  '"RUNNING"',
  '"1700000000000"',
  '3',
  '"x y"',
];
const OTHERS = ['null', 'true', '[]', '{}', '[null]', '{"a":{"b":1}}'];
const IDS = [`"${'f'.repeat(32)}"`, '"run-1"', '""', '"-x"', '"é"', '7'];
const any = (): string => pick([pick(NUMBERS), pick(TEXTS), pick(TEXTS), pick(OTHERS)]);
const maybe = (likely: number, usual: () => string): string => (random() < likely ? usual() : any());

function pairs(): string {
  const one = (): string =>
    pick([
      `{"key":${maybe(0.9, () => pick(['"a"', '"b"', '"c/d"', '"__proto__"', '"a//b"']))},"value":${maybe(0.9, () => '"v"')}}`,
      '{"key":"k","value":"v"}',
      random() < 0.1
        ? pick(['{"key":"k"}', '{"key":"k","value":"v","more":1}', '7', 'null'])
        : '{"key":"l","value":""}',
    ]);
  return `[${Array.from({ length: Math.floor(random() * 4) }, one).join(',')}]`;
}

function bodyOf(fields: Record<string, () => string>): Buffer {
  const parts = Object.entries(fields).flatMap(([name, value]) => (random() < 0.7 ? [`"${name}":${value()}`] : []));
  return Buffer.from(random() < 0.02 ? '[]' : `{${parts.join(',')}}`);
}

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error.message : 'not an error';
  }
}

/** How many of 3,000 random bodies the quick look took; what it makes of each must be what the schema does. */
function compare(schema: z.ZodType, plain: (sent: Fields) => object | undefined, body: () => Buffer): number {
  let taken = 0;
  for (let i = 0; i < 3_000; i++) {
    const bytes = body();
    const sent = plainBody(bytes);
    const quick = sent && plain(sent);
    if (!quick) continue;
    taken += 1;
    const asked = outcome(() => check(schema, readBody(bytes)));
    expect(quick, bytes.toString()).toEqual(asked);
  }
  return taken;
}

it('a new run', () => {
  const taken = compare(createBody, plainNewRun, () =>
    bodyOf({
      experiment_id: () => maybe(0.9, () => pick(['"0"', '"17"', '"1234567890123456"'])),
      user_id: () => maybe(0.8, () => '"me"'),
      run_name: () => maybe(0.8, () => pick(TEXTS)),
      start_time: () => maybe(0.8, () => pick(NUMBERS)),
      tags: () => maybe(0.9, pairs),
      ...(random() < 0.1 && { other: any }),
    }),
  );
  expect(taken).toBeGreaterThan(300);
});

it('what a run is said to be', () => {
  const taken = compare(updateBody, plainUpdate, () =>
    bodyOf({
      run_uuid: () => maybe(0.8, () => pick(IDS)),
      run_id: () => maybe(0.9, () => pick(IDS)),
      status: () => maybe(0.8, () => pick(['"FINISHED"', '"FAILED"', '1', '9', '"finished"'])),
      end_time: () => maybe(0.8, () => pick(NUMBERS)),
      run_name: () => maybe(0.8, () => pick(TEXTS)),
      ...(random() < 0.1 && { other: any }),
    }),
  );
  expect(taken).toBeGreaterThan(150);
});

it('a batch of params and tags', () => {
  let taken = 0;
  for (let i = 0; i < 3_000; i++) {
    const [params, tags] = [maybe(0.9, pairs), maybe(0.9, pairs)];
    const rest = `"metrics":[],"params":${params},"tags":${tags}}`;
    const quick = outcome(() => readBatch(Buffer.from(`{"run_id":"${'f'.repeat(32)}",${rest}`)));
    // An id in capitals is left to the schema, which takes it.
    const asked = outcome(() => readBatch(Buffer.from(`{"run_id":"${'F'.repeat(32)}",${rest}`)));
    if (typeof quick === 'object') taken += 1;
    expect(quick, rest).toEqual(typeof asked === 'object' ? { ...asked, run_id: 'f'.repeat(32) } : asked);
  }
  expect(taken).toBeGreaterThan(500);
});
