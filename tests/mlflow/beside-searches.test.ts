// tests/mlflow/beside-searches.test.ts
// Purpose: random searches of the same random runs and experiments find the same here and on MLflow's own server.
// Why: search is where MLflow has most rules and fewest words; what differs on purpose is listed here, and nothing else does.
// Relevant files: tests/mlflow/beside.ts, tests/mlflow/random-filters.ts, mlflow/search-routes.ts

import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomFrom } from '../support/random.ts';
import { ask, forEach, startBeside, type Beside, type Side } from './beside.ts';
import { chooser, randomFilter, randomOrderBy, type Vocabulary } from './random-filters.ts';

const SEARCHES = 2_100;
const RUNS = 60;

const random = randomFrom(9);
const choose = chooser(random);

const WORDS: Omit<Vocabulary, 'runIds'> = {
  metrics: ['loss', 'val.acc', 'val/loss', 'top 5', 'ü', 'nowhere'],
  params: ['p', 'model.layers', 'learning rate', 'a/b', 'nowhere'],
  tags: ['t', 'mlflow.runName', 'mlflow.parentRunId', 'mlflow.note.content', 'mlflow.user', 'über tag', 'nowhere'],
  texts: [
    'adam',
    'Adam',
    'ADAM',
    "it's",
    'say "hi"',
    'FINISHED',
    '50%',
    'a_b',
    'aXb',
    '[a-z]*',
    '日本',
    'ünï',
    'ÜNÏ',
    'a\\b',
    'x',
  ],
  numbers: [0, 1, -1, 0.5, -2.25, 1e-7, 1e12, 1e300],
  times: [1_005, 1_010, 1_030, 1_030.5, 0, 3_000, -5],
  datasets: ['train', 'Test', 'holdout'],
  contexts: ['fit', 'eval', 'Eval'],
};

/** What MLflow answers otherwise, on purpose. Each with what makes the answers the same again. */
const DELIBERATE = [
  'ILIKE folds the case of every alphabet; MLflow on SQLite folds A to Z only: patterns with other letters are not asked',
  '±Infinity is kept; MLflow stores ±1.7976931348623157e308 in its place: in answers that is read as ±Infinity',
  'a few searches are a 500 of MLflow (two clauses on data sets above all); here they are answered, whatever they are',
  'the same field twice in order_by is a 500 of MLflow; here a 400: not asked',
  'run ids of different servers differ, and with them the order of ties: every run has a start of its own',
];

let beside: Beside;
/** Run ids on both sides, by place; and where experiments are. */
const ids: Record<Side['name'], string[]> = { ours: [], mlflow: [] };
const experiments: Record<Side['name'], string[]> = { ours: [], mlflow: [] };

beforeAll(async () => {
  beside = await startBeside();
  for (const [i, name] of ['one', 'two'].entries()) {
    for (const side of beside.sides) {
      const body = { name, artifact_location: `mlflow-artifacts:/at/${i}` };
      experiments[side.name].push(
        (await ask<{ experiment_id: string }>(side, 'POST', '/experiments/create', body)).body.experiment_id,
      );
    }
  }
  const makers = Array.from({ length: RUNS }, (_, i) => randomRun(i));
  // Parents first.
  for (const half of [0, RUNS / 2])
    await forEach(makers.slice(half, half + RUNS / 2), async (make, i) => {
      await Promise.all(beside.sides.map(async (side) => void (ids[side.name][half + i] = await make(side))));
    });
  await logDatasets();
});
afterAll(() => beside.stop());

