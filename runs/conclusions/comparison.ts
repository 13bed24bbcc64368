// runs/conclusions/comparison.ts
// Purpose: two groups compared: difference, interval, tests, effect size, seeds needed, and what that comes to.
// Why: each figure of a row in one place; what the row claims follows from them by one rule.
// Relevant files: runs/conclusions/conclusions.ts, runs/conclusions/sentences.ts, shared/stats/welch.ts

import { bootstrapInterval, type BootstrapInterval } from '../../shared/stats/bootstrap.ts';
import { hedges, type EffectSize } from '../../shared/stats/effect-size.ts';
import { holm } from '../../shared/stats/holm.ts';
import { leastRankP, mannWhitney, type RankTest } from '../../shared/stats/mann-whitney.ts';
import { spreadsOf, type Stats } from '../../shared/stats/moments.ts';
import { differencesOf, pairedT } from '../../shared/stats/paired.ts';
import { seedsNeeded } from '../../shared/stats/power.ts';
import { welch, type MeanTest } from '../../shared/stats/welch.ts';
import { wilcoxon } from '../../shared/stats/wilcoxon.ts';
import { Direction } from '../metric-rules.ts';
import type { PairedRuns, Pairing } from './pairing.ts';
import type { Pair } from './pairs.ts';
import type { Resampled } from './samples.ts';

export const ALPHA = 0.05;
export const CONFIDENCE = 0.95;
const POWER = 0.8;

/** Comparisons without a pause. */
const AT_ONCE = 8;

export const Verdict = {
  Better: 'better',
  Worse: 'worse',
  /** Of a metric without a direction. */
  Higher: 'higher',
  Lower: 'lower',
  Unclear: 'cannot be told apart',
  /** A group of one value, or no variance at all: no test says anything. */
  None: 'no test',
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

export interface Comparison extends Pair {
  n: [number, number];
  /** Decimals that the metric's rule asks for. */
  digits: number | null;
  difference: number;
  welch: MeanTest | null;
  /** p of Welch, corrected over all comparisons beside it. */
  holm: number | null;
  rank: RankTest | null;
  effect: EffectSize | null;
  bootstrap: BootstrapInterval | null;
  paired: (PairedRuns & { t: MeanTest | null; rank: RankTest | null }) | null;
  seeds: Seeds | null;
  /** No rank test of so few values can fall below ALPHA. */
  few: boolean;
  /** What they differ by, or how far one spreads, is beyond ±1.8e308. */
  isHuge: boolean;
  verdict: Verdict;
}

export interface Seeds {
  /** What is to be found. */
  difference: number;
  /** It was asked for; else it is the one seen. */
  isAsked: boolean;
  /** How many the level of 5 % is divided by. */
  comparisons: number;
  /** In each group; null: more than anybody runs. */
  needed: number | null;
  more: [number, number] | null;
}

interface Context {
  direction: Direction | null;
  /** Asked for in the URL. */
  wanted: number | undefined;
  resampled: Resampled;
  pairing: Pairing;
}

/** In between all others have their turn: two hundred comparisons take some tenths of a second. */
export async function compared(pairs: readonly Pair[], context: Context): Promise<Comparison[]> {
  const tests = pairs.map(({ one, base }) => welch(one.values, base.values, CONFIDENCE));
  const corrected = holm(tests.map((test) => test?.p ?? null));
  // As Holm counts them: what has no test is no chance of a false claim.
  const tested = tests.filter((test) => test !== null).length;
  const found: Comparison[] = [];
  for (const [place, pair] of pairs.entries()) {
    if (place % AT_ONCE === AT_ONCE - 1) await new Promise(setImmediate);
    const [test, p] = [tests[place] ?? null, corrected[place] ?? null];
    const verdict = verdictOf(pair.one.stats.mean - pair.base.stats.mean, p, context.direction);
    found.push({ ...measured(pair, context, tested), welch: test, holm: p, verdict });
  }
  return found;
}

function measured(
  pair: Pair,
  { wanted, resampled, pairing }: Context,
  comparisons: number,
): Omit<Comparison, 'welch' | 'holm' | 'verdict'> {
  const { one, base } = pair;
  const n: [number, number] = [one.values.length, base.values.length];
  const [means, others] = [resampled.of(one), resampled.of(base)];
  const paired = pairing(one, base);
  const differences = differencesOf(paired?.values ?? []);
  return {
    ...pair,
    n,
    digits: one.digits,
    difference: one.stats.mean - base.stats.mean,
    rank: mannWhitney(one.values, base.values),
    effect: hedges(one.values, base.values, CONFIDENCE),
    bootstrap: bootstrapInterval({ values: one.values, means }, { values: base.values, means: others }, CONFIDENCE),
    paired: paired && { ...paired, t: pairedT(differences, CONFIDENCE), rank: wilcoxon(differences) },
    seeds: comparisons === 0 ? null : seedsOf(pair, wanted, comparisons),
    few: leastRankP(...n) > ALPHA,
    isHuge: areHuge(one.stats, base.stats),
  };
}

/** For the difference asked for, or the one seen, in pooled standard deviations; at the level that Holm asks of the smallest p. */
function seedsOf({ one, base }: Pair, wanted: number | undefined, comparisons: number): Seeds | null {
  const spreads = spreadsOf(one.values, base.values);
  if (!spreads) return null;
  const [a, b] = spreads;
  const pooled = Math.sqrt(((a.n - 1) * a.std ** 2 + (b.n - 1) * b.std ** 2) / (a.n + b.n - 2));
  const difference = wanted ?? Math.abs(a.mean - b.mean);
  const needed = seedsNeeded(difference / pooled, POWER, ALPHA / comparisons);
  const more = (n: number): number => Math.max(0, (needed ?? 0) - n);
  const isAsked = wanted !== undefined;
  return { difference, isAsked, comparisons, needed, more: needed === null ? null : [more(a.n), more(b.n)] };
}

/** Too large to be counted with. */
export function areHuge(one: Stats, base: Stats): boolean {
  return ![one.mean - base.mean, one.std ?? 0, base.std ?? 0].every(Number.isFinite);
}

export function verdictOf(difference: number, p: number | null, direction: Direction | null): Verdict {
  if (p === null) return Verdict.None;
  if (p >= ALPHA) return Verdict.Unclear;
  const isHigher = difference > 0;
  if (direction === null) return isHigher ? Verdict.Higher : Verdict.Lower;
  return isHigher === (direction === Direction.Max) ? Verdict.Better : Verdict.Worse;
}
