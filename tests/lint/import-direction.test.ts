// tests/lint/import-direction.test.ts
// Purpose: the rule import-direction: who may import whom, and what is advised instead.
// Why: the house stands on this direction; a hole in the rule is not seen until there is a circle.
// Relevant files: shared/lint/import-direction.js, shared/lint/directions.js

import type { RuleTester } from 'eslint';
import { importDirection } from '../../shared/lint/import-direction.js';
import { at, tester } from './rule-tester.ts';

function valid(file: string, code: string): RuleTester.ValidTestCase {
  return { name: `${file}: ${code}`, code, filename: at(file) };
}

function invalid(file: string, code: string, message: RegExp): RuleTester.InvalidTestCase {
  return { name: `${file}: ${code}`, code, filename: at(file), errors: [{ message }] };
}

tester.run('import-direction', importDirection, {
  valid: [
    valid('manage.ts', `import { routes } from './runs/routes.ts';`),
    valid('manage.ts', `const { seed } = await import('./imports/seed.ts');`),
    valid('tests/runs/routes.test.ts', `import { routes } from '../../runs/routes.ts';`),
    valid('bench/load.ts', `import { readRuns } from '../runs/queries.ts';`),
    valid('shared/setup/run.js', `const { main } = await import('../../manage.ts');`),
    valid('shared/http/server.ts', `import { Problem } from '../errors.ts';`),
    valid('runs/queries.ts', `import { z } from 'zod'; import path from 'node:path';`),
    valid('runs/routes.ts', `import { runView } from './views.ts'; import { findRun } from './queries.ts';`),
    valid('runs/routes.ts', `import { pages } from './page-routes.ts'; import { api } from './routes/api.ts';`),
    valid(
      'runs/views.ts',
      `import type { RunsPageQuery } from './page-schemas.ts'; import type { Db } from './queries.ts';`,
    ),
    valid('experiments/views.ts', `import { runState } from '../runs/run-state.ts';`),
    valid('runs/table.ts', `import { experimentName } from '../experiments/queries.ts';`),
    valid('tags/routes.ts', `import { findRun } from '../runs/queries/find.ts';`),
    valid('mlflow/routes.ts', `import { ingest } from '../runs/ingest.ts';`),
    valid('runs/ingest.ts', `import { setRunTags } from '../tags/changes.ts';`),
    valid('exports/writers.ts', `import { readPoints } from '../runs/points.ts';`),
    valid('tags/changes.ts', `import { runs } from '../runs/models.ts';`),
    valid('runs/models.ts', `import { experiments } from '../experiments/models.ts';`),
    valid('experiments/queries.ts', `import { runs, type RunRow } from '../runs/models.ts';`),
    valid('exports/schemas.ts', `export { runSchema } from '../runs/schemas.ts';`),
    valid('experiments/views.ts', `import { RunStatus, RUN_STATUSES } from '../runs/models.ts';`),
    valid('runs/table/table.ts', `import type { ExperimentRow } from '../experiments/models.ts';`),
    valid('runs/routes.ts', `import { series } from './series-api.ts'; import { api } from './api.ts';`),
    valid('experiments/views.ts', `import type { RunStatus } from '../runs/models.ts';`),
    valid('a-new-feature/routes.ts', `import { base } from '../shared/http/server.ts';`),
  ],
  invalid: [
    invalid('shared/markdown.ts', `import { findRun } from '../runs/queries.ts';`, /shared\/ imports no feature: pass/),
    invalid('shared/db/x.ts', `import type { RunRow } from '../../runs/models.ts';`, /shared\/ imports no feature/),
    invalid('shared/setup/x.js', `await import('../../runs/queries.ts');`, /shared\/ imports no feature/),
    invalid('runs/queries.ts', `import { main } from '../manage.ts';`, /Nothing imports manage\.ts/),
    invalid('shared/config.ts', `import { main } from '../manage.ts';`, /Nothing imports manage\.ts/),
    invalid('runs/queries.ts', `import { start } from '../tests/server.ts';`, /Only tests import from tests/),
    invalid('tags/routes.ts', `import { routes } from '../runs/routes.ts';`, /Only manage\.ts and tests import routes/),
    invalid('runs/views.ts', `import { routes } from './routes.ts';`, /Only manage\.ts and tests import routes/),
    invalid('runs/views.ts', `import type { Query } from './pages.ts';`, /Only manage\.ts and tests import routes/),
    invalid('runs/views.ts', `import { findRun } from './queries.ts';`, /views\.ts makes rows ready and reads nothing/),
    invalid(
      'tags/views.ts',
      `import type { Query } from '../runs/pages.ts';`,
      /Only manage\.ts and tests import routes/,
    ),
    invalid('runs/queries.ts', `import { api } from './api.ts';`, /Only manage\.ts and tests import routes/),
    invalid('tags/views.ts', `import { pages } from '../runs/pages.ts';`, /Only manage\.ts and tests import routes/),
    invalid('bench/load.ts', `import { routes } from '../runs/routes.ts';`, /Only manage\.ts and tests import routes/),
    invalid(
      'tags/queries.ts',
      `export * from '../runs/views.ts';`,
      /only through its queries\.ts and changes\.ts: put it there/,
    ),
    invalid('tags/queries.ts', `import '../runs/columns.ts';`, /NAMED_MODULES/),
    invalid('tags/views.ts', `import { runs } from '../runs/models.ts';`, /ask runs\/queries\.ts for the rows/),
    invalid(
      'tags/views.ts',
      `import { RunStatus, runs } from '../runs/models.ts';`,
      /types and status objects excepted/,
    ),
    invalid('tags/views.ts', `import * as models from '../runs/models.ts';`, /types and status objects excepted/),
    invalid('tags/routes.ts', `import { runSchema } from '../runs/schemas.ts';`, /re-export .* tags\/schemas\.ts/),
    invalid('runs/models.ts', `import { findRun } from './queries.ts';`, /models\.ts stands below queries\.ts/),
    invalid('runs/changes.ts', `import { runView } from './views.ts';`, /changes\.ts returns plain rows/),
    invalid('runs/queries.ts', `import { runView } from './views.ts';`, /let routes\.ts call views\.ts/),
    invalid(
      'a-new-feature/views.ts',
      `import { runView } from '../runs/views.ts';`,
      /only through its queries\.ts and changes\.ts/,
    ),
  ],
});
