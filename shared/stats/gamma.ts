// shared/stats/gamma.ts
// Purpose: logarithms of the gamma and the beta function.
// Why: the distributions of all tests are made of them; JavaScript has neither.
// Relevant files: shared/stats/incomplete-beta.ts, tests/stats/references.test.ts

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** B(2k) / (2k (2k − 1)): Stirling's series (Abramowitz, Stegun, Handbook of Mathematical Functions, 6.1.41). */
const SERIES = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
/** From here on the series is exact to the last digit of a double. */
const LARGE = 15;

/** What Stirling's formula lacks: ln Γ(x) − ((x − ½) ln x − x + ½ ln 2π), for x ≥ LARGE. */
function stirlingRest(x: number): number {
  const square = x * x;
  return SERIES.reduceRight((sum, term) => sum / square + term, 0) / x;
}

/** ln Γ(x) for x > 0; smaller x by Γ(x + 1) = x Γ(x). */
export function lnGamma(x: number): number {
  let [shifted, product] = [x, 1];
  while (shifted < LARGE) {
    product *= shifted;
    shifted += 1;
  }
  return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + stirlingRest(shifted) - Math.log(product);
}

/** ln (Γ(a + b) / Γ(a)) without the cancelling of two large logarithms. */
function lnGammaRatio(a: number, b: number): number {
  if (a < LARGE) return lnGamma(a + b) - lnGamma(a);
  const whole = a + b;
  return (a - 0.5) * Math.log1p(b / a) + b * Math.log(whole) - b + stirlingRest(whole) - stirlingRest(a);
}

/** ln B(a, b) = ln (Γ(a) Γ(b) / Γ(a + b)) for a, b > 0. */
export function lnBeta(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a];
  return lnGamma(small) - lnGammaRatio(large, small);
}
