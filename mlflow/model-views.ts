// mlflow/model-views.ts
// Purpose: logged models, registered models and versions as MLflow's clients read them.
// Why: one shape for every call that answers with one of them.
// Relevant files: mlflow/logged-model-routes.ts, mlflow/registry-routes.ts, mlflow/locations.ts, mlflow/wire.ts

import type { LoggedModel, LoggedModelPoint } from '../models/logged-queries.ts';
import { LoggedModelStatus } from '../models/models.ts';
import type { Registered, Version } from '../models/registry-queries.ts';
import { modelUri } from './locations.ts';
import { double, someOf } from './wire.ts';

export const STATUS_NAMES: Record<LoggedModelStatus, string> = {
  [LoggedModelStatus.Pending]: 'LOGGED_MODEL_PENDING',
  [LoggedModelStatus.Ready]: 'LOGGED_MODEL_READY',
  [LoggedModelStatus.Failed]: 'LOGGED_MODEL_UPLOAD_FAILED',
};

export function loggedModelView(model: LoggedModel, location: (experiment: number) => string): object {
  return {
    info: {
      model_id: model.id,
      experiment_id: String(model.experiment_id),
      name: model.name,
      creation_timestamp_ms: model.created_at,
      last_updated_timestamp_ms: model.updated_at,
      artifact_uri: modelUri(model, location),
      status: STATUS_NAMES[model.status],
      model_type: model.model_type || undefined,
      source_run_id: model.source_run_id ?? undefined,
      tags: pairs(model.tags),
      registrations: someOf(model.registrations.map(({ name, version }) => ({ name, version: String(version) }))),
    },
    data: {
      params: pairs(model.params),
      metrics: someOf(model.metrics.map((point) => pointView(point, model.id))),
    },
  };
}

function pointView(point: LoggedModelPoint, model_id: string): object {
  const { key, value, timestamp, step, run_id, dataset_name, dataset_digest } = point;
  return {
    ...{ key, value: double(value), timestamp, step, model_id, run_id },
    dataset_name: dataset_name || undefined,
    dataset_digest: dataset_digest || undefined,
  };
}

function pairs(record: Record<string, string>): object[] | undefined {
  return someOf(Object.entries(record).map(([key, value]) => ({ key, value })));
}

/** Every version is ready at once: its files were there before it. */
const READY = 'READY';

export function versionView(version: Version): object {
  return {
    name: version.name,
    version: String(version.version),
    creation_timestamp: version.created_at,
    last_updated_timestamp: version.updated_at,
    current_stage: version.stage,
    description: version.description,
    source: version.source,
    run_id: version.run_id ?? '',
    model_id: version.model_id ?? undefined,
    status: READY,
    tags: pairs(version.tags),
    run_link: version.run_link,
    aliases: someOf(version.aliases),
  };
}

export function registeredView(model: Registered): object {
  return {
    name: model.name,
    creation_timestamp: model.created_at,
    last_updated_timestamp: model.updated_at,
    description: model.description,
    latest_versions: someOf(model.latest.toReversed().map(versionView)),
    tags: pairs(model.tags),
    aliases: someOf(Object.entries(model.aliases).map(([alias, version]) => ({ alias, version: String(version) }))),
  };
}
