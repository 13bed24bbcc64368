// bench/cpu.ts
// Purpose: processor time that a process has used, all its threads together.
// Why: on a busy machine the clock says how long others kept it waiting; this says what the work itself takes.
// Relevant files: bench/curves.ts, bench/big.ts, bench/growth.ts

import { readFileSync } from 'node:fs';
import { treeOf } from './memory.ts';

const TICK_MS = 10;

/** ms; NaN where the system does not say (other than Linux). */
export function cpuOf(pid: number): number {
  try {
    // The name, in brackets, may hold spaces; fields 14 and 15 of the whole line are user and system time.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return NaN;
  }
}

/** The same of all processes below and with these. One that ends meanwhile takes its share with it. */
export function cpuOfTrees(pids: number[]): number {
  return pids.flatMap(treeOf).reduce((sum, { pid }) => sum + (cpuOf(pid) || 0), 0);
}

/** What `work` cost the process for each of what it counts, ms. */
export async function cpuOfEach(pid: number, work: () => Promise<number>): Promise<number> {
  const before = cpuOf(pid);
  const count = await work();
  return (cpuOf(pid) - before) / count;
}
