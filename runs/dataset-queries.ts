// runs/dataset-queries.ts
// Purpose: the data that runs were made with.
// Why: one read for a run's page, its JSON and MLflow's answers, of one run or many.
// Relevant files: runs/dataset-changes.ts, runs/models.ts, mlflow/run-facts.ts, runs/run/run-page.ts

import { asc, eq, inArray, sql } from 'drizzle-orm';
import { bound, isOneOf } from '../shared/db/dialect.ts';
import type { Db } from '../shared/db/store.ts';
import { datasets, runDatasets, type DatasetRow } from './models.ts';

export interface RunDataset extends DatasetRow {
  run_id: string;
  context: string;
  tags: { key: string; value: string }[];
}

/** By run, then in the order in which the experiment came to know them. */
export async function datasetsOf(db: Db, runIds: string[]): Promise<Map<string, RunDataset[]>> {
  const found = new Map<string, RunDataset[]>();
  if (runIds.length === 0) return found;
  const { rows } = await db.execute<DatasetRow & { run_id: string; context: string; tags: string }>(
    ...bound(sql`select d.*, u.run_id, u.context, u.tags from run_datasets u join datasets d on d.id = u.dataset_id
      where ${isOneOf(sql`u.run_id`, runIds)} order by d.id`),
  );
  for (const row of rows) {
    const one = { ...row, tags: JSON.parse(row.tags) as RunDataset['tags'] };
    const others = found.get(row.run_id);
    if (others) others.push(one);
    else found.set(row.run_id, [one]);
  }
  return found;
}

export interface DatasetUse {
  experiment_id: number;
  name: string;
  digest: string;
  context: string;
}

/** What the runs of some experiments were made with and what for, each once; at most a thousand. */
export async function datasetUses(db: Db, experimentIds: number[]): Promise<DatasetUse[]> {
  return db
    .selectDistinct({
      experiment_id: datasets.experiment_id,
      name: datasets.name,
      digest: datasets.digest,
      context: runDatasets.context,
    })
    .from(datasets)
    .innerJoin(runDatasets, eq(runDatasets.dataset_id, datasets.id))
    .where(inArray(datasets.experiment_id, experimentIds))
    .orderBy(asc(datasets.experiment_id), asc(datasets.name), asc(datasets.digest), asc(runDatasets.context))
    .limit(1_000);
}
