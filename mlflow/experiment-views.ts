// mlflow/experiment-views.ts
// Purpose: an experiment of ours as MLflow's clients read it; experiment 0, which there always is.
// Why: one shape for every call that answers with experiments.
// Relevant files: mlflow/experiment-routes.ts, mlflow/wire.ts, experiments/models.ts

import type { ExperimentRow } from '../experiments/models.ts';
import type { HungTag } from '../tags/queries.ts';
import { someOf } from './wire.ts';

export const NOTE_TAG = 'mlflow.note.content';

/** Clients take it for granted; a row is made of it when something is written into it. */
export const DEFAULT_ID = 0;
export const DEFAULT_NAME = 'Default';

export const Stage = { Active: 'active', Deleted: 'deleted' } as const;
export type Stage = (typeof Stage)[keyof typeof Stage];

interface Tag {
  key: string;
  value: string;
}

export interface ExperimentView {
  experiment_id: string;
  name: string;
  artifact_location: string;
  lifecycle_stage: Stage;
  creation_time: number;
  last_update_time: number;
  tags: Tag[] | undefined;
}

export function experimentView(row: ExperimentRow, tags: HungTag[] = []): ExperimentView {
  const own = tags.map(({ key, value }) => ({ key, value }));
  if (row.description !== '') own.push({ key: NOTE_TAG, value: row.description });
  return {
    experiment_id: String(row.id),
    name: row.name,
    artifact_location: locationOf(row),
    lifecycle_stage: row.trashed_at === null ? Stage.Active : Stage.Deleted,
    creation_time: row.created_at,
    last_update_time: row.updated_at,
    tags: someOf(own),
  };
}

/** Where its artifacts are, as clients name it: by default with us. */
export function locationOf({ id, artifact_location }: Pick<ExperimentRow, 'id' | 'artifact_location'>): string {
  return artifact_location ?? `mlflow-artifacts:/${id}`;
}

/** Experiment 0 before there is anything in it. */
export function virtualDefault(): ExperimentView {
  return {
    experiment_id: String(DEFAULT_ID),
    name: DEFAULT_NAME,
    artifact_location: locationOf({ id: DEFAULT_ID, artifact_location: null }),
    lifecycle_stage: Stage.Active,
    creation_time: 0,
    last_update_time: 0,
    tags: undefined,
  };
}
