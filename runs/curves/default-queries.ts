// runs/curves/default-queries.ts
// Purpose: how the charts of an experiment's metrics are drawn where the URL does not say.
// Why: every page that draws a metric starts from the same settings.
// Relevant files: runs/curves/default-changes.ts, runs/curves/own-settings.ts, runs/models.ts

import type { Db } from '../../shared/db/store.ts';
import { DEFAULT_SETTINGS, type ChartSettings } from './chart-settings.ts';
import { settingsFromText } from './own-settings.ts';

/** By metric. Runs of several experiments share no defaults: then there are none. */
export async function chartDefaultsOf(
  db: Db,
  runs: readonly { experiment_id: number }[],
): Promise<Map<string, ChartSettings>> {
  const [experiment, ...others] = new Set(runs.map(({ experiment_id: id }) => id));
  if (experiment === undefined || others.length > 0) return new Map();
  const { rows } = await db.execute<{ key: string; settings: string }>(
    'select key, settings from chart_defaults where experiment_id = ?',
    [experiment],
  );
  return new Map(rows.map(({ key, settings }) => [key, settingsFromText(settings)]));
}

/** Of one metric: what is kept, else what is usual. */
export async function chartDefaultOf(
  db: Db,
  runs: readonly { experiment_id: number }[],
  key: string,
): Promise<ChartSettings> {
  return (await chartDefaultsOf(db, runs)).get(key) ?? DEFAULT_SETTINGS;
}
