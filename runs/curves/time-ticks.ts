// runs/curves/time-ticks.ts
// Purpose: ticks of a time axis: clock times in UTC, or seconds, minutes and hours since a start.
// Why: time is counted in 60s and 24s; ticks at 0.2 × 10^n ms would be read by nobody.
// Relevant files: runs/curves/chart-ticks.ts, runs/curves/chart-scale.ts

import { multiples, niceStep, numberLabel, type Tick } from './chart-ticks.ts';

const SECOND = 1;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const YEAR = 365.25 * DAY;

/** In seconds. */
const INTERVALS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14].map((n) => n * DAY),
];

/** Seconds since a start: `0.2 s`, `30 s`, `5 min`, `1:30 h`, `2 d`. */
export function durationTicks(min: number, max: number, count: number): Tick[] {
  const interval = intervalFor((max - min) / count);
  return multiples(min, max, interval).map((value) => ({ value, label: durationLabel(value, interval) }));
}

export function durationLabel(seconds: number, interval: number): string {
  const sign = seconds < 0 ? '−' : '';
  const size = Math.abs(seconds);
  if (size === 0) return '0';
  if (interval >= DAY) return `${sign}${numberLabel(size / DAY, interval / DAY)} d`;
  if (interval >= HOUR || (interval >= MINUTE && size >= HOUR)) {
    return `${sign}${clock(size / MINUTE, interval >= HOUR)} h`;
  }
  if (interval >= MINUTE || (interval >= SECOND && size >= 10 * MINUTE)) {
    return `${sign}${clock(size, interval >= MINUTE)} min`;
  }
  return `${sign}${numberLabel(size, interval)} s`;
}

/** 90 → `1:30`, or `1` when only whole ones occur. */
function clock(small: number, whole: boolean): string {
  const big = Math.floor(small / 60);
  return whole ? String(big) : `${big}:${String(Math.floor(small % 60)).padStart(2, '0')}`;
}

/** ms since the epoch, UTC: `14:20:41.250`, `14:20:41`, `14:20`, `23 Nov`, `Nov 2026`, `2026`. */
export function timeTicks(min: number, max: number, count: number): Tick[] {
  const interval = intervalFor((max - min) / 1000 / count);
  if (interval > 14 * DAY) return calendarTicks(min, max, interval);
  const step = Math.max(1, Math.round(interval * 1000));
  return multiples(min, max, step).map((value) => ({ value, label: timeLabel(value, interval) }));
}

/** `interval` in seconds: how far apart the ticks are. */
export function timeLabel(ms: number, interval: number): string {
  const date = new Date(ms);
  const time = date.toISOString().slice(-13, -1);
  if (interval >= DAY || (interval >= MINUTE && time === '00:00:00.000')) return `${date.getUTCDate()} ${month(date)}`;
  if (interval >= MINUTE) return time.slice(0, 5);
  return interval >= SECOND ? time.slice(0, 8) : time;
}

/** The first of every n-th month or year. */
function calendarTicks(min: number, max: number, interval: number): Tick[] {
  const months = monthsFor(interval);
  const start = new Date(min);
  const first = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months;
  return Array.from({ length: 100 }, (_, index) => first + index * months)
    .map((index) => Date.UTC(Math.floor(index / 12), index - Math.floor(index / 12) * 12))
    .filter((value) => value >= min && value <= max)
    .map((value) => {
      const date = new Date(value);
      const year = String(date.getUTCFullYear());
      return { value, label: months >= 12 ? year : `${month(date)} ${year}` };
    });
}

function monthsFor(interval: number): number {
  const months = (interval / YEAR) * 12;
  return [1, 2, 3, 6].find((some) => some >= months) ?? 12 * Math.max(1, niceStep(interval / YEAR));
}

function month(date: Date): string {
  return date.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
}

/** Seconds between ticks: the nice one that is not far below `raw`. */
function intervalFor(raw: number): number {
  if (!(raw > 0)) return 1;
  if (raw <= 0.7) return niceStep(raw);
  return INTERVALS.find((interval) => interval >= raw * 0.8) ?? niceStep(raw / DAY) * DAY;
}
