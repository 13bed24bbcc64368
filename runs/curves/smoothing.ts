// runs/curves/smoothing.ts
// Purpose: the smoothed line of a series: a debiased exponential moving average weighted by distance in x.
// Why: noise hides trends; the unsmoothed line stays visible under it, so nothing is hidden.
// Relevant files: runs/curves/curves.ts, runs/curves/chart-svg.ts

/**
 * s_i = Σ_{j≤i} w^((x_i − x_j)/d) y_j / Σ_{j≤i} w^((x_i − x_j)/d), where d is the mean distance between neighbours.
 * Evenly spaced values give exactly TensorBoard's debiased moving average; uneven ones weigh by distance, as W&B's
 * "time weighted EMA" does. The quotient form is Adam's bias correction (Kingma & Ba 2015, section 3).
 * Nulls stay null and do not count. `xs` must not fall; the result is as long as `ys`.
 */
export function smooth(xs: readonly number[], ys: readonly (number | null)[], weight: number): (number | null)[] {
  const distance = meanDistance(xs);
  let average = 0;
  let mass = 0;
  let lastX = xs[0] ?? 0;
  return ys.map((y, index) => {
    const x = xs[index] ?? lastX;
    if (y === null) return null;
    const kept = mass * weight ** ((x - lastX) / distance);
    lastX = x;
    mass = kept + 1;
    // A mean of the two, not a sum divided later: values near ±1e308 do not overflow.
    average = average * (kept / mass) + y / mass;
    return average;
  });
}

function meanDistance(xs: readonly number[]): number {
  const range = (xs.at(-1) ?? 0) - (xs[0] ?? 0);
  return range > 0 ? range / (xs.length - 1) : 1;
}
