// bench/wires.ts
// Purpose: the same acts (a new run, a batch, a whole run) in our API and in MLflow's, as prepared requests.
// Why: a section says what is done; who speaks how is said here.
// Relevant files: bench/bodies.ts, bench/contenders.ts, runs/api.ts

import { randomBytes } from 'node:crypto';
import { ask, createRun } from './api.ts';
import { metricItems, metricKey, pairs, shortMetrics, type Shape } from './bodies.ts';
import { COUNTER, RUN_ID, type Step } from './load-types.ts';

export interface Wire {
  newRun: () => Promise<string>;
  log: (run: string, shape: Shape) => Step;
  /** A run with 10 params, 5 tags and 5 metrics, begun and finished, in three calls. */
  wholeRun: (experiment?: string) => Promise<Step[]>;
  /** The best 100 runs of the experiment `searched`. */
  search: (filtered: boolean) => Promise<Step>;
  /** The first metric of a run as 320 buckets. */
  curve: (run: string) => Step;
}

const PARAMS = 10;
const TAGS = 5;
const METRICS = 5;

export function ourWire(url: string): Wire {
  const log = (run: string, metrics: string): Step => ({
    method: 'POST',
    path: `/api/runs/${run}/log`,
    body: `{"metrics":${metrics}}`,
  });
  const object = (kind: string, count: number): string =>
    `{${pairs(kind, count)
      .map(([key, value]) => `"${key}":"${value}"`)
      .join(',')}}`;
  const start = `"params":${object('param', PARAMS)},"tags":${object('tag', TAGS)}}`;
  return {
    newRun: () => createRun(url),
    log: (run, shape) => log(run, metricItems(shape)),
    wholeRun: async (experiment = 'bench') => [
      { method: 'POST', path: '/api/runs', body: `{"experiment":"${experiment}",${start}`, keepsRunId: true },
      log(RUN_ID, shortMetrics(METRICS)),
      { method: 'PATCH', path: `/api/runs/${RUN_ID}`, body: '{"status":"finished"}' },
    ],
    search: async (filtered) => {
      const { items } = await ask<{ items: { id: number }[] }>(`${url}/api/experiments?q=searched`);
      const where = encodeURIComponent('metrics.metric-0 > 0 and params.param-1 = "value 1"');
      const filter = filtered ? `&where=${where}` : '';
      const order = filtered ? '&order=-metrics.metric-0' : '';
      return { method: 'GET', path: `/api/runs?experiment=${items[0]?.id ?? 0}&limit=100${filter}${order}` };
    },
    curve: (run) => ({
      method: 'GET',
      path: `/api/runs/${run}/curve?key=${encodeURIComponent(metricKey(0))}&buckets=320`,
    }),
  };
}

/** The limit knows no runs but those made in MLflow's three calls, only their ids in the path. */
export function limitWire(url = ''): Wire {
  const { wholeRun } = mlflowWire(url);
  return { ...ourWire(url), newRun: async () => randomBytes(16).toString('hex'), wholeRun };
}

/** FastTrackML speaks it too. */
export function mlflowWire(url: string): Wire {
  const api = '/api/2.0/mlflow';
  const post = (path: string, body: string): Step => ({ method: 'POST', path: `${api}${path}`, body });
  const list = (kind: string, count: number): string =>
    `[${pairs(kind, count)
      .map(([key, value]) => `{"key":"${key}","value":"${value}"}`)
      .join(',')}]`;
  const time = Date.now();
  const whole = `{"run_id":"${RUN_ID}","params":${list('param', PARAMS)},"tags":${list('tag', TAGS)},"metrics":${shortMetrics(METRICS)}}`;
  return {
    newRun: async () => {
      const body = { experiment_id: await mlflowExperiment(url), start_time: time };
      return (await ask<{ run: { info: { run_id: string } } }>(`${url}${api}/runs/create`, 'POST', body)).run.info
        .run_id;
    },
    log: (run, shape) => post('/runs/log-batch', `{"run_id":"${run}","metrics":${metricItems(shape)}}`),
    wholeRun: async (experiment) => [
      {
        ...post(
          '/runs/create',
          `{"experiment_id":"${await mlflowExperiment(url, experiment)}","start_time":17${COUNTER}0000}`,
        ),
        keepsRunId: true,
      },
      post('/runs/log-batch', whole),
      post('/runs/update', `{"run_id":"${RUN_ID}","status":"FINISHED","end_time":17${COUNTER}9999}`),
    ],
    search: async (filtered) => {
      const filter = "metrics.`metric-0` > 0 and params.`param-1` = 'value 1'";
      const order = { filter, order_by: ['metrics.`metric-0` DESC'] };
      const body = { experiment_ids: [await mlflowExperiment(url, 'searched')], max_results: 100 };
      return post('/runs/search', JSON.stringify({ ...body, ...(filtered && order) }));
    },
    curve: (run) => {
      const query = `run_ids=${run}&metric_key=${encodeURIComponent(metricKey(0))}&max_results=320`;
      return { method: 'GET', path: `/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?${query}` };
    },
  };
}

async function mlflowExperiment(url: string, name = 'bench'): Promise<string> {
  const api = `${url}/api/2.0/mlflow/experiments`;
  const there = await fetch(`${api}/get-by-name?experiment_name=${name}`);
  if (there.ok) return ((await there.json()) as { experiment: { experiment_id: string } }).experiment.experiment_id;
  return (await ask<{ experiment_id: string }>(`${api}/create`, 'POST', { name })).experiment_id;
}
