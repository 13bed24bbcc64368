// shared/stats/student.ts
// Purpose: Student's t distribution: probabilities and quantiles for any positive number of degrees of freedom.
// Why: p values and intervals of means are measured by it.
// Relevant files: shared/stats/incomplete-beta.ts, shared/stats/welch.ts, shared/stats/paired.ts

import { lnBeta } from './gamma.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import { normalQuantile } from './normal.ts';

/** P(|T| ≥ |t|) with `df` degrees of freedom: I_x(df/2, ½), x = df / (df + t²) (Abramowitz, Stegun 26.7.1). */
export function studentTwoSided(t: number, df: number): number {
  const square = t * t;
  if (square === Infinity) return 0;
  return incompleteBeta(df / 2, 0.5, df / (df + square), square / (df + square));
}

/** The t ≥ 0 with P(T ≥ t) = `tail`, 0 < tail ≤ ½. */
export function studentUpper(tail: number, df: number): number {
  // The normal quantile lies below; the tail is convex, so that Newton's steps come up to the root and never pass it.
  let t = Math.abs(normalQuantile(tail));
  for (let round = 0; round < 500; round++) {
    const step = (studentTwoSided(t, df) / 2 - tail) / density(t, df);
    t += step;
    if (Math.abs(step) <= 1e-15 * Math.abs(t)) break;
  }
  return t;
}

/** Of whole degrees of freedom up to this the sum is quicker. */
const SUMMED_MAX = 200;

/** P(T ≤ t); of whole `df` by finite sums in the angle atan(t/√df) (Abramowitz, Stegun 26.7.3 and 26.7.4). */
export function studentCdf(t: number, df: number): number {
  if (!Number.isInteger(df) || df > SUMMED_MAX) {
    const tail = studentTwoSided(t, df) / 2;
    return t > 0 ? 1 - tail : tail;
  }
  const cosine2 = df / (df + t * t);
  const sine = t / Math.hypot(t, Math.sqrt(df));
  const isOdd = df % 2 === 1;
  let [term, total] = [1, df === 1 ? 0 : 1];
  for (let k = isOdd ? 2 : 1; k <= df - 3; k += 2) {
    term *= (k / (k + 1)) * cosine2;
    total += term;
  }
  if (!isOdd) return (1 + sine * total) / 2;
  return 0.5 + (Math.atan(t / Math.sqrt(df)) + sine * Math.sqrt(cosine2) * total) / Math.PI;
}

function density(t: number, df: number): number {
  return studentDensity(df)(t);
}

/** For many t of the same `df`. */
export function studentDensity(df: number): (t: number) => number {
  const scale = -lnBeta(df / 2, 0.5) - Math.log(df) / 2;
  return (t) => Math.exp(scale - ((df + 1) / 2) * Math.log1p((t * t) / df));
}
