// imports/tally.ts
// Purpose: counts what an import read, wrote, found here already and left out, for each kind of thing.
// Why: read = written + already here + left out: the summary accounts for everything.
// Relevant files: imports/write.ts, imports/write-run.ts, imports/summary.ts

export const KINDS = ['experiments', 'runs', 'params', 'tags', 'points', 'artifacts'] as const;
export type Kind = (typeof KINDS)[number];

export interface Count {
  written: number;
  /** Here already, exactly so. */
  known: number;
  /** Not brought in; the reason is among the remarks. */
  left: number;
}

export class Tally {
  readonly counts = Object.fromEntries(KINDS.map((kind) => [kind, { written: 0, known: 0, left: 0 }])) as Record<
    Kind,
    Count
  >;

  count(kind: Kind, what: keyof Count, by = 1): void {
    this.counts[kind][what] += by;
  }

  add(other: Tally): void {
    for (const kind of KINDS) {
      for (const what of ['written', 'known', 'left'] as const) this.count(kind, what, other.counts[kind][what]);
    }
  }

  get hasWritten(): boolean {
    return KINDS.some((kind) => this.counts[kind].written > 0);
  }
}

export function readOf({ written, known, left }: Count): number {
  return written + known + left;
}
