// models/routes.ts
// Purpose: mounts the models: JSON API and pages of registered models, of versions and of logged models.
// Why: the feature on one screen; each part has its own file.
// Relevant files: manage.ts, models/registry-api.ts, models/logged-api.ts, models/pages.ts, models/logged-pages.ts

import { formatCount } from '../shared/format.ts';
import type { App } from '../shared/http/types.ts';
import { installLoggedApi } from './logged-api.ts';
import { installLoggedPages } from './logged-pages.ts';
import { installModelPages } from './pages.ts';
import { installRegistryApi } from './registry-api.ts';
import { countLoggedModels } from './logged-queries.ts';
import { countRegistered } from './registry-queries.ts';

export function models(app: App): void {
  const { read } = app.store;
  app.statusFacts.push(async () => [
    { label: 'Registered models', value: formatCount(await countRegistered(read)) },
    { label: 'Logged models', value: formatCount(await countLoggedModels(read)) },
  ]);
  installRegistryApi(app);
  installLoggedApi(app);
  installModelPages(app);
  installLoggedPages(app);
}
