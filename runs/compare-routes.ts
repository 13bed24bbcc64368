// runs/compare-routes.ts
// Purpose: comparing runs as page and JSON.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/routes.ts

import type { App } from '../shared/http/types.ts';

export function installCompare(app: App): void {
  void app;
}
