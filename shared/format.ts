// shared/format.ts
// Purpose: numbers, times, durations, sizes and plurals as pages show them. Pure; `now` is an argument.
// Why: one way to show a thing; templates get ready text.
// Relevant files: shared/http/pages.ts, experiments/views.ts, runs/run/run-views.ts

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time as three texts: for people, exact (title), for machines (datetime). */
export interface ShownTime {
  relative: string;
  exact: string;
  iso: string;
}

export function showTime(ms: number, now: number): ShownTime {
  return { relative: relativeTime(ms, now), exact: formatTime(ms), iso: new Date(ms).toISOString() };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `23 Nov 2026, 14:20:41 UTC` */
export function formatTime(ms: number): string {
  const date = new Date(ms);
  const month = MONTHS[date.getUTCMonth()];
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}, ${date.toISOString().slice(11, 19)} UTC`;
}

/**
 * `4 s ago`, `2 h ago`, `yesterday`, `3 d ago`, then the date. Times ahead of `now` (clocks differ): `in 4 s`.
 * A `now` on the full minute is that of a page that ticks by the minute (`pageClock`): what is ahead of it by less was just done.
 */
export function relativeTime(ms: number, now: number): string {
  const ago = now - ms;
  const distance = Math.abs(ago);
  if (distance < 2 * SECOND || (ago < 0 && distance < MINUTE && now % MINUTE === 0)) return 'just now';
  if (distance >= 30 * DAY) return formatTime(ms).split(',')[0] ?? '';
  if (ago >= DAY && ago < 2 * DAY) return 'yesterday';
  const text = coarse(distance);
  return ago >= 0 ? `${text} ago` : `in ${text}`;
}

function coarse(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** `3 ms`, `0.31 s`, `42 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h` */
export function formatDuration(ms: number): string {
  if (ms < 0) return '–';
  if (ms < 10) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(2)} s`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < HOUR) return pair(Math.floor(ms / MINUTE), 'min', Math.floor((ms % MINUTE) / SECOND), 's');
  if (ms < DAY) return pair(Math.floor(ms / HOUR), 'h', Math.floor((ms % HOUR) / MINUTE), 'min');
  return pair(Math.floor(ms / DAY), 'd', Math.floor((ms % DAY) / HOUR), 'h');
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return power === 0 ? `${bytes} B` : `${(bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}

/** Made once for each number of decimals: `toLocaleString` makes a formatter for each number, a third of a page's time. */
const formatters = new Map<number, Intl.NumberFormat>();

function inEnglish(value: number, decimals: number): string {
  const known =
    formatters.get(decimals) ??
    new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  formatters.set(decimals, known);
  return known.format(value);
}

/** `12,345` */
export function formatCount(count: number): string {
  return inEnglish(count, 0);
}

/** `12,000`, `−3` */
export function formatStep(step: number): string {
  return minus(formatCount(step + 0));
}

/** `1 run`, `27 runs` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/**
 * A metric value for people: `0.9778`, `1.23e-7`, `NaN`, `∞`. The exact double goes into `title`.
 * Whole numbers are shown whole; four decimals where that keeps three digits, else exponent form.
 */
export function formatNumber(value: number | null, decimals = 4): string {
  if (value === null) return '–';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  if (Object.is(value, -0)) return '−0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return minus(formatCount(value));
  if (size >= 1e6 || (size !== 0 && size < 10 ** (1 - decimals))) return minus(exponent(value));
  return withDecimals(value, decimals);
}

function withDecimals(value: number, decimals: number): string {
  return minus(inEnglish(value, decimals));
}

/** With so many decimals, whole numbers and small ones too: somebody asked for them. */
export function formatFixed(value: number | null, decimals: number): string {
  const isPlain = value !== null && Number.isFinite(value) && !Object.is(value, -0) && Math.abs(value) < 1e15;
  return isPlain ? withDecimals(value, decimals) : formatNumber(value, decimals);
}

/** One number of digits for a column: values that are all whole stay whole, all others get `decimals`. */
export function formatColumn(values: (number | null)[], decimals = 4): string[] {
  const whole = values.every((value) => value === null || !Number.isFinite(value) || Number.isInteger(value));
  return values.map((value) => {
    const plain = value !== null && Number.isFinite(value) && !whole && Math.abs(value) < 1e6;
    return plain && Number.isInteger(value) ? withDecimals(value, decimals) : formatNumber(value, decimals);
  });
}

function exponent(value: number): string {
  return value
    .toExponential(3)
    .replace(/\.?0+e/, 'e')
    .replace('e+', 'e');
}

/** A typographic minus, as wide as a digit. */
function minus(text: string): string {
  return text.replace(/^-/, '−');
}

/** Cut at the end: for sentences. */
export function beginning(text: string, max: number): string {
  if (text.length <= max) return text;
  const characters = [...text];
  return characters.length <= max
    ? text
    : `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}

/** Cut in the middle: the end is what tells long names apart. The whole text belongs into `title`. */
export function middle(text: string, max = 60): string {
  // Most texts are short, and no character has less than one unit.
  if (text.length <= max) return text;
  const characters = [...text];
  if (characters.length <= max) return text;
  const tail = Math.floor((max - 1) / 2);
  return `${characters.slice(0, max - 1 - tail).join('')}…${characters.slice(-tail).join('')}`;
}
