// mlflow/version-routes.ts
// Purpose: MLflow's calls for the versions of registered models.
// Why: HTTP only: parse, call, answer.
// Relevant files: mlflow/serve.ts, mlflow/model-views.ts, mlflow/registry-routes.ts, models/version-changes.ts

import { z } from 'zod';
import { describeVersion, describeVersions, requireRegistered, requireVersion } from '../models/registry-queries.ts';
import { searchVersions } from '../models/search-queries.ts';
import {
  createVersion,
  deleteVersion,
  patchVersion,
  removeVersionTag,
  setStage,
  setVersionTags,
} from '../models/version-changes.ts';
import type { App } from '../shared/http/types.ts';
import { list, MISSING, recordOf, required, text, truth, whole } from './fields.ts';
import { versionUri } from './locations.ts';
import { registeredName, registryKey, registryTag, versionOf } from './model-fields.ts';
import { versionCondition, versionOrder } from './model-filter.ts';
import { versionView } from './model-views.ts';
import { fromToken, toToken } from './page-token.ts';
import { description, searchQuery, stageOf } from './registry-routes.ts';
import { serve } from './serve.ts';
import { checkSource } from './version-source.ts';
import { someOf } from './wire.ts';

const AT = '/2.0/mlflow/model-versions';
const SEARCH_MAX = 200_000;
const SEARCH_DEFAULT = 10_000;

const createBody = z.object({
  name: registeredName,
  source: required(2_000),
  run_id: text(500).optional(),
  model_id: text(500).optional(),
  run_link: text(2_000).optional(),
  description,
  tags: list(registryTag),
});

export function installVersions(app: App): void {
  const { store } = app;
  const answer = async ({ name, version }: { name: string; version: number }): Promise<object> => ({
    model_version: versionView(await describeVersion(store.read, await requireVersion(store.read, name, version))),
  });

  serve(app, 'POST', `${AT}/create`, createBody, async ({ name, tags, ...asked }) => {
    const row = await store.write(async (tx) => {
      await requireRegistered(tx, name);
      await checkSource(tx, asked);
      return createVersion(tx, name, { ...asked, tags: recordOf(tags) }, Date.now());
    });
    return answer({ name, version: row.version });
  });

  serve(app, 'GET', `${AT}/get`, versionOf, answer);

  serve(
    app,
    'PATCH',
    `${AT}/update`,
    versionOf.extend({ description }),
    async ({ name, version, description: words }) => {
      if (words !== undefined)
        await store.write((tx) => patchVersion(tx, name, version, { description: words }, Date.now()));
      return answer({ name, version });
    },
  );

  serve(app, 'DELETE', `${AT}/delete`, versionOf, async ({ name, version }) => {
    await store.write((tx) => deleteVersion(tx, name, version, Date.now()));
    return {};
  });

  const query = z.object({ ...searchQuery, max_results: whole(1, SEARCH_MAX).default(SEARCH_DEFAULT) });
  serve(app, 'GET', `${AT}/search`, query, async ({ filter, order_by, page_token, max_results: limit }) => {
    const { offset } = fromToken(page_token);
    const where = versionCondition(filter);
    const found = await searchVersions(store.read, { where, order: versionOrder(order_by), limit, offset });
    return {
      model_versions: someOf((await describeVersions(store.read, found.rows)).map(versionView)),
      next_page_token: found.hasMore ? toToken({ offset: offset + limit }) : undefined,
    };
  });

  serve(app, 'GET', `${AT}/get-download-uri`, versionOf, async ({ name, version }) => ({
    artifact_uri: await versionUri(store.read, await requireVersion(store.read, name, version)),
  }));

  const stageBody = versionOf.extend({
    stage: z.string().min(1, MISSING),
    archive_existing_versions: truth.default(false),
  });
  serve(app, 'POST', `${AT}/transition-stage`, stageBody, async ({ name, version, ...asked }) => {
    const stage = stageOf(asked.stage);
    await store.write((tx) =>
      setStage(tx, name, version, { stage, alone: asked.archive_existing_versions }, Date.now()),
    );
    return answer({ name, version });
  });

  serve(app, 'POST', `${AT}/set-tag`, versionOf.extend(registryTag.shape), async ({ name, version, key, value }) => {
    await store.write((tx) => setVersionTags(tx, name, version, { [key]: value }, Date.now()));
    return {};
  });

  serve(app, 'DELETE', `${AT}/delete-tag`, versionOf.extend({ key: registryKey }), async ({ name, version, key }) => {
    await store.write((tx) => removeVersionTag(tx, name, version, key, Date.now()));
    return {};
  });
}
