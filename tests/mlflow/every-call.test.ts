// tests/mlflow/every-call.test.ts
// Purpose: each call that MLflow's client knows is either served here or declined by name; a prompt is declined, too.
// Why: "There is nothing at" says to a user that the server is wrong or old, not that a thing was left out on purpose.
// Relevant files: mlflow/serve.ts, mlflow/declined.ts, tests/mlflow/list_calls.py, README.md

import { expect, it } from 'vitest';
import { reasonDeclined } from '../../mlflow/declined.ts';
import { served } from '../../mlflow/serve.ts';
import { useTracker } from '../support/use.ts';
import { runScript } from './beside.ts';
import { mlflowOf } from './support.ts';

const tracker = useTracker();

/** `GET /2.0/mlflow/logged-models/:` whatever a place in the path is called. */
const placeless = (call: string): string => call.replace(/\{[^}]*\}|<[^>]*>|:\w+|\*/g, ':');

it('each call that the client knows is served, or declined by name', async () => {
  const known = (await runScript('list_calls.py')).trim().split('\n');
  expect(known.length).toBeGreaterThan(150);
  const ours = new Set([...served].map(placeless));
  const isServed = (call: string): boolean => ours.has(placeless(call));
  const isDeclined = (call: string): boolean => reasonDeclined(`/api${call.split(' ')[1] ?? ''}`) !== undefined;
  expect(known.filter((call) => !isServed(call) && !isDeclined(call))).toEqual([]);
  // Nothing that is served is called declined.
  expect(known.filter((call) => isServed(call) && isDeclined(call))).toEqual([]);
  expect(known.filter(isServed).length).toBeGreaterThan(60);
});

it('a prompt, which the client begins as a registered model, is declined, and nothing of it stays', async () => {
  const mlflow = mlflowOf(tracker);
  const prompt = { name: 'greeting', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] };
  expect(await mlflow.refused('ENDPOINT_NOT_FOUND', 'POST', '/registered-models/create', prompt)).toMatchObject({
    message: expect.stringContaining('Prompts: this tracker does not have it') as string,
  });
  expect(await mlflow.get('/registered-models/search')).not.toHaveProperty('registered_models.0');
});
