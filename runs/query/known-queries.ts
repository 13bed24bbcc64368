// runs/query/known-queries.ts
// Purpose: the metric and param keys that there are, for suggestions; and a filter refused with them, before anything is asked.
// Why: API, exports and command line say "did you mean metrics.val/accuracy?" as the pages do.
// Relevant files: runs/query/where.ts, runs/query/fields.ts, runs/tally-queries.ts

import { KeyKind } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import type { KnownKeys } from './fields.ts';
import { mistakeIn, readWhere } from './where.ts';

/** Of all experiments no more are looked at: a suggestion is a help, not an answer. */
const KEYS_MAX = 10_000;

export async function knownKeys(db: Db, experiment?: number): Promise<KnownKeys> {
  const within = experiment === undefined ? '' : 'and experiment_id = ?';
  const ask = async (sql: string, ...values: unknown[]): Promise<string[]> => {
    const bound = experiment === undefined ? values : [...values, experiment];
    const { rows } = await db.execute<{ key: string }>(`${sql} ${within} order by key limit ${KEYS_MAX}`, bound);
    return rows.map(({ key }) => key);
  };
  return {
    metric: await ask('select distinct key from experiment_metrics where key is not null'),
    param: await ask('select distinct key from experiment_keys where kind = ? and runs > 0', KeyKind.Param),
  };
}

/** A 400 with the place of the mistake and what may have been meant; nothing where the filter is right, or none. */
export async function refuseWrong(
  db: Db,
  { where, experiment }: { where?: string | undefined; experiment?: number | undefined },
): Promise<void> {
  const now = Date.now();
  if (where === undefined || !mistakeIn(where, now)) return;
  readWhere(where, now, await knownKeys(db, experiment));
}
