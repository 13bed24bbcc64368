// mlflow/search-routes.ts
// Purpose: MLflow's searches: runs, experiments, datasets; metric history of many runs.
// Why: HTTP only: parse, call, answer.
// Relevant files: mlflow/routes.ts, mlflow/serve.ts

import type { App } from '../shared/http/types.ts';

export function installSearch(_app: App): void {}
