// shared/stats/incomplete-beta.ts
// Purpose: the regularized incomplete beta function.
// Why: Student's t, central or not, is this function of other arguments.
// Relevant files: shared/stats/gamma.ts, shared/stats/student.ts, shared/stats/noncentral-t.ts

import { lnBeta } from './gamma.ts';

/**
 * I_x(a, b) for a, b > 0 and 0 ≤ x ≤ 1. `y` is 1 − x: whoever knows it better than the subtraction does gives it.
 * The continued fraction DLMF 8.17.22 by the modified method of Lentz (Thompson, Barnett, J. Comput. Phys. 64, 1986), on the
 * side where it converges fast.
 */
export function incompleteBeta(a: number, b: number, x: number, y = 1 - x): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  return x > (a + 1) / (a + b + 2) ? 1 - fromBelow(b, a, y, x) : fromBelow(a, b, x, y);
}

function fromBelow(a: number, b: number, x: number, y: number): number {
  return Math.exp(a * Math.log(x) + b * logOf(y, x) - lnBeta(a, b)) / (a * fraction(a, b, x));
}

/** ln y, where y = 1 − x: of small x exact by log1p. */
function logOf(y: number, x: number): number {
  return x < 0.5 ? Math.log1p(-x) : Math.log(y);
}

const TINY = 1e-300;
const ROUNDS_MAX = 1_000_000;

/** 1 + d₁/(1 + d₂/(1 + …)), DLMF 8.17.22–23. */
function fraction(a: number, b: number, x: number): number {
  let [value, c, d] = [1, 1, 0];
  for (let round = 1; round < ROUNDS_MAX; round++) {
    const m = Math.floor(round / 2);
    const term =
      round % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + term * d);
    c = nonZero(1 + term / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return value;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
