// shared/static/chart-labels.js
// Purpose: what stands at the pointer of a live chart, as text: place and values.
// Why: a number looks the same here, in the table and in the API, whatever the browser's language.
// Relevant files: shared/static/chart-readout.js, shared/format.ts

/**
 * Where the pointer is: `step 120`, `steps 100 to 119`, `2 min 3 s`, `23 Nov 2026 14:20:41 UTC`.
 * @param {import('./chart-plot.js').Bucket} bucket
 * @param {'step' | 'time' | 'relative' | 'metric'} axis
 */
export function placeText({ x, from_step, to_step }, axis) {
  const steps = from_step === to_step ? `step ${whole(from_step)}` : `steps ${whole(from_step)} to ${whole(to_step)}`;
  if (axis === 'step') return steps;
  if (axis === 'metric') return `${valueLabel(x)} · ${steps}`;
  if (axis === 'relative') return `${duration(x)} · ${steps}`;
  return `${new Date(x).toISOString().slice(0, 19).replace('T', ' ')} UTC · ${steps}`;
}

/** @param {number} seconds */
function duration(seconds) {
  if (seconds < 60) return minus(`${seconds.toFixed(2)} s`);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${Math.floor(seconds % 60)} s`;
}

/**
 * `0.9741`, `0.9741 (0.96 to 0.98)`, `NaN`.
 * @param {import('./chart-plot.js').Bucket} bucket
 * @param {number | null} value what the line shows
 */
export function valueText({ min, max, nonfinite_count, nan_count, inf_count }, value) {
  const broken = nan_count > 0 ? 'NaN' : inf_count > 0 ? '∞' : '−∞';
  if (value === null || min === null || max === null) return broken;
  const range = min === max ? '' : ` (${valueLabel(min)} to ${valueLabel(max)})`;
  return valueLabel(value) + range + (nonfinite_count > 0 ? ` and ${broken}` : '');
}

/** As formatNumber of shared/format.ts. @param {number} value */
function valueLabel(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return whole(value);
  if (size >= 1e6 || size < 1e-3)
    return minus(
      value
        .toExponential(3)
        .replace(/\.?0+e/, 'e')
        .replace('e+', 'e'),
    );
  return minus(grouped(value.toFixed(4)));
}

/** Below 1e21, which steps are. @param {number} n */
function whole(n) {
  return minus(grouped(String(n)));
}

/** `1234.5` → `1,234.5`. toLocaleString reads the browser's language data first: 15 ms before the first value is seen. @param {string} digits */
function grouped(digits) {
  const [whole = '', rest] = digits.split('.');
  return whole.replace(/\d(?=(\d{3})+$)/g, '$&,') + (rest === undefined ? '' : `.${rest}`);
}

/** @param {string} text */
function minus(text) {
  return text.replace(/^-/, '−');
}
