// tests/mlflow/random-calls.ts
// Purpose: a random call of MLflow's API on what earlier calls made, right or wrong in one place; and its answer without ids and times.
// Why: the same sequence on two servers must get the same answers.
// Relevant files: tests/mlflow/beside-scripts.test.ts, tests/mlflow/beside.ts

import { ask, type Side } from './beside.ts';
import type { Choose } from './random-filters.ts';

/** Ids in it are written `<run 3>`, `<experiment 0>`. */
export interface Call {
  method: 'GET' | 'POST';
  path: string;
  body: Record<string, unknown>;
}

/** What each side calls them. */
export class Ids {
  readonly #known = new Map<string, string[]>();

  add(kind: string, side: Side, id: string): void {
    const key = `${kind} ${side.name}`;
    this.#known.set(key, [...(this.#known.get(key) ?? []), id]);
  }

  fill(side: Side, text: string): string {
    return text.replace(/<(run|experiment) (\d+)>/g, (_, kind: string, place: string) => {
      return this.#known.get(`${kind} ${side.name}`)?.[Number(place)] ?? 'f'.repeat(32);
    });
  }

  /** Run ids only: those of experiments are short numbers, which occur elsewhere. */
  hide(side: Side, text: string): string {
    for (const [place, id] of (this.#known.get(`run ${side.name}`) ?? []).entries())
      text = text.replaceAll(id, `<run ${place}>`);
    return text;
  }
}

const KEYS = ['a', 'b/c', 'ü', 'x y'];
const BAD_KEYS = ['', 'a//b', '../a', '/a', 'x'.repeat(251), 'a🚀'];
const VALUES = ['1', 'two', 'ü 🚀', ''];
const STATUSES = ['RUNNING', 'FINISHED', 'FAILED', 'KILLED', 'SCHEDULED'];

export function randomCall(choose: Choose, made: { runs: number; experiments: number }, at: number): Call {
  const run_id = `<run ${choose(Array.from({ length: made.runs + 1 }, (_, i) => i))}>`;
  // MLflow gives a run that is not there an empty history; here it is a 404.
  const known = `<run ${Math.max(0, made.runs - 1)}>`;
  const experiment_id = `<experiment ${choose(Array.from({ length: made.experiments }, (_, i) => i))}>`;
  const key = choose([...KEYS, ...KEYS, choose(BAD_KEYS)]);
  const value = choose(VALUES);
  const point = {
    key,
    value: choose<unknown>([1, 0.5, -2, 'NaN', 1e300]),
    timestamp: choose([1, 2, 3]),
    step: choose([0, 1, 2, -1]),
  };
  const post = (path: string, body: Record<string, unknown>): Call => ({ method: 'POST', path, body });
  const get = (path: string, body: Record<string, unknown>): Call => ({ method: 'GET', path, body });
  const call = choose([
    () => post('/experiments/create', { name: choose(['first', `experiment ${at}`]) }),
    () => get('/experiments/get', { experiment_id }),
    () => get('/experiments/get-by-name', { experiment_name: choose(['first', 'nothing', 'Default']) }),
    () => post('/experiments/set-experiment-tag', { experiment_id, key, value }),
    () =>
      post('/experiments/update', { experiment_id: `<experiment ${made.experiments - 1}>`, new_name: `renamed ${at}` }),
    () =>
      post('/runs/create', {
        experiment_id,
        run_name: `run ${at}`,
        start_time: 1_000 + at,
        tags: [{ key: choose(KEYS), value }],
      }),
    () =>
      post('/runs/create', {
        experiment_id,
        start_time: 1_000 + at,
        tags: [{ key: 'mlflow.runName', value: `run ${at}` }],
      }),
    () => get('/runs/get', { run_id }),
    () => get('/runs/get', { run_uuid: run_id }),
    () => post('/runs/update', { run_id, status: choose(STATUSES), end_time: 5_000 + at }),
    () => post('/runs/update', { run_id, run_name: `renamed ${at}` }),
    () => post('/runs/delete', { run_id }),
    () => post('/runs/restore', { run_id }),
    () => post('/runs/restore', { run_id }),
    () => post('/runs/set-tag', { run_id, key, value }),
    () =>
      post('/runs/set-tag', { run_id, key: choose(['mlflow.runName', 'mlflow.note.content']), value: `text ${at}` }),
    () => post('/runs/delete-tag', { run_id, key: choose(KEYS) }),
    () => post('/runs/log-parameter', { run_id, key, value: choose(['1', '1', '2']) }),
    () => post('/runs/log-metric', { run_id, ...point }),
    () => post('/runs/log-metric', { run_id, ...point, timestamp: -1 }),
    () =>
      post('/runs/log-batch', {
        run_id,
        metrics: [point, { ...point, step: 7 }],
        params: [{ key: choose(KEYS), value: '1' }],
        tags: [{ key, value }],
      }),
    () => get('/metrics/get-history', { run_id: known, metric_key: choose(KEYS), max_results: choose([1, 2, 100]) }),
    () =>
      post('/runs/search', {
        experiment_ids: [experiment_id],
        order_by: ['start_time'],
        run_view_type: choose(['ALL', 'ACTIVE_ONLY']),
      }),
  ])();
  return choose([true, true, true, true, true, false]) ? call : withoutField(choose, call);
}

/** Values may be left out, and a page token is nobody's. */
function withoutField(choose: Choose, call: Call): Call {
  const names = Object.keys(call.body).filter(
    (name) =>
      ![
        'value',
        'max_results',
        'run_name',
        'tags',
        'run_view_type',
        'order_by',
        'start_time',
        'experiment_id',
        'experiment_ids',
        'status',
        'end_time',
      ].includes(name),
  );
  const gone = names.length > 0 ? choose(names) : '';
  return { ...call, body: Object.fromEntries(Object.entries(call.body).filter(([name]) => name !== gone)) };
}

export interface Told {
  status: number;
  error: unknown;
  body: unknown;
  /** The id of what was made. */
  made: string | undefined;
}

export async function tell(side: Side, ids: Ids, { method, path, body }: Call): Promise<Told> {
  const filled = JSON.parse(ids.fill(side, JSON.stringify(body))) as Record<string, string>;
  const query = method === 'GET' ? `?${new URLSearchParams(filled).toString()}` : '';
  const reply = await ask(side, method, path + query, method === 'GET' ? undefined : filled);
  const { error_code, ...rest } = reply.body as {
    error_code?: string;
    run?: { info: { run_id: string } };
    experiment_id?: string;
  };
  const made = path === '/runs/create' ? rest.run?.info.run_id : rest.experiment_id;
  const told = error_code === undefined ? (JSON.parse(ids.hide(side, JSON.stringify(plain(rest)))) as unknown) : {};
  return { status: reply.status, error: error_code, body: told, made };
}

/** What differs between any two servers, and between any two times. */
const APART = new Set([
  'run_id',
  'run_uuid',
  'artifact_uri',
  'artifact_location',
  'creation_time',
  'last_update_time',
  'next_page_token',
  'workspace',
  'user_id',
  'experiment_id',
]);

/** Empty is absent; lists of keys have no order. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(plain) as { key?: string; step?: number }[];
    const isKeyed = items.every((item) => typeof item.key === 'string' && !('run_id' in item));
    return isKeyed && new Set(items.map(({ key }) => key)).size === items.length
      ? items.sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1))
      : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([name]) => !APART.has(name))
    .map(([name, one]) => [name, plain(one)] as const);
  return Object.fromEntries(entries.filter(([, one]) => !isEmpty(one)));
}

function isEmpty(value: unknown): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}
