// runs/view/list-file.ts
// Purpose: the list of all runs, across experiments, as values of its columns: what its files are made of.
// Why: the page of all runs is a table like that of an experiment, and leaves the house in the same formats.
// Relevant files: runs/view/table-file.ts, runs/view/table-job.ts, runs/table/run-list-page.ts

import { namesOfExperiments } from '../../experiments/queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { tagsOfRuns } from '../../tags/queries.ts';
import type { RunRow } from '../models.ts';
import type { TableQuery } from '../page-schemas.ts';
import { listWithPins } from '../table/pinned-queries.ts';
import { ColumnKind, type Fact } from './columns.ts';
import { factOf, runsOf, type FileColumn, type FileRow, type TableFile } from './table-file.ts';
import { tableFilter } from './table-filter.ts';

/** As on the page; the experiment is none of a run's own facts. */
const FIELDS = ['status', 'experiment', 'duration', 'start_time', 'tags'] as const satisfies (Fact | 'experiment')[];

const COLUMNS: FileColumn[] = FIELDS.map((field) => ({
  field,
  kind: ColumnKind.Fact,
  key: field,
  width: '',
  rule: null,
}));

/** `page`: only this one; undefined: all rows. */
export async function readListFile(db: Db, query: TableQuery, page: number | undefined): Promise<TableFile> {
  const filter = tableFilter(undefined, query);
  const { total } = await listWithPins(db, filter, query, { limit: 1, offset: 0 });
  async function* rows(): AsyncGenerator<FileRow[]> {
    for await (const runs of runsOf(db, filter, query, page)) yield await valuesOf(db, runs);
  }
  return { experiment: null, columns: COLUMNS, total, rows: rows() };
}

async function valuesOf(db: Db, runs: RunRow[]): Promise<FileRow[]> {
  const names = await namesOfExperiments(db, [...new Set(runs.map((run) => run.experiment_id))]);
  const tags = await tagsOfRuns(
    db,
    runs.map((run) => run.id),
  );
  return runs.map((run) => ({
    run,
    values: FIELDS.map((field) =>
      field === 'experiment' ? (names.get(run.experiment_id) ?? null) : factOf(field, run, tags.get(run.id) ?? []),
    ),
  }));
}
