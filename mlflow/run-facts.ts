// mlflow/run-facts.ts
// Purpose: reads what answers say of runs, for one or many at once: params, tags, latest points, their experiments.
// Why: a search answers with a hundred runs: a few queries for all of them, and never points.
// Relevant files: mlflow/run-views.ts, runs/queries.ts, tags/queries.ts

import type { ExperimentRow } from '../experiments/models.ts';
import { experimentsById } from '../experiments/queries.ts';
import { modelsOfRuns } from '../models/logged-queries.ts';
import type { RunRow } from '../runs/models.ts';
import { datasetsOf } from '../runs/dataset-queries.ts';
import { metricsOf, paramsOf } from '../runs/queries.ts';
import { fromStored } from '../runs/values.ts';
import { isWide, lastWide, type ExactPoint } from '../runs/wide-points.ts';
import type { Db } from '../shared/db/store.ts';
import { tagsOfRuns } from '../tags/queries.ts';
import { locationOf } from './experiment-views.ts';
import type { LatestPoint, RunFacts } from './run-views.ts';

export async function factsOf(db: Db, runs: RunRow[]): Promise<RunFacts[]> {
  const ids = runs.map((run) => run.id);
  const tags = await tagsOfRuns(db, ids);
  const params = grouped(await paramsOf(db, ids), ({ run_id }) => run_id);
  const metrics = await latestOf(db, ids);
  const datasets = await datasetsOf(db, ids);
  const models = await modelsOfRuns(db, ids);
  const experiments = await experimentsById(db, [...new Set(runs.map((run) => run.experiment_id))]);
  const experimentOf = ({ id, experiment_id }: RunRow): ExperimentRow => {
    const experiment = experiments.get(experiment_id);
    if (!experiment) throw new Error(`run ${id} has no experiment`);
    return experiment;
  };
  return runs.map((run) => ({
    run,
    location: locationOf(experimentOf(run)),
    experimentTrashed: experimentOf(run).trashed_at !== null,
    params: params.get(run.id) ?? [],
    tags: tags.get(run.id) ?? [],
    metrics: metrics.get(run.id) ?? [],
    datasets: datasets.get(run.id) ?? [],
    models: models.get(run.id),
  }));
}

async function latestOf(db: Db, ids: string[]): Promise<Map<string, LatestPoint[]>> {
  const wide = new Map<number, Map<number, ExactPoint>>();
  const points: (LatestPoint & { run_id: string })[] = [];
  for (const row of await metricsOf(db, ids)) {
    const { run_id, run_seq, key, last_step: step, last_time: timestamp } = row;
    if (isWide(step, timestamp) && !wide.has(run_seq)) wide.set(run_seq, await lastWide(db, run_seq));
    const exact = wide.get(run_seq)?.get(row.no);
    const last = { step, timestamp, value: fromStored(row.last_value, row.last_kind) };
    points.push({ run_id, key, ...(exact && isWide(step, timestamp) ? exact : last) });
  }
  return grouped(points, ({ run_id }) => run_id);
}

function grouped<T>(rows: T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
