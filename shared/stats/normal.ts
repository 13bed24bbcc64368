// shared/stats/normal.ts
// Purpose: the standard normal distribution: probabilities and quantiles.
// Why: rank tests of larger samples and the bias correction of the bootstrap are measured by it.
// Relevant files: shared/stats/mann-whitney.ts, shared/stats/wilcoxon.ts, shared/stats/bootstrap.ts

/** P(Z ≤ z). */
export function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}

/** 1 − erf(x): near 0 by the series without cancelling (DLMF 7.6.2), beyond by the continued fraction (DLMF 7.9.1). */
function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x > 27) return 0;
  return x < 2 ? 1 - erfSeries(x) : erfcFraction(x);
}

function erfSeries(x: number): number {
  let [sum, term] = [x, x];
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** From the far end; at x = 2 sixty levels are exact to the last digit, further out fewer. */
function erfcFraction(x: number): number {
  let level = x;
  for (let n = 100; n > 0; n--) level = x + n / 2 / level;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * level);
}

/** The z with P(Z ≤ z) = p: a first guess (Abramowitz, Stegun 26.2.23), then Halley's steps until nothing changes. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  let z =
    (2.515517 + 0.802853 * t + 0.010328 * t ** 2) / (1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3) - t;
  for (let round = 0; round < 4; round++) {
    const step = (normalCdf(z) - p) * Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2);
    z -= step / (1 + (z * step) / 2);
  }
  return z;
}
