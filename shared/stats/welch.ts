// shared/stats/welch.ts
// Purpose: Welch's t test of two means, and the interval of their difference.
// Why: is the one group better than the other, and by how much at least.
// Relevant files: shared/stats/student.ts, shared/stats/moments.ts, tests/stats/references.test.ts

import { spreadsOf, type Spread } from './moments.ts';
import { studentTwoSided, studentUpper } from './student.ts';

export interface MeanTest {
  /** mean(x) − mean(y), in the values' unit. */
  difference: number;
  t: number;
  df: number;
  /** Two-sided. */
  p: number;
  /** Of the difference, with the confidence asked for. */
  low: number;
  high: number;
}

/**
 * t = (x̄ − ȳ) / √(s²x/n + s²y/m) with Welch–Satterthwaite degrees of freedom (Welch, Biometrika 34, 1947); interval: difference ± t* · standard error.
 * Assumes independent values from normal distributions, whose variances may differ. Null where a group has fewer than two values or
 * neither varies: then nothing is known of the noise. (scipy says p = 0 there, or NaN.)
 */
export function welch(x: readonly number[], y: readonly number[], confidence = 0.95): MeanTest | null {
  const spreads = spreadsOf(x, y);
  return spreads && welchOf(...spreads, confidence);
}

/** The same of what is left of the values: n, mean and deviation, at least one of which is not 0. */
export function welchOf(a: Spread, b: Spread, confidence = 0.95): MeanTest | null {
  const { error, df } = errorOf(a, b);
  return meanTest(a.mean - b.mean, error, df, confidence);
}

/** p of it alone: the quantile of the interval takes ten times as long, and of a thousand pairs nobody sees one. */
export function welchP(a: Spread, b: Spread): number | null {
  const { error, df } = errorOf(a, b);
  const p = studentTwoSided((a.mean - b.mean) / error, df);
  return Number.isNaN(p) ? null : p;
}

function errorOf(a: Spread, b: Spread): { error: number; df: number } {
  // In units of the larger deviation: squares neither overflow nor vanish.
  const unit = Math.max(a.std, b.std);
  const [va, vb] = [(a.std / unit) ** 2 / a.n, (b.std / unit) ** 2 / b.n];
  const df = (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1));
  return { error: Math.sqrt(va + vb) * unit, df };
}

/** What a difference with its standard error says; null where they are beyond ±1.8e308, so that p is no number. */
export function meanTest(difference: number, error: number, df: number, confidence: number): MeanTest | null {
  const t = difference / error;
  const reach = studentUpper((1 - confidence) / 2, df) * error;
  const p = studentTwoSided(t, df);
  return Number.isNaN(p) ? null : { difference, t, df, p, low: difference - reach, high: difference + reach };
}
