// runs/sent-again-changes.ts
// Purpose: remembers the receipt of a log request with tags by its Idempotency-Key, and gives it again.
// Why: a tag may be changed by others between a request and its repetition; points and params need no memory (ARCHITECTURE.md).
// Relevant files: runs/series-api.ts, runs/models.ts, runs/ingest.ts

import type { IncomingHttpHeaders } from 'node:http';
import { md5 } from '../shared/db/functions.ts';
import type { Db } from '../shared/db/store.ts';
import { badField, Problem } from '../shared/errors.ts';
import type { LogBody, Receipt } from './schemas.ts';

/** How long a request may be repeated, ms: a journal that was sent half may lie for weeks. */
const KEPT_MS = 90 * 24 * 3_600_000;

const KEY_MAX = 200;

/** As the request's header names it. */
export function idempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || key === '' || key.length > KEY_MAX)
    throw badField('idempotency-key', `must have 1 to ${KEY_MAX} characters`);
  return key;
}

/** `work` once for each key; the same request again gets the receipt it got. Only where repeating it would do something. */
export async function onceFor(
  tx: Db,
  run: { seq: number },
  key: string | undefined,
  batch: LogBody,
  now: number,
  work: () => Promise<Receipt>,
): Promise<Receipt> {
  if (key === undefined || Object.keys(batch.tags).length === 0) return work();
  const hash = md5(JSON.stringify([batch.metrics, batch.params, batch.tags]));
  const { rows } = await tx.execute<{ hash: string; receipt: string }>(
    'select hash, receipt from log_keys where run_seq = ? and key = ?',
    [run.seq, key],
  );
  const [before] = rows;
  if (before && before.hash !== hash) throw reused(key);
  if (before) return JSON.parse(before.receipt) as Receipt;
  const receipt = await work();
  await tx.execute('delete from log_keys where run_seq = ? and created_at < ?', [run.seq, now - KEPT_MS]);
  await tx.execute('insert into log_keys (run_seq, key, hash, receipt, created_at) values (?, ?, ?, ?, ?)', [
    run.seq,
    key,
    hash,
    JSON.stringify(receipt),
    now,
  ]);
  return receipt;
}

function reused(key: string): Problem {
  return new Problem(422, `The Idempotency-Key ${JSON.stringify(key)} was used for another request.`, [
    { path: 'idempotency-key', message: 'was used for another request' },
  ]);
}
