// shared/stats/root.ts
// Purpose: where a continuous function of one number is zero.
// Why: quantiles of distributions that have no formula for them.
// Relevant files: shared/stats/effect-size.ts

/** Brent's method (Algorithms for Minimization without Derivatives, 1973, ch. 4); `f` differs in sign at both ends. To 13 digits. */
export function rootOf(f: (x: number) => number, from: number, to: number): number {
  let [a, b, fa, fb] = [from, to, f(from), f(to)];
  let [c, fc, step, before] = [a, fa, b - a, b - a];
  for (let round = 0; round < 200; round++) {
    if (fb > 0 === fc > 0) [c, fc, step, before] = [a, fa, b - a, b - a];
    if (Math.abs(fc) < Math.abs(fb)) [a, b, c, fa, fb, fc] = [b, c, b, fb, fc, fb];
    const tolerance = 1e-13 * Math.abs(b) + 1e-14;
    const middle = (c - b) / 2;
    if (Math.abs(middle) <= tolerance || fb === 0) return b;
    const guess = Math.abs(before) < tolerance || Math.abs(fa) <= Math.abs(fb) ? null : interpolated({ a, b, c, fa, fb, fc }); // prettier-ignore
    const isGood =
      guess !== null &&
      2 * guess.p < Math.min(3 * middle * guess.q - Math.abs(tolerance * guess.q), Math.abs(before * guess.q));
    [before, step] = isGood ? [step, guess.p / guess.q] : [middle, middle];
    [a, fa] = [b, fb];
    b += Math.abs(step) > tolerance ? step : Math.sign(middle) * tolerance;
    fb = f(b);
  }
  return b;
}

interface Places {
  a: number;
  b: number;
  c: number;
  fa: number;
  fb: number;
  fc: number;
}

/** The step p/q, p ≥ 0, of the secant or of the inverse parabola. */
function interpolated({ a, b, c, fa, fb, fc }: Places): { p: number; q: number } {
  const s = fb / fa;
  const isSecant = a === c;
  const [r, u] = isSecant ? [0, 0] : [fb / fc, fa / fc];
  const p = isSecant ? (c - b) * s : s * ((c - b) * u * (u - r) - (b - a) * (r - 1));
  const q = isSecant ? 1 - s : (u - 1) * (r - 1) * (s - 1);
  return p > 0 ? { p, q: -q } : { p: -p, q };
}
