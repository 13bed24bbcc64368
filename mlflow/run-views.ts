// mlflow/run-views.ts
// Purpose: a run of ours as MLflow's clients read it: info, data, inputs, outputs.
// Why: one shape for every call that answers with runs.
// Relevant files: mlflow/run-facts.ts, mlflow/wire.ts, mlflow/experiment-views.ts

import { z } from 'zod';
import type { RunModels } from '../models/logged-queries.ts';
import type { RunDataset } from '../runs/dataset-queries.ts';
import type { RunRow } from '../runs/models.ts';
import { RUN_STATUSES, RunStatus } from '../runs/models.ts';
import { NOTE_TAG, Stage } from './experiment-views.ts';
import type { Pair } from './fields.ts';
import { double, int64, someOf } from './wire.ts';

export const NAME_TAG = 'mlflow.runName';
export const PARENT_TAG = 'mlflow.parentRunId';
export const USER_TAG = 'mlflow.user';

export const STATUS_NAMES: Record<RunStatus, string> = {
  [RunStatus.Scheduled]: 'SCHEDULED',
  [RunStatus.Running]: 'RUNNING',
  [RunStatus.Finished]: 'FINISHED',
  [RunStatus.Failed]: 'FAILED',
  [RunStatus.Killed]: 'KILLED',
};

/** By name, or by MLflow's number. */
const STATUS_OF = new Map<string | number, RunStatus>([
  ...RUN_STATUSES.map((status): [string, RunStatus] => [STATUS_NAMES[status], status]),
  [1, RunStatus.Running],
  [2, RunStatus.Scheduled],
  [3, RunStatus.Finished],
  [4, RunStatus.Failed],
  [5, RunStatus.Killed],
]);

/** Undefined: it is none. */
export function statusOf(sent: unknown): RunStatus | undefined {
  return STATUS_OF.get(sent as string | number);
}

export const statusIn = z
  .custom<string | number>((sent) => statusOf(sent) !== undefined, 'must be a status: RUNNING, FINISHED, …')
  .transform((sent) => statusOf(sent) ?? RunStatus.Running);

/** The latest point of a metric. */
export interface LatestPoint {
  key: string;
  value: number;
  timestamp: number | bigint;
  step: number | bigint;
}

/** What says who and where a run is. */
export interface InfoFacts {
  run: RunRow;
  /** Of its experiment. */
  location: string;
  experimentTrashed: boolean;
  /** Who began it: the value of a tag. */
  user: string | undefined;
}

/** What an answer says of a run besides its row. */
export interface RunFacts extends InfoFacts {
  tags: Pair[];
  params: Pair[];
  metrics: LatestPoint[];
  datasets: RunDataset[];
  models: RunModels | undefined;
}

export function userIn(tags: Pair[]): string | undefined {
  return tags.find(({ key }) => key === USER_TAG)?.value;
}

export function infoView({ run, location, experimentTrashed, user }: InfoFacts): object {
  return {
    run_id: run.id,
    run_uuid: run.id,
    experiment_id: String(run.experiment_id),
    run_name: run.name,
    user_id: user ?? '',
    status: STATUS_NAMES[run.status],
    start_time: run.start_time ?? 0,
    end_time: run.end_time ?? undefined,
    artifact_uri: `${location.replace(/\/$/, '')}/${run.id}/artifacts`,
    lifecycle_stage: run.trashed_at !== null || experimentTrashed ? Stage.Deleted : Stage.Active,
  };
}

export function runView(facts: RunFacts): object {
  const { params, metrics } = facts;
  return {
    info: infoView(facts),
    data: {
      metrics: someOf(metrics.map(pointView)),
      params: someOf(params.map(({ key, value }) => ({ key, value }))),
      tags: someOf(allTags(facts)),
    },
    inputs: {
      dataset_inputs: someOf(facts.datasets.map(datasetView)),
      model_inputs: someOf(facts.models?.inputs ?? []),
    },
    outputs: { model_outputs: someOf(facts.models?.outputs ?? []) },
  };
}

function pointView({ key, value, timestamp, step }: LatestPoint): object {
  return { key, value: double(value), timestamp: int64(timestamp), step: int64(step) };
}

function datasetView({ tags, name, digest, source_type, source, schema, profile }: RunDataset): object {
  return {
    tags: someOf(tags.toSorted((a, b) => (a.key < b.key ? -1 : 1))),
    dataset: { name, digest, source_type, source, schema: schema ?? undefined, profile: profile ?? undefined },
  };
}

/** Its tags, and those that are fields of the run here: name, notes, parent. */
function allTags({ run, tags }: RunFacts): Pair[] {
  const all: Pair[] = tags.map(({ key, value }) => ({ key, value }));
  all.push({ key: NAME_TAG, value: run.name });
  if (run.notes !== '') all.push({ key: NOTE_TAG, value: run.notes });
  if (run.parent_id !== null) all.push({ key: PARENT_TAG, value: run.parent_id });
  return all;
}
