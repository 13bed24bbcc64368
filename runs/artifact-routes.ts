// runs/artifact-routes.ts
// Purpose: artifacts of a run over HTTP: upload, download with ranges, list, delete.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/routes.ts

import type { App } from '../shared/http/types.ts';

export function installArtifacts(app: App): void {
  void app;
}
