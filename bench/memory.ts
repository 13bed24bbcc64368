// bench/memory.ts
// Purpose: resident memory of a process and all its children, now and at its highest.
// Why: a server that hides its memory in helpers must not look small.
// Relevant files: bench/big.ts, bench/start.ts

import { execFileSync } from 'node:child_process';

const OFTEN_MS = 250;

/** MiB of the process tree below and with `pid`. */
export function memoryOf(pid: number): number {
  return treeOf(pid).reduce((sum, { kib }) => sum + kib, 0) / 1024;
}

interface Process {
  pid: number;
  kib: number;
}

/** The process `pid` and all below it. */
export function treeOf(pid: number): Process[] {
  const children = new Map<number, Process[]>();
  const all = new Map<number, Process>();
  for (const line of execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n')) {
    const [one = 0, parent = 0, kib = 0] = line.trim().split(/\s+/).map(Number);
    const found = { pid: one, kib };
    all.set(one, found);
    children.set(parent, [...(children.get(parent) ?? []), found]);
  }
  const below = (one: Process): Process[] => [one, ...(children.get(one.pid) ?? []).flatMap(below)];
  const root = all.get(pid);
  return root ? below(root) : [];
}

export interface MemoryWatch {
  /** MiB, the highest so far. */
  peak: () => number;
  stop: () => void;
}

export function watchMemory(pid: number): MemoryWatch {
  let peak = memoryOf(pid);
  const timer = setInterval(() => (peak = Math.max(peak, memoryOf(pid))), OFTEN_MS);
  return { peak: () => peak, stop: () => clearInterval(timer) };
}
