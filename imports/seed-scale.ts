// imports/seed-scale.ts
// Purpose: `seed --scale RUNSxMETRICSxPOINTS`: writes the synthetic experiment and says how fast.
// Why: one command makes the data that limits and speeds are measured with.
// Relevant files: imports/seed.ts, imports/synthetic.ts, imports/write.ts

import type { Store } from '../shared/db/store.ts';
import { UsageError } from '../shared/errors.ts';
import { formatCount, formatDuration, plural } from '../shared/format.ts';
import { progressBar } from './progress-bar.ts';
import { madeSource } from './seed-source.ts';
import { scaleExperiment, scaleIds, scaleName, type Scale } from './synthetic.ts';
import { writeSource } from './write.ts';

const POINTS_MAX = 1e9;
const METRICS_MAX = 10_000;
/** Those that every synthetic run has. */
const PARAMS_LEAST = 4;

/** Errors: UsageError. */
export function parseScale(text: string): Scale {
  const [runs = 0, metrics = 0, points = 0] = /^\d{1,9}x\d{1,9}x\d{1,9}$/i.test(text)
    ? text.split(/x/i).map(Number)
    : [];
  if (runs * metrics * points === 0) {
    throw new UsageError(
      `--scale ${JSON.stringify(text)} is not RUNSxMETRICSxPOINTS, three numbers from 1 on: 1000x20x500 for example.`,
    );
  }
  if (metrics > METRICS_MAX || runs * metrics * points > POINTS_MAX) {
    throw new UsageError(
      `--scale ${text} is too large: at most ${formatCount(METRICS_MAX)} metrics and ${formatCount(POINTS_MAX)} points in all.`,
    );
  }
  return { runs, metrics, points };
}

/** Errors: UsageError. */
export function paramsAsked(text: string | undefined): Pick<Scale, 'params'> {
  if (text === undefined) return {};
  const params = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (params < PARAMS_LEAST)
    throw new UsageError(`--params ${JSON.stringify(text)} is not a whole number from ${PARAMS_LEAST} to 9999.`);
  return { params };
}

/** What was done, in a line. Nothing is checked first: there is no file that could be broken. */
export async function seedScale(store: Store, artifacts: string, scale: Scale): Promise<string> {
  const { runs: _, ...facts } = scaleExperiment(scale);
  const source = madeSource('synthetic experiment', [scaleExperiment(scale)], scale.runs);
  const { onProgress, stop } = progressBar();
  const start = performance.now();
  try {
    const plan = { runs: scale.runs, experiments: [[facts, scaleIds(scale)] as [typeof facts, string[]]] };
    const { counts } = await writeSource(store, artifacts, source, plan, { onProgress });
    const ms = performance.now() - start;
    if (counts.points.written === 0) return `${scaleName(scale)}: here already, nothing to add.`;
    const speed = formatCount(Math.round(counts.points.written / (ms / 1000)));
    const done = `${plural(counts.runs.written, 'run')} and ${plural(counts.points.written, 'point')} written`;
    return `${scaleName(scale)}: ${done} in ${formatDuration(ms)}, ${speed} points/s.`;
  } finally {
    stop();
  }
}
