// runs/run-filter.ts
// Purpose: the filter and order of a run list as SQL conditions with bound values.
// Why: table, API, exports and CLI mean the same runs by the same words.
// Relevant files: runs/queries.ts, runs/schemas.ts, tags/queries.ts

import { and, eq, inArray, isNotNull, isNull, sql, type SQL } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import { parseOrder, type Order } from '../shared/db/paging.ts';
import { badField } from '../shared/errors.ts';
import { hasTag } from '../tags/queries.ts';
import { runs, type RunStatus } from './models.ts';

export interface RunFilter {
  experiment?: number | undefined;
  /** Text in name, notes or tags. */
  q?: string | undefined;
  status?: RunStatus[] | undefined;
  /** `key` or `key=value`; all of them. */
  tag?: string[] | undefined;
  /** true: those in the trash instead of those that are not. */
  trashed?: boolean | undefined;
  order: string;
}

export function runConditions({ experiment, q, status, tag, trashed }: Omit<RunFilter, 'order'>): SQL | undefined {
  const text = q?.trim().toLowerCase();
  return and(
    isNull(experiments.trashed_at),
    trashed ? isNotNull(runs.trashed_at) : isNull(runs.trashed_at),
    experiment === undefined ? undefined : eq(runs.experiment_id, experiment),
    text ? hasText(text) : undefined,
    status && status.length > 0 ? inArray(runs.status, status) : undefined,
    ...(tag ?? []).map((one) => hasTag('run', sql`${runs.id}`, one)),
  );
}

function hasText(text: string): SQL {
  return sql`(contains_ci(${runs.name}, ${text}) or contains_ci(${runs.notes}, ${text}) or ${runs.id} = ${text}
    or exists (select 1 from run_tags h join tags t on t.id = h.tag_id where h.run_id = ${runs.id} and t.trashed_at is null
      and (contains_ci(t.key, ${text}) or contains_ci(h.value, ${text}))))`;
}

const COLUMNS = new Map<string, SQL>(
  Object.entries({
    name: sql`lower(${runs.name})`,
    status: sql`${runs.status}`,
    number: sql`${runs.number}`,
    experiment: sql`lower(${experiments.name})`,
    start_time: sql`${runs.start_time}`,
    end_time: sql`${runs.end_time}`,
    duration: sql`(${runs.end_time} - ${runs.start_time})`,
    created_at: sql`${runs.created_at}`,
  }),
);

export const RUN_ORDER_FIELDS = [...COLUMNS.keys()];

/** By a column, `params.KEY` (as numbers, text after them) or `metrics.KEY` (last value; NaN and missing come last). */
export function runOrder(order: string): Order {
  const { field, descending } = parseOrder(order);
  const by = COLUMNS.get(field) ?? byParam(field) ?? byMetric(field);
  if (!by)
    throw badField(
      '?order',
      `must be one of ${RUN_ORDER_FIELDS.join(', ')}, params.KEY or metrics.KEY, with - in front for descending`,
    );
  return { by, id: sql`${runs.id}`, descending };
}

function byParam(field: string): SQL | undefined {
  if (!field.startsWith('params.')) return undefined;
  const key = field.slice('params.'.length);
  return sql`(select coalesce(p.number, p.value) from params p where p.run_id = ${runs.id} and p.key = ${key})`;
}

function byMetric(field: string): SQL | undefined {
  if (!field.startsWith('metrics.')) return undefined;
  const key = field.slice('metrics.'.length);
  return sql`(select m.last_value from metrics m where m.run_seq = ${runs.seq} and m.key = ${key} and m.last_kind <> 1)`;
}
