// tests/mlflow/beside-scripts.test.ts
// Purpose: the same scripts and the same random calls get the same answers here and on MLflow's own server.
// Why: "runs unchanged" is shown by running it unchanged.
// Relevant files: tests/mlflow/fluent_script.py, tests/mlflow/autolog_script.py, tests/mlflow/random-calls.ts, tests/mlflow/beside.ts

import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomFrom } from '../support/random.ts';
import { runScript, startBeside, type Beside } from './beside.ts';
import { Ids, randomCall, tell } from './random-calls.ts';
import { chooser } from './random-filters.ts';

let beside: Beside;

beforeAll(async () => {
  beside = await startBeside();
});
afterAll(() => beside.stop());

it.each([
  ['fluent_script.py', 26],
  ['autolog_script.py', 5],
])('%s reads the same back', async (script, least) => {
  const [ours = '', mlflow = ''] = await Promise.all(beside.sides.map(({ url }) => runScript(script, url)));
  const [own, their] = [ours, mlflow].map((text) => JSON.parse(lastLine(text)) as unknown[]);
  expect(own).toEqual(their);
  expect(own?.length).toBeGreaterThanOrEqual(least);
});

it('a random sequence of 400 calls gets the same answers', async () => {
  const choose = chooser(randomFrom(66));
  const ids = new Ids();
  const made = { runs: 0, experiments: 0 };
  const first = { method: 'POST', path: '/experiments/create', body: { name: 'first' } } as const;
  let fine = 0;
  for (let i = 0; i < 400; i++) {
    const call = i === 0 ? first : randomCall(choose, made, i);
    const [ours, mlflow] = await Promise.all(beside.sides.map((side) => tell(side, ids, call)));
    const context = `${i}: ${JSON.stringify(call)}`;
    expect([ours?.status, ours?.error, ours?.body], context).toEqual([mlflow?.status, mlflow?.error, mlflow?.body]);
    if (ours?.status === 200) fine++;
    if (ours?.made === undefined || !call.path.endsWith('/create')) continue;
    const kind = call.path === '/runs/create' ? 'run' : 'experiment';
    for (const [side, told] of [ours, mlflow].entries()) {
      const on = beside.sides[side];
      if (on && told?.made !== undefined) ids.add(kind, on, told.made);
    }
    made[`${kind}s`]++;
  }
  expect(fine).toBeGreaterThan(200);
});

/** MLflow prints where its runs are before; Python writes NaN as JSON does not. */
function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').replace(/: NaN\b/g, ': "NaN"');
}
