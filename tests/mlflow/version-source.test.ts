// tests/mlflow/version-source.test.ts
// Purpose: sources of model versions that MLflow's server takes or refuses, and what an alias, a stage or `latest` becomes.
// Why: tools match on its refusals, and a version must not say the files of one run and the id of another.
// Relevant files: mlflow/version-source.ts, models/version-queries.ts, mlflow/experiment-writes.ts

import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTracker, type Tracker } from '../support/tracker.ts';
import { mlflowOf, type Mlflow } from './support.ts';

const INVALID = 'INVALID_PARAMETER_VALUE';
const OTHER = 'f'.repeat(32);
const name = 'sources';
let tracker: Tracker;
let mlflow: Mlflow;
/** What stands for what in the cases: `RUN`, its files `FILES`, a model `MODEL`, its files `ITS`. */
const stands = new Map<string, string>();

beforeAll(async () => {
  tracker = await startTracker();
  mlflow = mlflowOf(tracker);
  const experiment_id = await mlflow.experiment();
  const run = await mlflow.run({ experiment_id });
  const { model } = await mlflow.post<{ model: { info: { model_id: string; artifact_uri: string } } }>(
    '/logged-models',
    { experiment_id, source_run_id: run },
  );
  const files = `mlflow-artifacts:/${experiment_id}/${run}/artifacts`;
  stands.set('FILES', files).set('RUN', run).set('MODEL', model.info.model_id).set('ITS', model.info.artifact_uri);
  await mlflow.post('/registered-models/create', { name });
  const source = { source: `${files}/model`, run_id: run };
  for (let i = 0; i < 2; i++) await mlflow.post('/model-versions/create', { name, ...source });
  await mlflow.post('/registered-models/alias', { name, alias: 'best', version: '1' });
  await mlflow.post('/model-versions/transition-stage', { name, version: '1', stage: 'Production' });
});
afterAll(() => tracker.stop());

function filled(text: string): string {
  return text.replace(/[A-Z]{3,}/g, (word) => stands.get(word) ?? word);
}

type Case = [source: string, run_id?: string | undefined, model_id?: string];

interface Made {
  model_version: { source: string; run_id: string; model_id?: string };
}

async function made(source: string, run_id?: string, model_id?: string): Promise<Made['model_version']> {
  const body = {
    name,
    source: filled(source),
    run_id: run_id && filled(run_id),
    model_id: model_id && filled(model_id),
  };
  return (await mlflow.post<Made>('/model-versions/create', body)).model_version;
}

it.each<Case>([
  ['FILES/model', 'RUN'],
  ['FILES', 'RUN'],
  ['runs:/RUN/model', 'RUN'],
  ['models:/MODEL', undefined, 'MODEL'],
  ['models:/MODEL', 'RUN', 'MODEL'],
  ['ITS', undefined, 'MODEL'],
  ['s3://b/x'],
  ['S3://b//x/'],
  ['gs://b/x', OTHER],
  ['dbfs:/x'],
  ['s3://b/x#y'],
  ['wasbs://c@h/x'],
  ['s3://b/x', undefined, 'MODEL'],
])('%s of run %s, model %s is taken', async (source, run_id, model_id) => {
  const version = await made(source, run_id, model_id);
  expect(version.source).toBe(filled(source));
  expect(version.model_id).toBe(model_id && filled(model_id));
});

it.each(['@best', '/1', '/production', '/latest'])('a source by %s is kept by its number', async (how) => {
  const { model_version: newest } = await mlflow.post<{ model_version: { version: string } }>(
    '/model-versions/create',
    { name, source: filled('FILES'), run_id: stands.get('RUN') },
  );
  expect(await made(`models:/${name}${how}`)).toMatchObject({
    source: `models:/${name}/${how === '/latest' ? newest.version : '1'}`,
    run_id: stands.get('RUN'),
  });
});

it.each(['nobody/1', `${name}/99`, `${name}/Staging`, `${name}@nothing`])('models:/%s is not there', async (what) => {
  const body = { name, source: `models:/${what}` };
  await mlflow.refused('RESOURCE_DOES_NOT_EXIST', 'POST', '/model-versions/create', body);
});

it.each<Case>([
  ['FILES/model'],
  ['FILES/model', OTHER],
  ['FILES/model', undefined, 'MODEL'],
  ['FILES/../x', 'RUN'],
  ['FILES/%252e%252e/x', 'RUN'],
  ['FILESmore/x', 'RUN'],
  ['mlflow-artifacts:/9/x/artifacts/model', 'RUN'],
  ['mlflow-artifacts://host:80/1/x', 'RUN'],
  ['ITS'],
  ['runs:/RUN/model'],
  [`runs:/${OTHER}/model`, 'RUN'],
  ['runs://host/RUN/model', 'RUN'],
  ['runs:/RUN/model', 'RUN', 'MODEL'],
  ['models:/MODEL'],
  ['models:/MODEL', undefined, `m-${OTHER}`],
  ['models:/x'],
  ['models:/'],
  [`models://host/${name}/1`],
  [`models:/${name}/1`, OTHER],
  [`models:/${name}/1`, undefined, 'MODEL'],
  ['http://h/x'],
  ['https://h/api/2.0/mlflow-artifacts/artifacts/1/x'],
  ['ftp://h/x'],
  ['abfss://c@h/x'],
  ['hdfs://h/x'],
  ['s3://b'],
  ['s3://b/./x'],
  ['s3://b/%00x'],
  ['foo:bar'],
  ['C:\\x'],
  ['/tmp/x'],
  ['file:///tmp/x', 'RUN'],
])('%s of run %s, model %s is refused', async (source, run_id, model_id) => {
  const body = { source: filled(source), run_id: run_id && filled(run_id), model_id: model_id && filled(model_id) };
  const { message } = await mlflow.refused(INVALID, 'POST', '/model-versions/create', { name, ...body });
  expect(message).toMatch(/source/);
});

it.each(['http://h/x', 'ftp://h/x', 'mlflow-artifacts://h/x', 's3://b/x?a=../y', 'runs:/x', 's3://b/x#y'])(
  'no experiment has its files at %s',
  async (artifact_location) => {
    const { message } = await mlflow.refused(INVALID, 'POST', '/experiments/create', { name: 'x', artifact_location });
    expect(message).toMatch(/artifact_location/);
  },
);
