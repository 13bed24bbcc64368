// mlflow/artifacts-routes.ts
// Purpose: MLflow's artifacts: the proxy, lists, downloads.
// Why: HTTP only: parse, call, answer. Bodies are bytes: a scope with parsers of its own (`app.register`).
// Relevant files: mlflow/routes.ts, mlflow/serve.ts

import type { App } from '../shared/http/types.ts';

export function installArtifacts(_app: App): void {}
