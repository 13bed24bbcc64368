// mlflow/server-routes.ts
// Purpose: what MLflow's clients ask of the server itself: its version, and what it can do.
// Why: "no" to everything optional keeps them on the plain ways; `/health` is the product's own (shared/http/status.ts).
// Relevant files: mlflow/serve.ts, mlflow/routes.ts

import { z } from 'zod';
import type { App } from '../shared/http/types.ts';
import { serve } from './serve.ts';

/** The one whose API this is: clients compare it with their own. */
const MLFLOW_VERSION = '3.17.2';

export function installServer(app: App): void {
  app.get('/version', { schema: { hide: true } }, (_request, reply) => reply.type('text/plain').send(MLFLOW_VERSION));
  serve(app, 'GET', '/3.0/mlflow/server-info', z.object({}), async () => ({
    store_type: 'SqlStore',
    workspaces_enabled: false,
    multipart_uploads_enabled: false,
    multipart_downloads_enabled: false,
  }));
}
