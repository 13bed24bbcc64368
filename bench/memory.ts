// bench/memory.ts
// Purpose: resident memory of a process and all its children, now and at its highest.
// Why: a server that hides its memory in helpers must not look small.
// Relevant files: bench/big.ts, bench/start.ts

import { execFileSync } from 'node:child_process';

const OFTEN_MS = 250;

/** MiB of the process tree below and with `pid`. */
export function memoryOf(pid: number): number {
  const children = new Map<number, number[]>();
  const kib = new Map<number, number>();
  for (const line of execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n')) {
    const [one = 0, parent = 0, rss = 0] = line.trim().split(/\s+/).map(Number);
    kib.set(one, rss);
    children.set(parent, [...(children.get(parent) ?? []), one]);
  }
  const sum = (one: number): number =>
    (children.get(one) ?? []).reduce((all, child) => all + sum(child), kib.get(one) ?? 0);
  return sum(pid) / 1024;
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
