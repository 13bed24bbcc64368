// runs/models/bulk.ts
// Purpose: what is done with many runs at once, and what it takes to undo it.
// Why: it goes in steps, and a crash in between loses neither.
// Relevant files: runs/models.ts, runs/table/bulk-changes.ts, runs/table/bulk-kinds-changes.ts

import { col, index, primaryKey, table } from '../../shared/db/columns.ts';

/** How far something is that is done with many runs at once. */
export const BulkStatus = {
  Going: 'going',
  Done: 'done',
  Undone: 'undone',
} as const;
export type BulkStatus = (typeof BulkStatus)[keyof typeof BulkStatus];

/** Something done with many runs at once (runs/table/bulk-changes.ts): how far it is, and what it takes to undo it. Kept for a day. */
export const bulkActions = table(
  'bulk_actions',
  {
    id: col.id('id'),
    action: col.text('action').notNull(),
    /** Tags and the state that were asked for, as JSON. */
    asked: col.text('asked').notNull(),
    status: col.text('status').$type<BulkStatus>().notNull(),
    /** Runs that it is about, that it has come to, and that were not so before. */
    total: col.int('total').notNull(),
    visited: col.int('visited').notNull().default(0),
    changed: col.int('changed').notNull().default(0),
    created_at: col.int('created_at').notNull(),
  },
  (t) => [index('bulk_actions_created').on(t.created_at)],
);

/** What a bulk action changed in a run, as it was before. */
export const bulkItems = table(
  'bulk_items',
  {
    action_id: col.int('action_id').notNull(),
    run_seq: col.int('run_seq').notNull(),
    /** JSON; its shape is that of the action (runs/table/bulk-kinds-changes.ts). */
    before: col.text('before').notNull(),
  },
  (t) => [primaryKey({ columns: [t.action_id, t.run_seq] })],
);

export type BulkActionRow = typeof bulkActions.$inferSelect;
