// shared/stats/effect-size.ts
// Purpose: Hedges' g with its interval.
// Why: how large a difference is beside the noise, comparable between metrics.
// Relevant files: shared/stats/noncentral-t.ts, shared/stats/root.ts, tests/stats/references.test.ts

import { lnGamma } from './gamma.ts';
import { spreadsOf } from './moments.ts';
import { noncentralT } from './noncentral-t.ts';
import { rootOf } from './root.ts';

export interface EffectSize {
  /** Differences of means in pooled standard deviations. */
  g: number;
  /** Null where t is so large that no interval is worth stating. */
  low: number | null;
  high: number | null;
}

const T_MAX = 200;

/**
 * g = J · (x̄ − ȳ) / s, s the pooled standard deviation, J = Γ(ν/2) / (√(ν/2) Γ((ν − 1)/2)), ν = n + m − 2 (Hedges, Journal of Educational Statistics 6,
 * 1981; exact J, not 1 − 3/(4ν − 1)). Interval: those noncentralities of t under which the t seen is no rarer than it may be, times J √(1/n + 1/m)
 * (Steiger, Fouladi 1997). Assumes normal values with the same variance in both groups. Null where a group has fewer than two
 * values or neither varies.
 */
export function hedges(x: readonly number[], y: readonly number[], confidence = 0.95): EffectSize | null {
  const spreads = spreadsOf(x, y);
  if (!spreads) return null;
  const [a, b] = spreads;
  const df = a.n + b.n - 2;
  const unit = Math.max(a.std, b.std);
  const pooled = unit * Math.sqrt(((a.n - 1) * (a.std / unit) ** 2 + (b.n - 1) * (b.std / unit) ** 2) / df);
  const bias = Math.exp(lnGamma(df / 2) - lnGamma((df - 1) / 2)) / Math.sqrt(df / 2);
  const d = (a.mean - b.mean) / pooled;
  const root = Math.sqrt(1 / a.n + 1 / b.n);
  const t = d / root;
  if (Math.abs(t) > T_MAX) return { g: bias * d, low: null, high: null };
  const tail = (1 - confidence) / 2;
  return {
    g: bias * d,
    low: bias * root * noncentrality(t, df, 1 - tail),
    high: bias * root * noncentrality(t, df, tail),
  };
}

/** The δ with P(T ≤ t; δ) = `probability`; that falls as δ grows. */
function noncentrality(t: number, df: number, probability: number): number {
  const excess = (delta: number): number => noncentralT(t, df, delta) - probability;
  let reach = 4;
  while (excess(t - reach) < 0 || excess(t + reach) > 0) reach *= 2;
  return rootOf(excess, t - reach, t + reach);
}
