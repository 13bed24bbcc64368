// exports/routes.ts
// Purpose: the routes of exports.
// Why: HTTP only: parse, call, answer.
// Relevant files: exports/schemas.ts, exports/queries.ts

import type { App } from '../shared/http/types.ts';

export function exports(app: App): void {
  void app;
}
