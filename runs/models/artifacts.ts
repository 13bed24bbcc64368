// runs/models/artifacts.ts
// Purpose: the files of runs by name, and contents that they let go of.
// Why: contents are kept by their sha256; these rows are all that names them.
// Relevant files: runs/models.ts, runs/artifacts/artifact-queries.ts, runs/artifacts/dropped-changes.ts

import { col, index, primaryKey, table } from '../../shared/db/columns.ts';
import { runs } from './runs.ts';

export const artifacts = table(
  'artifacts',
  {
    run_id: col
      .text('run_id')
      .notNull()
      .references(() => runs.id),
    /** As the user named it, '/' between folders; never a path on disk: contents are kept by their sha256. */
    path: col.text('path').notNull(),
    size: col.int('size').notNull(),
    sha256: col.text('sha256').notNull(),
    created_at: col.int('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.run_id, t.path] }), index('artifacts_sha256').on(t.sha256)],
);

/**
 * Contents that no artifact of this database has, and that it put there itself: announced by an upload that is about to
 * name them, or dropped by an artifact. What the sweep may remove; it looks at nothing else in their place.
 */
export const droppedContents = table('dropped_contents', {
  sha256: col.text('sha256').primaryKey(),
  dropped_at: col.int('dropped_at').notNull(),
  /** Since when a sweep is removing them: no upload may put them back meanwhile. */
  removing_at: col.int('removing_at'),
});

export type ArtifactRow = typeof artifacts.$inferSelect;
