// mlflow/models-routes.ts
// Purpose: MLflow's logged models and its registry of models.
// Why: HTTP only: parse, call, answer.
// Relevant files: mlflow/routes.ts, mlflow/serve.ts

import type { App } from '../shared/http/types.ts';

export function installModels(_app: App): void {}
