// runs/view/table-file.ts
// Purpose: all rows of a run table, or one page of them, as values of its columns: what the table's files are made of.
// Why: page and files show the same runs in the same columns; rows come in windows, so that memory stays flat.
// Relevant files: runs/view/table-job.ts, runs/view/table-formats.ts, runs/table/table.ts, runs/rules/rule-queries.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { breathe } from '../../shared/heavy/pieces.ts';
import { formatTags } from '../../shared/http/forms.ts';
import { tagsOfRuns, type HungTag } from '../../tags/queries.ts';
import type { RunRow } from '../models.ts';
import type { TableQuery } from '../page-schemas.ts';
import { paramsOf } from '../queries.ts';
import { rulesOf, withCounted } from '../rules/rule-queries.ts';
import { ruleFor, type MetricRule, type RuleBook } from '../rules/rule.ts';
import type { RunFilter } from '../run-filter.ts';
import { listWithPins } from '../table/pinned-queries.ts';
import { isSystemTag, readRunTable } from '../table/table.ts';
import { summariesOf } from './table-queries.ts';
import { tableFilter } from './table-filter.ts';
import { ColumnKind, keysOf, type Column, type Fact } from './columns.ts';

/** Runs read at once: each window sorts all that match again. */
const WINDOW = 1_000;
/** Of them, with what is in their columns. */
const RUNS_AT_ONCE = 100;

export interface FileColumn extends Column {
  /** Of a metric. */
  rule: MetricRule | null;
}

/** Text, a number (NaN, too), a time, or nothing. */
export type FileValue = string | number | Date | null;

export interface FileRow {
  run: RunRow;
  /** In the order of the columns. */
  values: FileValue[];
}

export interface TableFile {
  /** Null: of all experiments. */
  experiment: Pick<ExperimentRow, 'id' | 'name'> | null;
  columns: FileColumn[];
  /** All that match. */
  total: number;
  rows: AsyncGenerator<FileRow[]>;
}

/** `page`: only this one; undefined: all rows. */
export async function readTableFile(
  db: Db,
  experiment: ExperimentRow,
  query: TableQuery,
  page: number | undefined,
): Promise<TableFile> {
  const filter = tableFilter(experiment.id, query);
  const rules = await rulesOf(db, experiment.id);
  // One row of it tells its columns, and how many rows there are. Of a tree the runs that match stand in a file one by one.
  const table = await readRunTable(db, experiment, filter, { ...query, tree: undefined, page: 1, limit: 1 });
  const columns = table.columns.map((column) => ({
    ...column,
    rule: column.kind === ColumnKind.Metric ? ruleFor(rules, column.key) : null,
  }));
  return { experiment, columns, total: table.total, rows: rowsOf(db, filter, { columns, rules }, query, page) };
}

interface Wanted {
  columns: FileColumn[];
  rules: RuleBook;
}

async function* rowsOf(
  db: Db,
  filter: RunFilter,
  wanted: Wanted,
  query: TableQuery,
  page: number | undefined,
): AsyncGenerator<FileRow[]> {
  for await (const runs of runsOf(db, filter, query, page)) yield await valuesOf(db, runs, wanted);
}

/** All runs of a table, or those of one page, a hundred at a time. */
export async function* runsOf(
  db: Db,
  filter: RunFilter,
  { limit, pin, hide }: TableQuery,
  page: number | undefined,
): AsyncGenerator<RunRow[]> {
  const only = page === undefined ? undefined : { limit, offset: (page - 1) * limit };
  let cursor: string | null = null;
  do {
    const found = await listWithPins(db, filter, { pin, hide }, only ?? { limit: WINDOW, cursor: cursor ?? undefined });
    // The pinned ones come with each window.
    const items = cursor === null ? found.items : found.items.slice(found.pinned.length);
    for (let start = 0; start < items.length; start += RUNS_AT_ONCE) {
      yield items.slice(start, start + RUNS_AT_ONCE);
      await breathe();
    }
    cursor = only ? null : found.next_cursor;
  } while (cursor);
}

async function valuesOf(db: Db, runs: RunRow[], { columns, rules }: Wanted): Promise<FileRow[]> {
  const ids = runs.map(({ id }) => id);
  const known = new Map<string, FileValue>();
  for (const { run_id, key, value } of await paramsOf(db, ids, keysOf(columns, ColumnKind.Param)))
    known.set(`${run_id} params.${key}`, value);
  const metrics = keysOf(columns, ColumnKind.Metric);
  const counted = await withCounted(db, rules, await summariesOf(db, ids, metrics));
  for (const { run_id, key, counts } of counted) known.set(`${run_id} metrics.${key}`, counts?.value ?? null);
  const tags = await tagsOfRuns(db, ids);
  return runs.map((run) => {
    const hung = tags.get(run.id) ?? [];
    return {
      run,
      values: columns.map(({ kind, key, field }) => {
        if (kind === ColumnKind.Fact) return factOf(key as Fact, run, hung);
        if (kind === ColumnKind.Tag) return hung.find((one) => one.key === key)?.value ?? null;
        return known.get(`${run.id} ${field}`) ?? null;
      }),
    };
  });
}

export function factOf(fact: Fact, run: RunRow, tags: readonly HungTag[]): FileValue {
  switch (fact) {
    case 'start_time':
    case 'end_time':
    case 'created_at':
      return run[fact] === null ? null : new Date(run[fact]);
    case 'duration':
      return run.start_time === null || run.end_time === null ? null : (run.end_time - run.start_time) / 1000;
    case 'tags':
      return formatTags(tags.filter((tag) => !isSystemTag(tag)));
    default:
      return run[fact];
  }
}
