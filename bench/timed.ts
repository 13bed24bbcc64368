// bench/timed.ts
// Purpose: how long steps on one connection take, round by round: by the clock, and in processor time of the server.
// Why: the run table and the comparison are measured the same way, or their figures could not be set beside each other.
// Relevant files: bench/tables.ts, bench/compare.ts, bench/load.ts, bench/cpu.ts

import type { Context } from './context.ts';
import { cpuOfEach } from './cpu.ts';
import type { Step } from './load-types.ts';
import type { Server } from './servers.ts';

/** Of each round, ms: the median, and the processor time of each turn. */
export interface Timed {
  p50: number[];
  cpu: number[];
}

export async function timeSteps({ load, rounds, seconds }: Context, server: Server, steps: Step[]): Promise<Timed> {
  const timed: Timed = { p50: [], cpu: [] };
  const job = { url: server.url, connections: [steps], seconds };
  // Once for nothing: compilers and caches warm up.
  await load.run(job);
  for (let round = 0; round < rounds; round += 1) {
    const each = await cpuOfEach(server.pid, async () => {
      const { p50, turns } = await load.run(job);
      timed.p50.push(p50);
      return turns;
    });
    timed.cpu.push(each);
  }
  return timed;
}
