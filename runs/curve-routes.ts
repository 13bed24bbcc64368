// runs/curve-routes.ts
// Purpose: curves of one or many runs as page, SVG, CSV and JSON.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/routes.ts

import type { App } from '../shared/http/types.ts';

export function installCurves(app: App): void {
  void app;
}