/** One after the other: MLflow refuses a data set that it is just getting to know. Runs in the trash take none. */
async function logDatasets(): Promise<void> {
  for (let i = 0; i < RUNS; i += choose([1, 2, 3])) {
    const [name, digest, context] = [choose(WORDS.datasets), choose(WORDS.datasets), choose([...WORDS.contexts, ''])];
    const tags = context === '' ? [] : [{ key: 'mlflow.data.context', value: context }];
    const datasets = [{ dataset: { name, digest, source_type: 'local', source: '{}' }, tags }];
    const replies = beside.sides.map((side) =>
      ask(side, 'POST', '/runs/log-inputs', { run_id: ids[side.name][i], datasets }),
    );
    const [ours, mlflow] = (await Promise.all(replies)).map(({ status }) => status);
    expect(ours).toBe(mlflow);
  }
}

/** Every run has a start of its own: ties would be decided by ids, which differ. */
function randomRun(i: number): (side: Side) => Promise<string> {
  const some = <T>(keys: string[], value: () => T): { key: string; value: T }[] =>
    keys
      .filter((key) => key !== 'nowhere' && !key.startsWith('mlflow.') && random() < 0.7)
      .map((key) => ({ key, value: value() }));
  const metrics = some(WORDS.metrics, () =>
    choose([...WORDS.numbers, ...WORDS.numbers, 'NaN', 'Infinity', '-Infinity']),
  );
  const params = some(WORDS.params, () => choose(WORDS.texts));
  const tags = some(WORDS.tags, () => choose(WORDS.texts));
  if (random() < 0.3) tags.push({ key: 'mlflow.note.content', value: choose(WORDS.texts) });
  const user = random() < 0.7 ? choose(['ann', 'Bob', 'ünï']) : '';
  if (user !== '') tags.push({ key: 'mlflow.user', value: user });
  const parent = random() < 0.4 && i >= RUNS / 2 ? Math.floor((random() * RUNS) / 2) : undefined;
  const experiment = choose([0, 0, 1]);
  const status = choose(['RUNNING', 'FINISHED', 'FAILED', 'KILLED', 'SCHEDULED']);
  const steps = metrics.map(() => choose([0, 1, 5]));
  const trashed = random() < 0.1;
  return async (side) => {
    const parentTag = parent === undefined ? [] : [{ key: 'mlflow.parentRunId', value: ids[side.name][parent] }];
    const created = await ask<{ run: { info: { run_id: string } } }>(side, 'POST', '/runs/create', {
      experiment_id: experiments[side.name][experiment],
      run_name: `run ${i}`,
      start_time: 1_000 + i,
      user_id: user,
      tags: [...tags, ...parentTag],
    });
    const { run_id } = created.body.run.info;
    const points = metrics.map((metric, at) => ({ ...metric, step: steps[at], timestamp: 2_000 + i }));
    const done = [await ask(side, 'POST', '/runs/log-batch', { run_id, metrics: points, params })];
    if (status !== 'RUNNING') {
      const end_time = status === 'SCHEDULED' ? undefined : 2_000 + (i % 20);
      done.push(await ask(side, 'POST', '/runs/update', { run_id, status, end_time }));
    }
    if (trashed) done.push(await ask(side, 'POST', '/runs/delete', { run_id }));
    expect(
      done.map(({ status }) => status),
      JSON.stringify(done),
    ).toEqual(done.map(() => 200));
    return run_id;
  };
}

interface Search {
  filter: string;
  order_by: string[];
  max_results: number;
  run_view_type: string;
  experiments: number[];
}

