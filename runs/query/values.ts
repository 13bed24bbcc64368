// runs/query/values.ts
// Purpose: values of a filter: times (dates, `-7d`, `today`) and durations (`90s`, `1h30m`).
// Why: people write times as they think of them; what cannot be read is said with an example of what can.
// Relevant files: runs/query/leaves.ts, runs/query/tokens.ts

const UNITS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  sec: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** ms; `90s`, `5min`, `1h30m`, `1.5d`. */
export function readDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|sec|s|min|m|h|d|w))+$/i.test(text)) return undefined;
  const parts = [...text.toLowerCase().matchAll(/([\d.]+)([a-z]+)/g)];
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? NaN), 0);
}

/** A stretch of time, ms since the epoch, without its end: a moment is a stretch of one ms. */
export interface Span {
  from: number;
  to: number;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/i;

/** A date (a whole day in UTC, as pages tell time), a moment (in UTC where it names no zone), `today`, `yesterday`, `now`, or so long ago: `-7d`. */
export function readTime(text: string, now: number): Span | undefined {
  const word = text.toLowerCase();
  if (word === 'now') return moment(now);
  if (word === 'today') return dayOf(new Date(now), 0);
  if (word === 'yesterday') return dayOf(new Date(now), -1);
  const ago = word.startsWith('-') ? readDuration(word.slice(1)) : undefined;
  if (ago !== undefined) return moment(Math.round(now - ago));
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year !== undefined) return checkedDay(Number(year), Number(month), Number(day));
  if (MOMENT.test(text)) return moment(Date.parse(text.toUpperCase().replace(/(T[\d:.]+)$/, '$1Z')));
  return /^\d{12,14}$/.test(text) ? moment(Number(text)) : undefined;
}

function moment(at: number): Span | undefined {
  return Number.isFinite(at) ? { from: at, to: at + 1 } : undefined;
}

/** 30 February is no day. */
function checkedDay(year: number, month: number, day: number): Span | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? dayOf(date, 0) : undefined;
}

function dayOf(date: Date, shift: number): Span {
  const start = (days: number): number => Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + days);
  return { from: start(shift), to: start(shift + 1) };
}

/** The text asks for something that moves with the clock. A run that runs is stalled when it was not heard of for a while. */
export function movesWithTime(text: string): boolean {
  return /(^|[^\w.])(-\d[\w.]*|now|today|yesterday|stalled|running)\b/i.test(text);
}
