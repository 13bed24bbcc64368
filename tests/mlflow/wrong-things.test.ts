// tests/mlflow/wrong-things.test.ts
// Purpose: asks every call of MLflow's API, served or declined, wrong things in many ways: never a 5xx, always MLflow's error.
// Why: its clients try a 5xx again for minutes, and a training stands still meanwhile.
// Relevant files: mlflow/serve.ts, mlflow/problems.ts, mlflow/declined.ts, README.md

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DECLINED, DECLINED_ROOTS } from '../../mlflow/declined.ts';
import { served } from '../../mlflow/serve.ts';
import { projectRoot } from '../../shared/lint/paths.js';
import { randomFrom } from '../support/random.ts';
import { raw, type RawAnswer } from '../support/raw.ts';
import { useTracker } from '../support/use.ts';
import { mlflowOf } from './support.ts';

const tracker = useTracker();
/** What is there, so that wrong things reach further than the first look-up. */
let there: unknown[];
beforeAll(async () => {
  const mlflow = mlflowOf(tracker);
  const experiment = await mlflow.experiment();
  const run = await mlflow.run({ experiment_id: experiment });
  const { model } = await mlflow.post<{ model: { info: { model_id: string } } }>('/logged-models', {
    experiment_id: experiment,
    name: 'm',
  });
  await mlflow.post('/registered-models/create', { name: 'registered' });
  await mlflow.post('/model-versions/create', {
    name: 'registered',
    source: `models:/${model.info.model_id}`,
    model_id: model.info.model_id,
  });
  await mlflow.post('/runs/log-batch', {
    run_id: run,
    metrics: [{ key: 'm', value: 1, timestamp: 1 }],
    params: [{ key: 'p', value: '1' }],
  });
  there = [run, experiment, model.info.model_id, 'registered', '1', [run], [experiment], 'm', 'p'];
});

const JSON_TYPE = { 'content-type': 'application/json' };
const LONG = 'x'.repeat(30_000);

const NAMES = [
  ...[
    'run_id',
    'run_uuid',
    'run_ids',
    'experiment_id',
    'experiment_ids',
    'experiment_name',
    'name',
    'new_name',
    'key',
    'value',
  ],
  ...[
    'timestamp',
    'step',
    'metrics',
    'params',
    'tags',
    'status',
    'end_time',
    'start_time',
    'run_name',
    'filter',
    'order_by',
  ],
  ...[
    'max_results',
    'page_token',
    'view_type',
    'run_view_type',
    'metric_key',
    'datasets',
    'models',
    'model_id',
    'model_json',
  ],
  ...['version', 'alias', 'stage', 'stages', 'source', 'description', 'path', 'start_step', 'end_step', 'user_id'],
  ...[
    'artifact_location',
    'archive_existing_versions',
    'allow_deleted',
    'artifact_directory_path',
    'dataset_name',
    '__proto__',
  ],
];
const VALUES: unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    '',
    ' ',
    'x',
    '0',
    '-1',
    '9'.repeat(18),
    '9'.repeat(40),
    'NaN',
    LONG,
    'a\u0000b',
    '\ud800',
  ],
  ...['../../etc/passwd', '%2e%2e/', "'; drop table runs; --", "metrics.m > 'x", 'metrics.m = 1', '🚀', '`', '"'],
  ...[[], {}, [null], [[]], [{}], [1], [''], { key: 'k' }, [{ key: 'k', value: {} }], [{ key: 5 }], [{ dataset: {} }]],
  ...[
    [{ key: 'k', value: 'v' }],
    [{ model_id: 'm-0' }],
    [{ field_name: 'x' }],
    [{ key: 'm', value: 1, timestamp: -1 }],
  ],
  ...['ACTIVE_ONLY', 'RUNNING', 99, 'eyJvZmZzZXQiOiAtMX0=', 'bm8=', ['metrics.m DESC', 'metrics.m'], 'READY', 'latest'],
];

function chooser(seed: number): <T>(of: readonly T[]) => T {
  const random = randomFrom(seed);
  return (of) => of[Math.floor(random() * of.length)] as (typeof of)[number];
}

/** An answer that leaves a client working: not 5xx (501 is where MLflow says it, too), mistakes as MLflow's error object. */
function expectSane({ status, json, text }: RawAnswer, asked: string): void {
  const isDeclinedWay = status === 501 && / \/[^ ]*\/mlflow-artifacts\/(mpu|presigned)\//.test(asked);
  expect(status < 500 || isDeclinedWay, `${asked}: ${status} ${text.slice(0, 300)}`).toBe(true);
  if (status < 400) return;
  expect(json, asked).toEqual({
    error_code: expect.stringMatching(/^[A-Z_]+$/) as string,
    message: expect.stringMatching(/./) as string,
  });
}

