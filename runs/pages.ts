// runs/pages.ts
// Purpose: the pages of runs: list, run table of an experiment, one run, edit, trash.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/routes.ts

import type { App } from '../shared/http/types.ts';

export function installRunPages(app: App): void {
  void app;
}
