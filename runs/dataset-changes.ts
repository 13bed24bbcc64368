// runs/dataset-changes.ts
// Purpose: says which data a run was made with.
// Why: the same data (name and digest) is one row for all runs of an experiment; its first description stays.
// Relevant files: runs/dataset-queries.ts, runs/models.ts, mlflow/log-routes.ts

import { and, eq } from 'drizzle-orm';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { touchRun } from './ingest.ts';
import { datasets, runDatasets, type DatasetRow, type LoggedRun } from './models.ts';

export interface UsedDataset {
  dataset: Omit<DatasetRow, 'id' | 'experiment_id'>;
  tags: { key: string; value: string }[];
}

/** The tag that says what the data was for. */
const CONTEXT_TAG = 'mlflow.data.context';

/** Used by the run already: nothing changes. */
export async function useDatasets(tx: Db, run: LoggedRun, used: UsedDataset[], now: number): Promise<void> {
  if (used.length === 0) return;
  for (const { dataset, tags } of used) {
    const context = tags.findLast(({ key }) => key === CONTEXT_TAG)?.value ?? '';
    const dataset_id = await datasetId(tx, run.experiment_id, dataset);
    await tx
      .insert(runDatasets)
      .values({ run_id: run.id, dataset_id, context, tags: JSON.stringify(tags) })
      .onConflictDoNothing();
  }
  await touchRun(tx, run, now);
}

async function datasetId(tx: Db, experiment_id: number, dataset: UsedDataset['dataset']): Promise<number> {
  const known = await tx
    .select({ id: datasets.id })
    .from(datasets)
    .where(
      and(
        eq(datasets.experiment_id, experiment_id),
        eq(datasets.name, dataset.name),
        eq(datasets.digest, dataset.digest),
      ),
    );
  if (known[0]) return known[0].id;
  const values = { experiment_id, ...dataset };
  return one(await tx.insert(datasets).values(values).returning({ id: datasets.id })).id;
}
