// mlflow/run-facts.ts
// Purpose: reads what answers say of runs, for one or many at once: params, tags, latest points, their experiments.
// Why: a search answers with a hundred runs: a few queries for all of them, and never points.
// Relevant files: mlflow/run-views.ts, runs/facts-queries.ts, runs/dataset-queries.ts, models/logged-queries.ts

import type { ExperimentRow } from '../experiments/models.ts';
import { experimentsById, findPlace } from '../experiments/queries.ts';
import { modelsOfRuns } from '../models/logged-queries.ts';
import { datasetsOf } from '../runs/dataset-queries.ts';
import { latestPoints, paramPairs, tagPairs } from '../runs/facts-queries.ts';
import type { RunRow } from '../runs/models.ts';
import type { Db } from '../shared/db/store.ts';
import { tagValueOfRun } from '../tags/queries.ts';
import { locationOf } from './experiment-views.ts';
import { USER_TAG, userIn, type InfoFacts, type RunFacts } from './run-views.ts';

export async function factsOf(db: Db, runs: RunRow[]): Promise<RunFacts[]> {
  const ids = runs.map((run) => run.id);
  const tags = await tagPairs(db, ids);
  const params = await paramPairs(db, ids);
  const metrics = await latestPoints(db, runs);
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
    user: userIn(tags.get(run.id) ?? []),
    tags: tags.get(run.id) ?? [],
    metrics: metrics.get(run.seq) ?? [],
    datasets: datasets.get(run.id) ?? [],
    models: models.get(run.id),
  }));
}

/** What says who and where a run is, and no more. */
export async function infoFactsOf(db: Db, run: RunRow): Promise<InfoFacts> {
  const experiment = await findPlace(db, run.experiment_id);
  if (!experiment) throw new Error(`run ${run.id} has no experiment`);
  return {
    run,
    location: locationOf(experiment),
    experimentTrashed: experiment.trashed_at !== null,
    user: await tagValueOfRun(db, run.id, USER_TAG),
  };
}
