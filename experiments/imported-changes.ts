// experiments/imported-changes.ts
// Purpose: puts an experiment in as it was elsewhere: with its own times, also straight into the trash.
// Why: a name may be taken by a live experiment while a deleted one of the same name is brought in.
// Relevant files: experiments/changes.ts, imports/write.ts

import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { setExperimentTags } from '../tags/experiment-tag-changes.ts';
import { experiments, ExperimentStatus, type ExperimentRow } from './models.ts';

/** Times are ms since the epoch. */
export type ImportedExperiment = Pick<
  ExperimentRow,
  'name' | 'description' | 'created_at' | 'last_activity_at' | 'trashed_at'
> & {
  status?: ExperimentStatus | undefined;
  main_metric?: string | undefined;
  tags: Record<string, string>;
};

/** The database itself refuses a name that a live experiment has. */
export async function insertImportedExperiment(
  tx: Db,
  { tags, status, main_metric, ...facts }: ImportedExperiment,
): Promise<ExperimentRow> {
  const rows = await tx
    .insert(experiments)
    .values({
      ...facts,
      status: status ?? ExperimentStatus.Active,
      main_metric: main_metric ?? null,
      updated_at: facts.last_activity_at,
    })
    .returning();
  const row = one(rows);
  await setExperimentTags(tx, row.id, tags);
  return row;
}
