// exports/models.ts
// Purpose: the table of exports: one row for each file that was made, with what proves it whole.
// Why: a download can be checked (rows, bytes, sha256) and made again from the list.
// Relevant files: exports/queries.ts, exports/routes.ts

import { col, index, table } from '../shared/db/columns.ts';

export const ExportState = { Writing: 'writing', Complete: 'complete', Broken: 'broken' } as const;
export type ExportState = (typeof ExportState)[keyof typeof ExportState];

export const exportLog = table(
  'exports',
  {
    id: col.id('id'),
    /** What was exported, in words: `points of digits-mlp`. */
    what: col.text('what').notNull(),
    format: col.text('format').notNull(),
    /** Path and query that make it again. */
    url: col.text('url').notNull(),
    state: col.text('state').$type<ExportState>().notNull(),
    created_at: col.int('created_at').notNull(),
    rows: col.int('rows'),
    bytes: col.int('bytes'),
    sha256: col.text('sha256'),
  },
  (t) => [index('exports_created').on(t.created_at)],
);

export type ExportRow = typeof exportLog.$inferSelect;
