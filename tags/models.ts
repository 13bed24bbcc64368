// tags/models.ts
// Purpose: the tables of tags: the tag itself, and where it hangs (experiments, runs) with which value.
// Why: renaming, recolouring, merging and deleting a tag is one row, not a rewrite of every run.
// Relevant files: tags/queries.ts, experiments/models.ts, runs/models.ts

import { sql } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import { runs } from '../runs/models.ts';
import { col, index, primaryKey, table, uniqueIndex } from '../shared/db/columns.ts';

/** The ten hues of shared/static/app.css, by their place: `c0` to `c9`. */
export const TAG_COLORS = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9'] as const;
export type TagColor = (typeof TAG_COLORS)[number];

export const tags = table(
  'tags',
  {
    id: col.id('id'),
    key: col.text('key').notNull(),
    /** null: shown without a colour. */
    color: col.text('color').$type<TagColor>(),
    created_at: col.int('created_at').notNull(),
    trashed_at: col.int('trashed_at'),
  },
  (t) => [
    uniqueIndex('tags_key')
      .on(t.key)
      .where(sql`trashed_at is null`),
  ],
);

export const experimentTags = table(
  'experiment_tags',
  {
    experiment_id: col
      .int('experiment_id')
      .notNull()
      .references(() => experiments.id),
    tag_id: col
      .int('tag_id')
      .notNull()
      .references(() => tags.id),
    /** '' for a plain label. */
    value: col.text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.experiment_id, t.tag_id] }), index('experiment_tags_tag').on(t.tag_id, t.value)],
);

export const runTags = table(
  'run_tags',
  {
    run_id: col
      .text('run_id')
      .notNull()
      .references(() => runs.id),
    tag_id: col
      .int('tag_id')
      .notNull()
      .references(() => tags.id),
    value: col.text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.run_id, t.tag_id] }), index('run_tags_tag').on(t.tag_id, t.value)],
);

export type TagRow = typeof tags.$inferSelect;
