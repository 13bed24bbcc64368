// runs/routes.ts
// Purpose: mounts everything about runs.
// Why: the feature on one screen; each part has its own file.
// Relevant files: manage.ts, runs/api.ts, runs/pages.ts

import type { App } from '../shared/http/types.ts';
import { installRunApi } from './api.ts';
import { installAttempts } from './attempts/attempt-routes.ts';
import { installArtifacts } from './artifacts/artifact-routes.ts';
import { installKeysPage } from './table/keys-pages.ts';
import { installBulkApi } from './table/bulk-api.ts';
import { installBulk } from './table/bulk-routes.ts';
import { installClient } from './client-routes.ts';
import { installConclusions } from './conclusions/conclusion-routes.ts';
import { installBaselineApi } from './compare/baseline-api.ts';
import { installBaseline } from './compare/baseline-routes.ts';
import { installCompareFiles } from './compare/compare-file-routes.ts';
import { installCompare } from './compare/compare-routes.ts';
import { installCurves } from './curves/curve-routes.ts';
import { installChartDefaults } from './curves/default-routes.ts';
import { installRunPages } from './pages.ts';
import { installPurge } from './purge-routes.ts';
import { installCompletion } from './query/completion-api.ts';
import { installRules } from './rules/rule-routes.ts';
import { installParams } from './params/param-routes.ts';
import { installRulePages } from './rules/rule-pages.ts';
import { installGroups } from './groups/group-routes.ts';
import { installViewApi } from './view/saved-api.ts';
import { installViewPages } from './view/saved-pages.ts';
import { installPictures } from './pictures/picture-routes.ts';
import { installPivot } from './pivot/pivot-routes.ts';
import { installChooser } from './view/chooser-pages.ts';
import { installTableFiles } from './view/table-routes.ts';
import { installFilterHelp } from './query/help-pages.ts';

export async function runs(app: App): Promise<void> {
  installRunApi(app);
  installAttempts(app);
  installClient(app);
  await app.register(installArtifacts);
  installRunPages(app);
  installBulk(app);
  installBulkApi(app);
  installPurge(app);
  installCompare(app);
  installCompareFiles(app);
  installBaseline(app);
  installBaselineApi(app);
  installCurves(app);
  installChartDefaults(app);
  installGroups(app);
  installConclusions(app);
  installViewApi(app);
  installRules(app);
  installViewPages(app);
  installPivot(app);
  installPictures(app);
  installTableFiles(app);
  installChooser(app);
  installRulePages(app);
  installParams(app);
  installFilterHelp(app);
  installKeysPage(app);
  installCompletion(app);
}
