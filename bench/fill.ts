// bench/fill.ts
// Purpose: fills a run with one long series, through the front door.
// Why: as many points as are wanted, stored exactly as a client's are, roll-ups included.
// Relevant files: bench/curves.ts, bench/wires.ts

import { metricKey, type Shape } from './bodies.ts';
import type { Loader } from './load.ts';
import type { Wire } from './wires.ts';

/** The series that is filled. */
export const KEY = metricKey(0);

/** One series, steps rising. Batches of 1,000: more at once is refused by MLflow. */
export async function fill(load: Loader, url: string, wire: Wire, run: string, points: number): Promise<void> {
  const shape: Shape = { keys: 1, steps: 1000 };
  const turns = points / shape.steps;
  await load.run({ url, connections: [[wire.log(run, shape)]], seconds: 3600, turns });
}
