// tags/routes.ts
// Purpose: the routes of tags.
// Why: HTTP only: parse, call, answer.
// Relevant files: tags/schemas.ts, tags/queries.ts

import type { App } from '../shared/http/types.ts';

export function tags(app: App): void {
  void app;
}
