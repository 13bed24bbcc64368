// imports/synthetic.ts
// Purpose: a synthetic experiment of any size, the same every time: RUNS × METRICS × POINTS.
// Why: speed is measured with as many points as somebody needs, and with groups and outliers as real grids have.
// Relevant files: imports/seed-scale.ts, imports/random.ts

import { RunStatus } from '../runs/models.ts';
import { idOf, randomOf } from './random.ts';
import { BATCH_POINTS, type SourceExperiment, type SourcePoint, type SourceRun } from './records.ts';
import { listOf } from './seed-source.ts';

export interface Scale {
  runs: number;
  metrics: number;
  /** Of each metric of each run. */
  points: number;
  /** Of each run: the four of the grid, and more of which two vary, too. */
  params?: number;
}

const FIRST_START = Date.UTC(2026, 0, 5, 9);
const STEP_MS = 1000;
/** The first metrics have names that people know; the rest are metric-05 and so on. */
const NAMED = ['train/loss', 'val/loss', 'train/accuracy', 'val/accuracy', 'grad_norm'];
const GRID = {
  optimizer: ['sgd', 'adam', 'adamw', 'lion'],
  lr: ['0.0001', '0.001', '0.01', '0.1'],
  batch_size: ['32', '128', '512'],
};
const SEEDS = 5;

export function scaleName({ runs, metrics, points, params }: Scale): string {
  return `synthetic ${[runs, metrics, points, ...(params === undefined ? [] : [params])].join('x')}`;
}

/** The ids of its runs, in order. */
export function scaleIds(scale: Scale): string[] {
  return Array.from({ length: scale.runs }, (_, i) => idOf(`${scaleName(scale)}/${i}`));
}

export function scaleExperiment(scale: Scale): SourceExperiment {
  return {
    name: scaleName(scale),
    description:
      '**Made up, for measuring.** ' +
      `${scale.runs} runs with ${scale.metrics} metrics of ${scale.points} points each; the same numbers every time.`,
    main_metric: NAMED[Math.min(scale.metrics - 1, 3)] ?? '',
    created_at: FIRST_START,
    trashed_at: null,
    tags: { 'made-up': '' },
    runs: () => listOf(runsOf(scale)),
  };
}

function* runsOf(scale: Scale): Generator<SourceRun> {
  for (const [i, id] of scaleIds(scale).entries()) yield runOf(scale, id, i);
}

function runOf(scale: Scale, id: string, i: number): SourceRun {
  const start = FIRST_START + i * 60_000;
  const params = paramsOf(i);
  const more = moreParams(i, scale.params ?? 0);
  const hasFailed = i % 29 === 28;
  return {
    id,
    name: `${params.optimizer}-lr${params.lr}-b${params.batch_size}-s${params.seed}`,
    status: hasFailed ? RunStatus.Failed : RunStatus.Finished,
    start_time: start,
    end_time: start + scale.points * STEP_MS,
    parent_id: null,
    notes: '',
    trashed_at: null,
    params: { ...params, ...more },
    tags: { ...(i % 10 === 0 ? { candidate: '' } : {}), host: `node-${i % 8}` },
    points: () => listOf(batchesOf(scale, i, start)),
    artifacts: () => listOf([]),
  };
}

/** The seed changes fastest, so that groups fill up one after the other. */
function paramsOf(i: number): { optimizer: string; lr: string; batch_size: string; seed: string } {
  let place = Math.floor(i / SEEDS);
  const pick = (values: string[]): string => {
    const value = values[place % values.length] ?? '';
    place = Math.floor(place / values.length);
    return value;
  };
  const [lr, optimizer, batch_size] = [pick(GRID.lr), pick(GRID.optimizer), pick(GRID.batch_size)];
  return { optimizer, lr, batch_size, seed: String(i % SEEDS) };
}

/** `param-05` and `param-06` vary slower than the grid; the others are the same in all runs, as most params are. */
function moreParams(i: number, wanted: number): Record<string, string> {
  const place = Math.floor(i / (SEEDS * GRID.lr.length * GRID.optimizer.length * GRID.batch_size.length));
  const values: Record<number, string> = { 5: `v${place % 5}`, 6: String(2 ** (Math.floor(place / 5) % 8)) };
  const more = Array.from({ length: Math.max(0, wanted - 4) }, (_, at) => at + 5);
  return Object.fromEntries(more.map((no) => [`param-${String(no).padStart(2, '0')}`, values[no] ?? `value ${no}`]));
}

/** Metric by metric, steps rising. */
function* batchesOf({ metrics, points }: Scale, run: number, start: number): Generator<SourcePoint[]> {
  for (let metric = 0; metric < metrics; metric += 1) {
    const key = NAMED[metric] ?? `metric-${String(metric).padStart(2, '0')}`;
    const valueAt = curveOf(key, run, metric, points);
    for (let from = 0; from < points; from += BATCH_POINTS) {
      const count = Math.min(BATCH_POINTS, points - from);
      yield Array.from({ length: count }, (_, j): SourcePoint => {
        const step = from + j;
        return { key, value: valueAt(step), step, timestamp: start + step * STEP_MS };
      });
    }
  }
}

/** Falls (losses) or rises towards a level of its own, with noise that gets less. Steps must be asked for in order. */
function curveOf(key: string, run: number, metric: number, points: number): (step: number) => number {
  const random = randomOf(run * 7919 + metric * 104_729 + 1);
  const level = 0.05 + 0.4 * random();
  const speed = (3 + 5 * random()) / points;
  const isRising = key.includes('accuracy');
  return (step) => {
    const rest = Math.exp(-speed * step);
    const value = level + (1 - level) * rest + 0.1 * (random() - 0.5) * (0.2 + rest);
    return isRising ? Math.min(1, Math.max(0, 1 - value)) : Math.max(0, value);
  };
}