function randomSearch(): Search {
  // Run ids are numbers of runs until it is known who is asked.
  const runIds = Array.from({ length: RUNS }, (_, i) => `<${i}>`);
  let filter: string;
  // Ids differ, so only equality is asked of them; and see DELIBERATE.
  do filter = randomFilter(choose, { ...WORDS, runIds, texts: [...WORDS.texts, 'run 7', 'ann', 'Bob'] });
  while (/run_id\s+(i?like|[!=]+ ['"](?!<))/i.test(filter) || /ilike\s+['"][^'"]*[\u0080-\uffff]/i.test(filter));
  const order_by = randomOrderBy(choose, { ...WORDS, runIds }).filter(
    (one) => !/run_id|artifact_uri|parentRunId/.test(one),
  );
  return {
    filter,
    order_by: isUnique(order_by) ? order_by : [],
    max_results: choose([1, 5, 20, 1_000, 1_000]),
    run_view_type: choose(['ACTIVE_ONLY', 'ACTIVE_ONLY', 'ALL', 'DELETED_ONLY']),
    experiments: choose([[0], [0], [0, 1], [1]]),
  };
}

/** The same field twice is refused here with a 400, there with a 500. */
function isUnique(order_by: string[]): boolean {
  const fields = order_by.map((one) =>
    one
      .replace(/ (asc|desc)$/i, '')
      .replace(/[`"]/g, '')
      .replace(/^(attributes?|attr|run|metrics?)\./, '')
      .replace('created', 'start_time'),
  );
  return new Set(fields).size === fields.length;
}

interface Found {
  runs?: Run[];
  next_page_token?: string;
}
interface Run {
  info: { run_name: string } & Record<string, unknown>;
  data?: { metrics?: Item[]; params?: Item[]; tags?: Item[] };
  inputs?: { dataset_inputs?: object[] };
}
interface Item {
  key: string;
  value: unknown;
}

async function found(
  side: Side,
  { experiments: places, filter, ...asked }: Search,
): Promise<{ status: number; answer: unknown; names: string[] }> {
  const own = filter.replace(/<(\d+)>/g, (_, place: string) => ids[side.name][Number(place)] ?? '');
  const body = { ...asked, filter: own, experiment_ids: places.map((place) => experiments[side.name][place]) };
  const { status, body: answer } = await ask<Found>(side, 'POST', '/runs/search', body);
  const runs = answer.runs ?? [];
  return {
    status,
    names: runs.map(({ info }) => info.run_name),
    answer: { runs: runs.map((run) => plain(side, run)), more: Boolean(answer.next_page_token) },
  };
}

/** Without ids of its own; what has no order in order. */
function plain(side: Side, { info, data = {}, inputs = {} }: Run): object {
  const { run_id: _, run_uuid: __, artifact_uri: ___, experiment_id, ...rest } = info;
  const byKey = (items: Item[] = []): Item[] =>
    items
      .map(({ key, ...more }) => ({ key, ...more, value: valueOf(side, more.value) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    ...rest,
    experiment: experiments[side.name].indexOf(String(experiment_id)),
    metrics: byKey(data.metrics),
    params: byKey(data.params),
    tags: byKey(data.tags),
    inputs: inputs.dataset_inputs ?? [],
  };
}

const LARGEST = Number.MAX_VALUE;

function valueOf(side: Side, value: unknown): unknown {
  if (side.name === 'mlflow' && (value === LARGEST || value === -LARGEST)) return value > 0 ? 'Infinity' : '-Infinity';
  // The id of a parent.
  const place = ids[side.name].indexOf(String(value));
  return place < 0 ? value : `<${place}>`;
}

it(`finds the same by ${SEARCHES} random searches`, async () => {
  const searches = Array.from({ length: SEARCHES }, randomSearch);
  const [different, broken]: [unknown[], string[]] = [[], []];
  let matches = 0;
  await forEach(searches, async (search, i) => {
    const [ours, mlflow] = await Promise.all(beside.sides.map((side) => found(side, search)));
    matches += ours?.names.length ?? 0;
    if (mlflow?.status === 500) {
      broken.push(search.filter);
      if (ours?.status === 200) return;
    }
    // The whole answers are long.
    const [own, their] = [ours, mlflow].map((one) => (i % 5 === 0 ? one : { ...one, answer: undefined }));
    if (!isDeepStrictEqual(own, their) || ours?.status !== 200) different.push([search, own, their]);
  });
  expect(different.slice(0, 3)).toEqual([]);
  expect(matches).toBeGreaterThan(SEARCHES);
  expect(broken.length).toBeLessThan(SEARCHES / 10);
  expect(DELIBERATE.length).toBeLessThanOrEqual(10);
});
