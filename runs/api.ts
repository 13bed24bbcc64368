// runs/api.ts
// Purpose: the JSON API of runs: list, create, one, change, trash, log, metrics, points, curve.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/routes.ts

import type { App } from '../shared/http/types.ts';

export function installRunApi(app: App): void {
  void app;
}
