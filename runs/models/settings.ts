// runs/models/settings.ts
// Purpose: what people set for an experiment: rules of metrics, defaults of charts, the baseline.
// Why: one row says what was set; where there is none, it is guessed or usual.
// Relevant files: runs/models.ts, runs/rules/rule.ts, runs/curves/default-changes.ts, runs/compare/baseline-changes.ts

import { experiments } from '../../experiments/models.ts';
import { col, index, primaryKey, table } from '../../shared/db/columns.ts';
import { runs } from './runs.ts';

/** What people said of a metric of an experiment; of the others everything is guessed or usual (runs/rules/rule.ts). */
export const metricRules = table(
  'metric_rules',
  {
    experiment_id: col
      .int('experiment_id')
      .notNull()
      .references(() => experiments.id),
    key: col.text('key').notNull(),
    /** `max`, `min`, `none`; null: guessed from the name. */
    direction: col.text('direction'),
    /** Which value counts: last, best, min, max, mean, mean_last, at_best. */
    value: col.text('value').notNull().default('last'),
    /** Of mean_last: so many points. */
    k: col.int('k'),
    /** Of at_best: the metric whose best step it is. */
    by_key: col.text('by_key'),
    unit: col.text('unit').notNull().default(''),
    /** Decimals shown; null: as usual. */
    digits: col.int('digits'),
    /** What `value` comes to by the directions of today: last, min, max, mean, mean_last, at_min, at_max, at_last. */
    takes: col.text('takes').notNull().default('last'),
    /** `rank_value` follows `takes` for runs up to this number (`seq`); null: for all. See runs/rules/recount-ranks.ts. */
    counted_to: col.int('counted_to'),
  },
  (t) => [primaryKey({ columns: [t.experiment_id, t.key] })],
);

/** How charts of a metric are drawn in an experiment where the URL does not say (runs/curves/default-changes.ts). */
export const chartDefaults = table(
  'chart_defaults',
  {
    experiment_id: col
      .int('experiment_id')
      .notNull()
      .references(() => experiments.id),
    key: col.text('key').notNull(),
    /** As the arguments of a URL: `scale=log&smooth=0.6`. */
    settings: col.text('settings').notNull(),
  },
  (t) => [primaryKey({ columns: [t.experiment_id, t.key] })],
);

/** The run that the others of an experiment are measured against (runs/compare/baseline-changes.ts). */
export const baselines = table(
  'baselines',
  {
    experiment_id: col
      .int('experiment_id')
      .notNull()
      .references(() => experiments.id),
    run_id: col
      .text('run_id')
      .notNull()
      .references(() => runs.id),
  },
  (t) => [primaryKey({ columns: [t.experiment_id] }), index('baselines_run').on(t.run_id)],
);

export type MetricRuleRow = typeof metricRules.$inferSelect;
