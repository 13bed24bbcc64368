// shared/static/chart-labels.js
// Purpose: ticks and values of live charts as text, as the server writes them.
// Why: a number looks the same in the picture, the table and under the pointer, whatever the browser's language.
// Relevant files: shared/static/chart-plot.js, runs/chart-ticks.ts, runs/time-ticks.ts, shared/format.ts

const [SECOND, MINUTE, HOUR, DAY] = [1, 60, 3600, 86_400];

/**
 * Which distances ticks may have; clock time has uPlot's own.
 * @param {'step' | 'time' | 'relative'} x
 * @returns {{ incrs?: number[] }}
 */
export function incrementsOf(x) {
  if (x === 'time') return {};
  const tens = (/** @type {number} */ from, /** @type {number} */ to) =>
    Array.from({ length: to - from }, (_, index) => [1, 2, 5].map((n) => Number(`${n}e${from + index}`))).flat();
  if (x === 'step') return { incrs: tens(0, 16) };
  const rounds = [1, 2, 5, 10, 15, 30];
  const days = tens(0, 9).map((n) => n * DAY);
  return {
    incrs: [
      ...tens(-6, 0),
      ...rounds,
      ...rounds.map((n) => n * MINUTE),
      ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
      ...days,
    ],
  };
}

/** @type {(splits: (number | null)[], step: number) => string[]} */
export function numberLabels(splits, step) {
  return splits.map((value) => (value === null ? '' : numberLabel(value, step)));
}

/**
 * @param {number} value
 * @param {number} step distance of ticks; 0: unknown, as on a log scale
 */
function numberLabel(value, step) {
  const size = Math.abs(value);
  if (size === 0) return '0';
  const power = step > 0 ? Math.floor(Math.log10(step) + 1e-9) : Math.floor(Math.log10(size) + 1e-9);
  if (size >= 1e15 || size < 1e-6 || power < -6)
    return minus(
      value
        .toExponential(2)
        .replace(/\.?0+e/, 'e')
        .replace('e+', 'e'),
    );
  for (const [unit, name] of UNITS) {
    if (size >= 1e4 && size >= unit && step * 100 >= unit)
      return minus(`${Number((value / unit).toPrecision(12))}${name}`);
  }
  const digits = Math.max(0, -power);
  return minus(value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }));
}

/** @type {[number, string][]} */
const UNITS = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** Seconds since the start. @type {(splits: (number | null)[], step: number) => string[]} */
export function durationLabels(splits, step) {
  return splits.map((value) => (value === null ? '' : durationLabel(value, step)));
}

/**
 * @param {number} seconds
 * @param {number} step
 */
function durationLabel(seconds, step) {
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? '−' : '';
  if (size === 0) return '0';
  if (step >= DAY) return `${sign}${size / DAY} d`;
  if (step >= HOUR) return `${sign}${Math.round(size / HOUR)} h`;
  if (step >= MINUTE && size >= HOUR) return `${sign}${clock(size / MINUTE)} h`;
  if (step >= MINUTE) return `${sign}${Math.round(size / MINUTE)} min`;
  return step >= SECOND && size >= 10 * MINUTE ? `${sign}${clock(size)} min` : `${sign}${numberLabel(size, step)} s`;
}

/** @param {number} small */
function clock(small) {
  return `${Math.floor(small / 60)}:${String(Math.floor(small % 60)).padStart(2, '0')}`;
}

/** ms since the epoch, in UTC. @type {(splits: (number | null)[], step: number) => string[]} */
export function timeLabels(splits, step) {
  return splits.map((value) => (value === null ? '' : timeLabel(value, step / 1000)));
}

/**
 * @param {number} ms
 * @param {number} step in seconds
 */
function timeLabel(ms, step) {
  const date = new Date(ms);
  const time = date.toISOString().slice(-13, -1);
  const month = date.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  if (step >= 365 * DAY) return String(date.getUTCFullYear());
  if (step >= 28 * DAY) return `${month} ${date.getUTCFullYear()}`;
  if (step >= DAY || (step >= MINUTE && time === '00:00:00.000')) return `${date.getUTCDate()} ${month}`;
  if (step >= MINUTE) return time.slice(0, 5);
  return step >= SECOND ? time.slice(0, 8) : time;
}

/**
 * Where the pointer is: `step 120`, `steps 100 to 119`, `2 min 3 s`, `23 Nov 2026 14:20:41 UTC`.
 * @param {import('./chart-plot.js').Bucket} bucket
 * @param {'step' | 'time' | 'relative'} axis
 */
export function placeText({ x, from_step, to_step }, axis) {
  const whole = (/** @type {number} */ n) => minus(n.toLocaleString('en'));
  const steps = from_step === to_step ? `step ${whole(from_step)}` : `steps ${whole(from_step)} to ${whole(to_step)}`;
  if (axis === 'step') return steps;
  if (axis === 'relative') return `${durationLabel(x, x < 60 ? 0.01 : 1)} · ${steps}`;
  return `${new Date(x).toISOString().slice(0, 19).replace('T', ' ')} UTC · ${steps}`;
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
  if (Number.isInteger(value) && size < 1e15) return minus(value.toLocaleString('en'));
  if (size >= 1e6 || size < 1e-3)
    return minus(
      value
        .toExponential(3)
        .replace(/\.?0+e/, 'e')
        .replace('e+', 'e'),
    );
  return minus(value.toLocaleString('en', { minimumFractionDigits: 4, maximumFractionDigits: 4 }));
}

/** @param {string} text */
function minus(text) {
  return text.replace(/^-/, '−');
}
