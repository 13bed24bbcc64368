// bench/rows.ts
// Purpose: one line of the table: the figures of each contestant, what is to be reached, and whether it was.
// Why: every section measures something else and says it in the same words.
// Relevant files: bench/main.ts, bench/report.ts

/** `synced`: FastTrackML that promises of a commit what ours does. */
export const CONTESTANTS = ['ours', 'limit', 'fasttrackml', 'synced', 'mlflow'] as const;
export type Contestant = (typeof CONTESTANTS)[number];
export type Figures = Partial<Record<Contestant, number[]>>;

export interface Row {
  what: string;
  unit: string;
  /** One figure for each round. */
  figures: Figures;
  /** The must-show of issue 5 that it answers. */
  must?: number;
  reach?: Reach | Reach[];
  note?: string;
}

export interface Reach {
  text: string;
  /** What is compared; undefined when it was not measured. */
  value: (figures: Figures) => number | undefined;
  isReached: (value: number) => boolean;
}

export interface Spread {
  min: number;
  median: number;
  max: number;
}

export function spread(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number): number => sorted[place] ?? NaN;
  const half = (sorted.length - 1) / 2;
  return { min: at(0), median: (at(Math.floor(half)) + at(Math.ceil(half))) / 2, max: at(sorted.length - 1) };
}

export function median(values: number[]): number {
  return spread(values).median;
}

/** Round by round, because what disturbs a machine disturbs neighbours in time alike. */
export function ratios(figures: Figures, to: Contestant): number[] | undefined {
  const [ours, theirs] = [figures.ours ?? [], figures[to]];
  return theirs && ours.map((value, round) => value / (theirs[round] ?? NaN));
}

const ours = (figures: Figures): number | undefined => figures.ours && median(figures.ours);

const ratio =
  (to: Contestant) =>
  (figures: Figures): number | undefined => {
    const all = ratios(figures, to);
    return all && median(all);
  };

export function atLeast(least: number, text: string): Reach {
  return { text, value: ours, isReached: (value) => value >= least };
}

export function atMost(most: number, text: string): Reach {
  return { text, value: ours, isReached: (value) => value <= most };
}

export function ratioAtLeast(to: Contestant, least: number, text: string): Reach {
  return { text, value: ratio(to), isReached: (value) => value >= least };
}

export function ratioAtMost(to: Contestant, most: number, text: string): Reach {
  return { text, value: ratio(to), isReached: (value) => value <= most };
}

/**
 * Measures in turns, ours, reference, ours, reference …: each figure has a neighbour in time to be divided by. Every
 * second round goes the other way round, so that nobody always comes first.
 */
export async function interleaved<T extends { who: Contestant }>(
  rounds: number,
  contenders: T[],
  measure: (contender: T) => Promise<number>,
): Promise<Figures> {
  const figures: Figures = {};
  for (let round = 0; round < rounds; round += 1)
    for (const one of round % 2 === 0 ? contenders : contenders.toReversed())
      (figures[one.who] ??= []).push(await measure(one));
  return figures;
}
