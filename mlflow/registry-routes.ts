// mlflow/registry-routes.ts
// Purpose: MLflow's calls for registered models and their aliases.
// Why: HTTP only: parse, call, answer.
// Relevant files: mlflow/serve.ts, mlflow/model-views.ts, mlflow/version-routes.ts, models/registry-changes.ts

import { z } from 'zod';
import type { Stage } from '../models/models.ts';
import {
  createRegistered,
  deleteRegistered,
  patchRegistered,
  removeAlias,
  removeRegisteredTag,
  setAlias,
  setRegisteredTags,
} from '../models/registry-changes.ts';
import {
  describeOneRegistered,
  describeRegistered,
  describeVersion,
  findAliased,
  findRegistered,
  requireRegistered,
  stageNamed,
} from '../models/registry-queries.ts';
import { searchRegistered } from '../models/search-queries.ts';
import type { Db } from '../shared/db/store.ts';
import type { App } from '../shared/http/types.ts';
import { LIMITS } from '../shared/limits.ts';
import { declinedText } from './declined.ts';
import { invalid, MlflowError, taken } from './errors.ts';
import { list, recordOf, repeated, required, text, whole } from './fields.ts';
import { registeredName, registryKey, registryTag, version } from './model-fields.ts';
import { registeredCondition, registeredOrder } from './model-filter.ts';
import { registeredView, versionView } from './model-views.ts';
import { fromToken, toToken } from './page-token.ts';
import { serve } from './serve.ts';
import { someOf } from './wire.ts';

const AT = '/2.0/mlflow/registered-models';
const SEARCH_MAX = 1_000;
const SEARCH_DEFAULT = 100;
const PROMPT_TAG = 'mlflow.prompt.is_prompt';

export const description = text(LIMITS.notes).optional();
const named = z.object({ name: registeredName });
const alias = required(1_000);

export const searchQuery = {
  filter: text(100_000).default(''),
  order_by: repeated(text(2_000)),
  page_token: text(1_000).optional(),
};

export function installRegistry(app: App): void {
  const { store } = app;
  const answer = async (name: string): Promise<object> => ({
    registered_model: registeredView(
      await describeOneRegistered(store.read, await requireRegistered(store.read, name)),
    ),
  });

  serve(app, 'POST', `${AT}/create`, named.extend({ description, tags: list(registryTag) }), async (asked) => {
    // A client begins a prompt as a registered model, which its version could not go on with.
    if (asked.tags.some(({ key }) => key === PROMPT_TAG))
      throw new MlflowError('ENDPOINT_NOT_FOUND', declinedText('Prompts'));
    await store.write(async (tx) => {
      await checkIsFree(tx, asked.name);
      await createRegistered(tx, { ...asked, tags: recordOf(asked.tags) }, Date.now());
    });
    return answer(asked.name);
  });

  serve(app, 'POST', `${AT}/rename`, named.extend({ new_name: registeredName }), async ({ name, new_name }) => {
    await store.write(async (tx) => {
      if (new_name !== name) await checkIsFree(tx, new_name);
      await patchRegistered(tx, name, { name: new_name }, Date.now());
    });
    return answer(new_name);
  });

  serve(app, 'PATCH', `${AT}/update`, named.extend({ description }), async ({ name, ...patch }) => {
    await store.write((tx) => patchRegistered(tx, name, { description: patch.description }, Date.now()));
    return answer(name);
  });

  serve(app, 'DELETE', `${AT}/delete`, named, async ({ name }) => {
    await store.write((tx) => deleteRegistered(tx, name));
    return {};
  });

  serve(app, 'GET', `${AT}/get`, named, ({ name }) => answer(name));

  const query = z.object({ ...searchQuery, max_results: whole(1, SEARCH_MAX).default(SEARCH_DEFAULT) });
  serve(app, 'GET', `${AT}/search`, query, async ({ filter, order_by, page_token, max_results: limit }) => {
    const { offset } = fromToken(page_token);
    const where = registeredCondition(filter);
    const found = await searchRegistered(store.read, { where, order: registeredOrder(order_by), limit, offset });
    return {
      registered_models: someOf((await describeRegistered(store.read, found.rows)).map(registeredView)),
      next_page_token: found.hasMore ? toToken({ offset: offset + limit }) : undefined,
    };
  });

  serve(app, 'POST', `${AT}/set-tag`, registryTag.extend({ name: registeredName }), async ({ name, key, value }) => {
    await store.write((tx) => setRegisteredTags(tx, name, { [key]: value }, Date.now()));
    return {};
  });

  serve(app, 'DELETE', `${AT}/delete-tag`, named.extend({ key: registryKey }), async ({ name, key }) => {
    await store.write((tx) => removeRegisteredTag(tx, name, key, Date.now()));
    return {};
  });

  serve(app, 'POST', `${AT}/alias`, named.extend({ alias, version }), async (asked) => {
    await store.write((tx) => setAlias(tx, asked.name, asked.alias, asked.version, Date.now()));
    return {};
  });

  // A client may send it twice.
  serve(app, 'DELETE', `${AT}/alias`, named.extend({ alias }), async (asked) => {
    await store.write((tx) => removeAlias(tx, asked.name, asked.alias, Date.now()));
    return {};
  });

  serve(app, 'GET', `${AT}/alias`, named.extend({ alias }), async (asked) => {
    const found = await findAliased(store.read, asked.name, asked.alias);
    if (!found) throw invalid(`Registered model alias ${asked.alias} not found.`);
    return { model_version: versionView(await describeVersion(store.read, found)) };
  });

  const latest = async ({ name, stages }: { name: string; stages: string[] }): Promise<object> => {
    const model = await describeOneRegistered(store.read, await requireRegistered(store.read, name));
    const wanted = stages.map(stageOf);
    const some = model.latest.toReversed().filter(({ stage }) => wanted.length === 0 || wanted.includes(stage));
    return { model_versions: someOf(some.map(versionView)) };
  };
  serve(app, 'POST', `${AT}/get-latest-versions`, named.extend({ stages: list(z.string()) }), latest);
  serve(app, 'GET', `${AT}/get-latest-versions`, named.extend({ stages: repeated(z.string()) }), latest);
}

async function checkIsFree(tx: Db, name: string): Promise<void> {
  if (await findRegistered(tx, name)) throw taken(`Registered Model (name=${name}) already exists.`);
}

export function stageOf(name: string): Stage {
  const stage = stageNamed(name);
  if (stage === undefined) throw invalid(`Invalid Model Version stage: ${name}.`);
  return stage;
}