/** `:id` and `*` of a path become something. */
function filled(path: string, values: () => unknown): string {
  return path.replace(/:\w+|\*/g, () => encodeURIComponent(plainText(values()).slice(0, 300)) || 'x');
}

function plainText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.isWellFormed() ? text : 'lone';
}

const CALLS = (): [method: string, path: string][] => [...served].map((call) => call.split(' ') as [string, string]);

describe('wrong things', () => {
  it('bodies that are no object of JSON', async () => {
    const bodies = [
      '',
      '{',
      '[]',
      '[1]',
      '"x"',
      '5',
      'null',
      '{"a":NaN}',
      '\u0000',
      `${'['.repeat(5_000)}`,
      '{"run_id":{"a":[]}}',
    ];
    for (const [method, path] of CALLS()) {
      for (const body of bodies) {
        const at = `/api${filled(path, () => 'x')}`;
        expectSane(
          await raw(tracker.url, method, at, { headers: JSON_TYPE, body }),
          `${method} ${at} ${body.slice(0, 50)}`,
        );
      }
      const at = `/ajax-api${filled(path, () => 'y')}`;
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'nonsense',
        'application/json;charset=x',
      ]) {
        const answer = await raw(tracker.url, method, at, { headers: { 'content-type': type }, body: '{}' });
        expectSane(answer, `${method} ${at} ${type}`);
      }
      for (const wrong of ['PUT', 'PROPFIND', 'OPTIONS'])
        expectSane(await raw(tracker.url, wrong, at, { headers: JSON_TYPE, body: '{}' }), `${wrong} ${at}`);
    }
  });

  it.each([1, 2, 3])('fields of all kinds with values of all kinds, seed %i', async (seed) => {
    const choose = chooser(seed);
    const value = (): unknown => (choose([true, false]) ? choose(there) : choose(VALUES));
    const statuses = new Map<number, number>();
    for (const [method, path] of CALLS()) {
      for (let i = 0; i < 12; i++) {
        const fields = Object.fromEntries(
          Array.from({ length: choose([1, 3, 8, 20]) }, () => [choose(NAMES), value()]),
        );
        // Mostly with what is asked for first.
        if (choose([true, true, false]))
          Object.assign(fields, { run_id: there[0], experiment_id: there[1], name: 'registered' });
        const at = `${choose(['/api', '/ajax-api'])}${filled(path, value)}`;
        const query = new URLSearchParams(
          Object.entries(fields).map(([name, one]): [string, string] => [name, plainText(one).slice(0, 400)]),
        );
        const answer =
          method === 'GET'
            ? await raw(tracker.url, method, `${at}?${query.toString().slice(0, 8_000)}`)
            : await raw(tracker.url, method, at, { headers: JSON_TYPE, body: JSON.stringify(fields) });
        expectSane(answer, `${method} ${at} ${JSON.stringify(fields).slice(0, 500)}`);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      }
    }
    // It is not all thrown out at the door.
    expect(statuses.get(200)).toBeGreaterThan(20);
    expect(statuses.get(400)).toBeGreaterThan(100);
    for (const page of ['/experiments', `/experiments/${String(there[1])}`, `/runs/${String(there[0])}`])
      expect([200, 404, 409], page).toContain((await tracker.get(page)).status);
  });

  it('what is declined is a 404 that says so', async () => {
    const samples = DECLINED.map(([start]) => start.source.replace(/\\/g, '').replace('^', '').replace('[23]', '2').replace('(/|$)', '/x').replace(/\(([^|)]+)\|[^)]*\)/, '$1')); // prettier-ignore
    const paths = [
      ...samples.flatMap((path) => [`/api${path}`, `/ajax-api${path}`]),
      ...DECLINED_ROOTS.map(([path]) => path),
    ];
    for (const at of paths) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await raw(tracker.url, method, at, {
          headers: { 'content-type': 'text/plain' },
          body: '\u0000',
        });
        expect([answer.status, answer.json], `${method} ${at}`).toEqual([
          404,
          { error_code: 'ENDPOINT_NOT_FOUND', message: expect.stringContaining('does not have it') as string },
        ]);
      }
    }
  });
});

describe('README.md', () => {
  const README = readFileSync(`${projectRoot}/README.md`, 'utf8');

  it('lists every call that is served, and none that is not', () => {
    const rows = [...README.matchAll(/^\| `(\/[23]\.0\/[\w/-]+)` \| (.+) \|$/gm)];
    const inReadme = new Set(
      rows.flatMap(([, folder = '', calls = '']) =>
        [...calls.matchAll(/`([^`]+)`/g)].map(([, name = '']) => (name === '.' ? folder : `${folder}/${name}`)),
      ),
    );
    expect(inReadme).toEqual(new Set(CALLS().map(([, path]) => path)));
  });

  it('names everything that is declined', () => {
    for (const [, what] of [...DECLINED, ...DECLINED_ROOTS]) expect(README.toLowerCase()).toContain(what.toLowerCase());
  });
});
