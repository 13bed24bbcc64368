// runs/curves/default-changes.ts
// Purpose: keeps how charts of a metric are drawn in an experiment, or forgets it.
// Why: a loss that is always read on a log scale is set once.
// Relevant files: runs/curves/default-queries.ts, runs/curves/default-routes.ts

import { raiseVersion } from '../../experiments/touch-changes.ts';
import type { Db } from '../../shared/db/store.ts';
import { keptText } from './own-settings.ts';
import type { ChartSettings } from './chart-settings.ts';

/** Settings that are the usual ones need no row. */
export async function keepChartDefault(
  tx: Db,
  experiment: number,
  key: string,
  settings: ChartSettings,
): Promise<void> {
  const text = keptText(settings);
  await tx.execute('delete from chart_defaults where experiment_id = ? and key = ?', [experiment, key]);
  if (text !== '')
    await tx.execute('insert into chart_defaults (experiment_id, key, settings) values (?, ?, ?)', [
      experiment,
      key,
      text,
    ]);
  await raiseVersion(tx, experiment);
}
