// bench/bodies.ts
// Purpose: what is logged, as JSON text with marks where numbers rise: batches of any shape, single points.
// Why: ours, the limit and the peers get the same points, each on its own wire.
// Relevant files: bench/load-types.ts, bench/wires.ts

import { COUNTER } from './load-types.ts';

/** How 1,000 points lie: so many keys, so many steps of each. */
export interface Shape {
  keys: number;
  steps: 1 | 10 | 100 | 1000;
}

export const SHAPES: Shape[] = [
  { keys: 1, steps: 1000 },
  { keys: 10, steps: 100 },
  { keys: 100, steps: 10 },
  { keys: 1000, steps: 1 },
];

export function shapeName({ keys, steps }: Shape): string {
  return `${keys} ${keys === 1 ? 'key' : 'keys'} × ${steps} ${steps === 1 ? 'step' : 'steps'}`;
}

/** Step by step, as a training loop logs. Steps and times rise from request to request. */
export function metricItems({ keys, steps }: Shape): string {
  const digits = String(steps).length - 1;
  const items: string[] = [];
  for (let step = 0; step < steps; step += 1) {
    const low = digits === 0 ? '' : String(step).padStart(digits, '0');
    const time = `17${COUNTER}${low.padEnd(4, '0')}`;
    for (let key = 0; key < keys; key += 1)
      items.push(`{"key":"${metricKey(key)}","value":${Math.random()},"step":${COUNTER}${low},"timestamp":${time}}`);
  }
  return `[${items.join(',')}]`;
}

export function metricKey(key: number): string {
  return `train/metric-${String(key).padStart(3, '0')}`;
}

/** One step of each: values rise from request to request, so that runs differ in them. */
export function shortMetrics(count: number): string {
  const item = (key: string): string => `{"key":"${key}","value":0.${COUNTER},"step":1,"timestamp":17${COUNTER}0000}`;
  return `[${Array.from({ length: count }, (_, i) => item(`metric-${i}`)).join(',')}]`;
}

/** Keys with values; the first one's is another one for each run, the others' are the same. */
export function pairs(kind: string, count: number): [key: string, value: string][] {
  return Array.from({ length: count }, (_, i) => [`${kind}-${i}`, i === 0 ? `0.${COUNTER}` : `value ${i}`]);
}
