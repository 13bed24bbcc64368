// mlflow/models-routes.ts
// Purpose: mounts MLflow's calls for logged models and for its registry of models.
// Why: each part has its own file.
// Relevant files: mlflow/logged-model-routes.ts, mlflow/registry-routes.ts, mlflow/version-routes.ts, mlflow/routes.ts

import type { App } from '../shared/http/types.ts';
import { installLoggedModels } from './logged-model-routes.ts';
import { installRegistry } from './registry-routes.ts';
import { installVersions } from './version-routes.ts';

export function installModels(app: App): void {
  installLoggedModels(app);
  installRegistry(app);
  installVersions(app);
}
