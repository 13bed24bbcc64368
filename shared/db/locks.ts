// shared/db/locks.ts
// Purpose: the advisory locks of PostgreSQL that a transaction takes: alone, or beside others as the only one of its runs.
// Why: changes read and then write without row locks, as on SQLite with its one writer; these keep that true for many.
// Relevant files: shared/db/postgres-writer.ts, shared/db/migrate-postgres.ts, shared/db/store.ts

import { createHash } from 'node:crypto';

/** Two numbers: another space than that of the runs, which are one number of 64 bits. */
const EVERYTHING = '7367, 1';
export const MIGRATION_LOCK = 'pg_advisory_xact_lock(7367, 2)';

/** Since when the server runs: another one, or one that was restored, is told by it. */
const SINCE = 'pg_postmaster_start_time()::text as since';

/** Begins a transaction that no other one of ours runs beside. The second answer says `since`. */
export const BEGIN_ALONE = `begin; select pg_advisory_xact_lock(${EVERYTHING}), ${SINCE}`;

/** Begins one that is the only one of these runs, beside those of others; the second answer as above. In one order everywhere, so that none waits in a circle. */
export function beginFor(runIds: Iterable<string>): string {
  const keys = [...new Set([...runIds].map(keyOf))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const locks = keys.map((key) => `select pg_advisory_xact_lock('${key}'::bigint)`);
  return ['begin', `select pg_advisory_xact_lock_shared(${EVERYTHING}), ${SINCE}`, ...locks].join('; ');
}

/** Two runs with the same key merely wait for each other. */
function keyOf(runId: string): bigint {
  return createHash('sha256').update(runId).digest().readBigInt64BE();
}
