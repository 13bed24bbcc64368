// bench/cpu.ts
// Purpose: processor time that a process has used, all its threads together.
// Why: on a busy machine the clock says how long others kept it waiting; this says what the work itself takes.
// Relevant files: bench/curves.ts, bench/big.ts, bench/growth.ts

import { readFileSync } from 'node:fs';
import { treeOf } from './memory.ts';

const TICK_MS = 10;

/** ms; NaN where the system does not say (other than Linux). */
export function cpuOf(pid: number): number {
  return ticksOf(pid, [11, 12]) * TICK_MS;
}

/** Of the thread that a process began with, ms, to the microsecond: in a browser's page the one that runs its scripts. */
export function cpuOfFirstThread(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return NaN;
  }
}

/** Of `/proc/…/stat` after the name: user and system time of the process, then of its children that have ended. */
function ticksOf(pid: number, fields: number[]): number {
  try {
    // The name, in brackets, may hold spaces.
    const all = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields.reduce((sum, field) => sum + Number(all[field]), 0);
  } catch {
    return NaN;
  }
}

/** The same of all processes below and with these, and of those below them that have ended. */
export function cpuOfTrees(pids: number[]): number {
  return pids.flatMap(treeOf).reduce((sum, { pid }) => sum + (ticksOf(pid, [11, 12, 13, 14]) || 0) * TICK_MS, 0);
}

/** What `work` cost the process for each of what it counts, ms. */
export async function cpuOfEach(pid: number, work: () => Promise<number>): Promise<number> {
  const before = cpuOf(pid);
  const count = await work();
  return (cpuOf(pid) - before) / count;
}
