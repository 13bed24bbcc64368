// runs/view/table-job.ts
// Purpose: a run table as a file, as a heavy read: CSV, JSON, Markdown or LaTeX of all rows that match.
// Why: ten thousand runs with a hundred columns take a second; over SQLite a worker thread spends it.
// Relevant files: runs/view/table-file.ts, runs/view/table-formats.ts, runs/view/table-routes.ts, shared/heavy/job.ts, worker.ts

import { requireExperiment } from '../../experiments/queries.ts';
import type { HeavyJob } from '../../shared/heavy/job.ts';
import { inBytes } from '../../shared/heavy/pieces.ts';
import type { TableQuery } from '../page-schemas.ts';
import { readListFile } from './list-file.ts';
import { readTableFile } from './table-file.ts';
import { tableCsv, tableJson, tableLatex, tableMarkdown } from './table-formats.ts';

export const WRITERS = { csv: tableCsv, json: tableJson, md: tableMarkdown, tex: tableLatex } as const;
export type TableFormat = keyof typeof WRITERS;

export interface TableArgs {
  /** Undefined: the list of all runs. */
  experiment: number | undefined;
  query: TableQuery;
  page: number | undefined;
  format: TableFormat;
}

export const tableJob: HeavyJob<TableArgs, null> = {
  name: 'table',
  open: async (db, { experiment, query, page, format }) => {
    const file =
      experiment === undefined
        ? await readListFile(db, query, page)
        : await readTableFile(db, await requireExperiment(db, experiment), query, page);
    return { head: null, pieces: inBytes(WRITERS[format](file)) };
  },
};
