// runs/bulk-routes.ts
// Purpose: what is done with ticked runs: tag, untag, trash, restore.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/routes.ts

import type { App } from '../shared/http/types.ts';

export function installBulk(app: App): void {
  void app;
}
