// runs/models/saved-views.ts
// Purpose: views that somebody gave a name.
// Why: a view is an address; the table holds it as it was when it was saved.
// Relevant files: runs/models.ts, runs/view/saved-queries.ts, runs/view/saved-changes.ts

import { experiments } from '../../experiments/models.ts';
import { col, index, table } from '../../shared/db/columns.ts';

/** What a saved view is a view of: the last part of its page's address, the run table apart. */
export const ViewPage = {
  Table: 'table',
  Groups: 'groups',
  Pivot: 'pivot',
  Compare: 'compare',
  Pictures: 'pictures',
} as const;
export type ViewPage = (typeof ViewPage)[keyof typeof ViewPage];

/** Views that somebody gave a name. New data never change one: it holds the columns as they were when it was saved. */
export const savedViews = table(
  'saved_views',
  {
    id: col.id('id'),
    /** null: for all experiments. */
    experiment_id: col.int('experiment_id').references(() => experiments.id),
    name: col.text('name').notNull(),
    page: col.text('page').$type<ViewPage>().notNull(),
    /** The address behind its `?`. */
    query: col.text('query').notNull(),
    /** 1: what this page of its experiment shows where nothing else is asked for. */
    is_default: col.int('is_default').notNull().default(0),
    created_at: col.int('created_at').notNull(),
    updated_at: col.int('updated_at').notNull(),
    trashed_at: col.int('trashed_at'),
  },
  (t) => [index('saved_views_experiment').on(t.experiment_id)],
);

export type SavedViewRow = typeof savedViews.$inferSelect;
