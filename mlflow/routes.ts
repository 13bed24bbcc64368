// mlflow/routes.ts
// Purpose: MLflow's REST API under its prefixes, and what its clients ask of a server at start-up.
// Why: a script that logs to MLflow logs here unchanged: translation only, no tables, no SQL.
// Relevant files: mlflow/serve.ts, mlflow/problems.ts, mlflow/declined.ts, manage.ts

import type { App } from '../shared/http/types.ts';
import { installArtifacts } from './artifacts-routes.ts';
import { installBulk } from './bulk-routes.ts';
import { DECLINED_ROOTS } from './declined.ts';
import { installExperiments } from './experiment-routes.ts';
import { installHistory } from './history-routes.ts';
import { installLogging } from './log-routes.ts';
import { installModels } from './models-routes.ts';
import { answerUnknown, installErrors } from './problems.ts';
import { installRuns } from './run-routes.ts';
import { installSearch } from './search-routes.ts';
import { PREFIXES } from './serve.ts';
import { installServer } from './server-routes.ts';

export async function mlflow(app: App): Promise<void> {
  installErrors(app);
  // Bodies stay bytes until a call reads them (mlflow/bodies.ts); other content types are refused.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes));
  installExperiments(app);
  installRuns(app);
  installLogging(app);
  installHistory(app);
  installBulk(app);
  installServer(app);
  installSearch(app);
  installModels(app);
  installArtifacts(app);
  await installUnknown(app);
}

/** Everything else below the prefixes, and what is declined outside of them. */
async function installUnknown(app: App): Promise<void> {
  for (const prefix of PREFIXES.flatMap((start) => [`${start}/2.0`, `${start}/3.0`]))
    await app.register(async (scope) => void scope.setNotFoundHandler(answerUnknown), { prefix });
  await app.register(async (scope) => {
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _bytes, done) => done(null));
    for (const [path] of DECLINED_ROOTS) scope.all(path, { schema: { hide: true } }, answerUnknown);
  });
}
