// decisions/models.ts
// Purpose: the table of decisions: what was expected of an experiment, what came out, and the numbers it stands on.
// Why: months later the page shows other runs; what somebody decided by must still be there.
// Relevant files: decisions/queries.ts, decisions/changes.ts, experiments/models.ts

import { experiments } from '../experiments/models.ts';
import { col, index, table } from '../shared/db/columns.ts';

/** What became of the hypothesis. */
export const DecisionStatus = {
  Open: 'open',
  Holds: 'holds',
  Fails: 'does not hold',
  Unclear: 'cannot be told',
} as const;
export type DecisionStatus = (typeof DecisionStatus)[keyof typeof DecisionStatus];
export const DECISION_STATUSES = Object.values(DecisionStatus);

export const decisions = table(
  'decisions',
  {
    id: col.id('id'),
    experiment_id: col
      .int('experiment_id')
      .notNull()
      .references(() => experiments.id),
    hypothesis: col.text('hypothesis').notNull(),
    status: col.text('status').$type<DecisionStatus>().notNull(),
    /** In words; empty while it is open. */
    verdict: col.text('verdict').notNull().default(''),
    /** The page it was decided on, from the root of the tracker: `/experiments/3/conclusions?by=…`. */
    url: col.text('url').notNull(),
    /** What that page said then, as JSON; empty where the page has no numbers of its own. */
    numbers: col.text('numbers').notNull().default(''),
    created_at: col.int('created_at').notNull(),
    updated_at: col.int('updated_at').notNull(),
    trashed_at: col.int('trashed_at'),
  },
  (t) => [index('decisions_experiment').on(t.experiment_id, t.id)],
);

export type DecisionRow = typeof decisions.$inferSelect;
