// imports/mlflow-common.ts
// Purpose: MLflow's words (status, lifecycle, system tags) in ours; the same for both of its stores.
// Why: the file store and the SQL store must give equal runs for equal data.
// Relevant files: imports/records.ts, imports/mlflow-files.ts, imports/mlflow-sqlite.ts

import { RunStatus } from '../runs/models.ts';
import { RUN_ID, type SourceExperiment, type SourcePoint, type SourceRun } from './records.ts';
import type { Note, Remarks } from './remarks.ts';

/** meta.yaml has the numbers (mlflow.protos.RunStatus), SQL the names. */
const STATUSES = new Map<string, RunStatus>([
  ['1', RunStatus.Running],
  ['2', RunStatus.Scheduled],
  ['3', RunStatus.Finished],
  ['4', RunStatus.Failed],
  ['5', RunStatus.Killed],
  ['RUNNING', RunStatus.Running],
  ['SCHEDULED', RunStatus.Scheduled],
  ['FINISHED', RunStatus.Finished],
  ['FAILED', RunStatus.Failed],
  ['KILLED', RunStatus.Killed],
]);

const NAME_TAG = 'mlflow.runName';
const NOTE_TAG = 'mlflow.note.content';
const PARENT_TAG = 'mlflow.parentRunId';
const TOO_LARGE = 'a step or timestamp beyond ±(2^53 − 1) cannot be kept exactly';

export const EMPTY_DEFAULT: Note = () => 'The experiment "Default" has no runs: left out.';

export interface MlflowRun {
  id: string;
  run_name: string | null;
  status: RunStatus;
  deleted: boolean;
  deleted_time: number | null;
  start_time: number | null;
  end_time: number | null;
  params: Record<string, string>;
  tags: Record<string, string>;
}

export interface MlflowExperiment {
  name: string;
  workspace: string | null;
  deleted: boolean;
  creation_time: number | null;
  last_update_time: number | null;
  tags: Record<string, string>;
}

export function statusOf(text: string): RunStatus | undefined {
  return STATUSES.get(text);
}

/** The name, note and parent tags become fields of the run; every other tag stays as it is. */
export function runFacts(run: MlflowRun): Omit<SourceRun, 'points' | 'artifacts'> {
  const { [NAME_TAG]: tagName, [NOTE_TAG]: notes, [PARENT_TAG]: parent, ...tags } = run.tags;
  const deletedAt = run.deleted_time ?? run.end_time ?? Date.now();
  return {
    id: run.id,
    name: run.run_name || tagName || run.id.slice(0, 8),
    status: run.status,
    start_time: run.start_time,
    end_time: run.end_time,
    parent_id: parent !== undefined && RUN_ID.test(parent) ? parent : null,
    notes: notes ?? '',
    trashed_at: run.deleted ? deletedAt : null,
    params: run.params,
    tags,
  };
}

/** Names are unique within a workspace only, so those of another workspace than "default" carry its name. */
export function experimentFacts(experiment: MlflowExperiment): Omit<SourceExperiment, 'runs'> {
  const { [NOTE_TAG]: description, ...tags } = experiment.tags;
  const { workspace, name, deleted } = experiment;
  return {
    name: workspace && workspace !== 'default' ? `${workspace}/${name}` : name,
    description: description ?? '',
    created_at: experiment.creation_time,
    trashed_at: deleted ? (experiment.last_update_time ?? Date.now()) : null,
    tags,
  };
}

export function isKept(point: SourcePoint, runId: string, remarks: Remarks): boolean {
  if (Number.isSafeInteger(point.step) && Number.isSafeInteger(point.timestamp)) return true;
  remarks.skip(`a point of metric "${point.key}" of run ${runId}`, TOO_LARGE);
  remarks.skippedPoints += 1;
  return false;
}

/** An object that takes any key as data, "__proto__" too. */
export function record(entries: Iterable<readonly [string, string]>): Record<string, string> {
  return Object.fromEntries(entries);
}
