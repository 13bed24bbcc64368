// tests/faults/load.ts
// Purpose: clients that log what is hard to log (late, repeated, non-finite) and know exactly what was acknowledged.
// Why: "nothing lost, nothing twice" is only as good as the account that it is compared with.
// Relevant files: tests/faults/kill.test.ts, tests/faults/account.ts, runs/ingest.ts

import { expect } from 'vitest';
import type { Random } from '../../imports/random.ts';
import type { Receipt } from '../../runs/schemas.ts';
import type { Point } from '../../runs/summary.ts';

/** What is sent as JSON for a value. */
export type Wire = number | 'NaN' | 'Infinity' | '-Infinity';

/** One run's data as a client had it acknowledged. */
export interface Account {
  run: string;
  /** By key, then by the point's own text: an identical point is the same point. */
  series: Map<string, Map<string, Point>>;
  params: Map<string, string>;
  tags: Map<string, string>;
}

export interface Batch {
  metrics: { key: string; value: Wire; step: number; timestamp: number }[];
  params: Record<string, string>;
  tags: Record<string, string>;
}

export function newAccount(run: string): Account {
  return { run, series: new Map(), params: new Map(), tags: new Map() };
}

const VALUES: Wire[] = ['NaN', 'Infinity', '-Infinity', -0, 0, 1e308, -1e308, 5e-324];
const EPOCH = 1_700_000_000_000;

/** A batch that mostly goes on, and sometimes is late, repeats what was sent before, or itself. `name`: of the client. */
export function makeBatch(random: Random, name: string, number: number): Batch {
  const pick = (below: number): number => Math.floor(random() * below);
  const metrics: Batch['metrics'] = [];
  for (let left = 1 + pick(30); left > 0; left--) {
    const before = metrics.at(-1);
    if (before && pick(10) === 0) metrics.push(before);
    const step = pick(4) === 0 ? pick(number * 10 + 1) : number * 10 + metrics.length;
    const value = pick(6) === 0 ? (VALUES[pick(VALUES.length)] ?? 0) : random() - 0.5;
    // Few values of few steps, so that another batch says exactly the same again now and then.
    metrics.push({ key: `${name}/${pick(3)}`, step, timestamp: EPOCH + (step % 7), value: pick(3) === 0 ? 1 : value });
  }
  const params: Batch['params'] = pick(3) === 0 ? { [`${name}/p${number}`]: `value ${number}` } : {};
  return { metrics, params, tags: { [`${name} last`]: String(number) } };
}

/** What of a batch the account does not hold yet. */
export function newIn(account: Account, batch: Batch): number {
  const fresh = new Set(batch.metrics.map(textOf));
  for (const points of account.series.values()) for (const text of fresh) if (points.has(text)) fresh.delete(text);
  const params = Object.keys(batch.params).filter((key) => !account.params.has(key)).length;
  const tags = Object.entries(batch.tags).filter(([key, value]) => account.tags.get(key) !== value).length;
  return fresh.size + params + tags;
}

export function sizeOf({ metrics, params, tags }: Batch): number {
  return metrics.length + Object.keys(params).length + Object.keys(tags).length;
}

export function enter(account: Account, { metrics, params, tags }: Batch): void {
  for (const point of metrics) {
    const series = account.series.get(point.key) ?? new Map<string, Point>();
    account.series.set(point.key, series);
    series.set(textOf(point), { step: point.step, timestamp: point.timestamp, value: Number(point.value) });
  }
  for (const [key, value] of Object.entries(params)) account.params.set(key, value);
  for (const [key, value] of Object.entries(tags)) account.tags.set(key, value);
}

function textOf({ key, step, timestamp, value }: Batch['metrics'][number]): string {
  return `${key} ${step} ${timestamp} ${Object.is(value, -0) ? '-0' : value}`;
}

/** JSON has −0, but JSON.stringify does not write it. */
export function jsonOf(body: unknown): string {
  return JSON.stringify(body, (_key, value: unknown) => (Object.is(value, -0) ? '\0' : value)).replaceAll(
    '"\\u0000"',
    '-0',
  );
}

/** One client on one run: a batch at a time; what was not answered is sent again, the same. */
export class Client {
  readonly account: Account;
  readonly #name: string;
  readonly #random: Random;
  #number = 0;
  #unanswered: Batch | undefined;
  /** Batches that had been stored though nobody had been told. */
  found = 0;
  acknowledged = 0;

  constructor(run: string, name: string, random: Random) {
    this.account = newAccount(run);
    this.#name = name;
    this.#random = random;
  }

  /** Logs until the server is gone. */
  async logTo(url: string): Promise<void> {
    for (;;) if (!(await this.step(url))) return;
  }

  /** One batch; false when the server is gone. Any answer but a right receipt fails the test. */
  async step(url: string): Promise<boolean> {
    const isAgain = this.#unanswered !== undefined;
    const batch = (this.#unanswered ??= makeBatch(this.#random, this.#name, this.#number++));
    const answer = await post(`${url}/api/runs/${this.account.run}/log`, batch);
    if (!answer) return false;
    expect(answer.status, answer.text).toBe(200);
    this.#check(JSON.parse(answer.text) as Receipt, batch, isAgain);
    enter(this.account, batch);
    this.#unanswered = undefined;
    this.acknowledged += 1;
    return true;
  }

  #check(receipt: Receipt, batch: Batch, isAgain: boolean): void {
    const fresh = newIn(this.account, batch);
    const all = sizeOf(batch);
    // All of a batch that was cut off is there, or nothing of it.
    if (isAgain && fresh > 0 && receipt.accepted === 0) this.found += 1;
    else expect(receipt.accepted).toBe(fresh);
    expect(receipt.accepted + receipt.duplicates).toBe(all);
    expect(receipt.rejected).toEqual([]);
  }
}

/** undefined: there was no answer, because the server is gone. */
export async function post(url: string, body: unknown): Promise<{ status: number; text: string } | undefined> {
  try {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: jsonOf(body) });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    // fetch's word for a connection that is refused or breaks.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
