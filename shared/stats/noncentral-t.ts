// shared/stats/noncentral-t.ts
// Purpose: the noncentral t distribution.
// Why: what t looks like when there is a difference: power, seeds needed, the interval of an effect size.
// Relevant files: shared/stats/power.ts, shared/stats/effect-size.ts, shared/stats/incomplete-beta.ts

import { lnBeta, lnGamma } from './gamma.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import { normalCdf } from './normal.ts';

/**
 * P(T ≤ t) with `df` degrees of freedom and noncentrality `delta`: a mixture of incomplete beta functions with Poisson weights
 * (Lenth, AS 243, Applied Statistics 38(1), 1989). Summed downwards over the weights that count, so that nothing is subtracted.
 */
export function noncentralT(t: number, df: number, delta: number): number {
  if (t < 0) return 1 - fromZero(-t, df, -delta);
  return fromZero(t, df, delta);
}

function fromZero(t: number, df: number, delta: number): number {
  const below = normalCdf(-delta);
  if (t === 0) return below;
  const [x, y] = [df / (df + t * t), (t * t) / (df + t * t)];
  const rate = (delta * delta) / 2;
  // What is further out weighs less than 1e-16.
  const spread = 9 * Math.sqrt(rate) + 30;
  const [first, last] = [Math.max(0, Math.floor(rate - spread)), Math.ceil(rate + spread)];
  const even = mixture({ first, last, rate, shift: 0.5, b: df / 2, x, y });
  const odd = mixture({ first, last, rate, shift: 1, b: df / 2, x, y });
  return Math.min(1, Math.max(0, below + (even + Math.sign(delta) * odd) / 2));
}

interface Mixture {
  first: number;
  last: number;
  /** δ²/2, the mean of the weights. */
  rate: number;
  /** ½: weights e^−r r^j / Γ(j + 1); 1: e^−r r^(j + ½) / Γ(j + 3/2). */
  shift: number;
  b: number;
  x: number;
  y: number;
}

/** Σ weight(j) I_y(j + shift, b), with I_y(a, b) = I_y(a + 1, b) + y^a x^b / (a B(a, b)) (DLMF 8.17.20). */
function mixture({ first, last, rate, shift, b, x, y }: Mixture): number {
  const half = shift - 0.5;
  let a = last + shift;
  let share = incompleteBeta(a, b, y, x);
  const [logRate, logY] = [rate === 0 ? 0 : Math.log(rate), Math.log(y)];
  let logWeight = -rate + (last + half) * logRate - lnGamma(last + half + 1);
  let logStep = a * logY + b * Math.log(x) - lnBeta(a, b) - Math.log(a);
  let sum = 0;
  for (let j = last; j >= first; j--) {
    // Without noncentrality all weight is on the first term.
    const weight = rate === 0 ? (j + half === 0 ? 1 : 0) : Math.exp(logWeight);
    sum += weight * share;
    logWeight += Math.log(j + half) - logRate;
    // From I(a) to I(a − 1): the step that belongs to a − 1.
    logStep += Math.log(a / (a + b - 1)) - logY;
    a -= 1;
    share += Math.exp(logStep);
  }
  return sum;
}
