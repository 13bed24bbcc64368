// runs/query/completion-value-queries.ts
// Purpose: the values that a field has: states, times, experiments' names, and what is said in params and tags, most often first.
// Why: `params.optimizer = ` is followed by adam or sgd; nobody has to know how it was spelled.
// Relevant files: runs/query/completion-queries.ts, runs/tally-changes.ts

import { sql, type SQL } from 'drizzle-orm';
import { KeyKind } from '../../experiments/models.ts';
import { bound } from '../../shared/db/dialect.ts';
import type { Db } from '../../shared/db/store.ts';
import { RUN_STATES } from '../run-state.ts';
import type { Field } from './fields.ts';

export interface Sought {
  /** In lower case. */
  find: string;
  experiment?: number | undefined;
  limit: number;
}

/** Of longer ones the middle is not kept. */
const LENGTH_MAX = 200;
const TIMES = ['today', 'yesterday', '-1h', '-24h', '-7d', '-30d'];
const DURATIONS = ['60s', '10min', '1h', '24h'];

export async function valuesLike(db: Db, { field, kind }: Field, sought: Sought): Promise<string[]> {
  const among = (values: string[]): string[] =>
    values.filter((one) => one.includes(sought.find)).slice(0, sought.limit);
  if (field.of === 'param') return countedLike(db, KeyKind.Param, sql`${field.key}`, sought);
  if (field.of === 'tag') {
    const id = sql`(select cast(t.id as text) from tags t where t.key = ${field.key} and t.trashed_at is null)`;
    return countedLike(db, KeyKind.Tag, id, sought);
  }
  if (kind === 'status') return among(RUN_STATES);
  if (kind === 'time') return among(TIMES);
  if (kind === 'duration') return among(DURATIONS);
  return field.of === 'run' && field.name === 'experiment' ? experimentsLike(db, sought) : [];
}

/** Values are summed up by experiment already. */
async function countedLike(db: Db, kind: KeyKind, key: SQL, { find, experiment, limit }: Sought): Promise<string[]> {
  const within = experiment === undefined ? sql`` : sql`and k.experiment_id = ${experiment}`;
  const { rows } = await db.execute<{ value: string }>(
    ...bound(sql`select v.value from experiment_keys k cross join experiment_values v
      where k.kind = ${kind} and k.key = ${key} ${within} and v.experiment_id = k.experiment_id and v.kind = k.kind
        and v.key = k.key and v.runs > 0 and v.value <> '' and length(v.value) <= ${LENGTH_MAX} and contains_ci(v.value, ${find})
      group by v.value order by sum(v.runs) desc, v.value limit ${limit}`),
  );
  return rows.map(({ value }) => value);
}

async function experimentsLike(db: Db, { find, limit }: Sought): Promise<string[]> {
  const { rows } = await db.execute<{ name: string }>(
    ...bound(sql`select name from experiments where trashed_at is null and contains_ci(name, ${find})
      order by last_activity_at desc, id limit ${limit}`),
  );
  return rows.map(({ name }) => name);
}
