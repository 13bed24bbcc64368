// runs/curves/chart-ticks.ts
// Purpose: round values for an axis and their labels: linear, whole steps, and log.
// Why: an axis is read at its ticks; they must be round, distinct and few, for 1e-320 as for 2^53.
// Relevant files: runs/curves/chart-scale.ts, runs/curves/time-ticks.ts, runs/curves/chart-svg.ts

export interface Tick {
  value: number;
  label: string;
}

/** Of 1, 2, 5, 10 × 10^n the one nearest to `raw` by ratio; `raw` > 0. */
export function niceStep(raw: number): number {
  const power = Math.floor(Math.log10(raw));
  const rest = raw / decimal(1, power);
  const factor = rest < Math.SQRT2 ? 1 : rest < Math.sqrt(10) ? 2 : rest < Math.sqrt(50) ? 5 : 10;
  return decimal(factor, power);
}

/** factor × 10^power as the nearest double: 0.3, not 0.30000000000000004. */
function decimal(factor: number, power: number): number {
  return Number(`${factor}e${power}`);
}

/** The distance of about `count` linear ticks; null when min and max are the same. `whole`: no fractions, for steps. */
export function stepFor(min: number, max: number, count: number, whole = false): number | null {
  // Divided first, so that a range of ±1.7e308 does not overflow.
  const raw = max / count - min / count;
  if (!(raw > 0)) return null;
  const step = niceStep(raw) || raw;
  return whole ? Math.max(1, step) : step;
}

/** The multiples of `step` within [min, max]. */
export function linearTicks(min: number, max: number, step: number): Tick[] {
  return multiples(min, max, step).map((value) => ({ value, label: numberLabel(value, step) }));
}

/** At most 100, without repeats: from 2^53 on, `n + 1` may equal `n`, so they are counted and not compared. */
export function multiples(min: number, max: number, step: number): number[] {
  const first = Math.ceil(min / step - 1e-9);
  const count = Math.min(100, Math.floor(max / step + 1e-9) - first + 1);
  const values = Array.from({ length: Math.max(0, count) }, (_, index) => times(first + index, step));
  return [...new Set(values.filter(Number.isFinite))];
}

/** index × step without binary dust: 3 × 0.1 is 0.3. Never −0. */
export function times(index: number, step: number): number {
  const product = index * step;
  return (Math.abs(index) < 1e9 && Number(product.toPrecision(14))) || product || 0;
}

/** `0.95`, `12,000`, `20k`, `1.5M`, `1.2e-7`, with as many digits as `step` needs; `step` 0: the value stands alone. */
export function numberLabel(value: number, step: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  const power = step > 0 ? Math.floor(Math.log10(step) + 1e-9) : Number.isInteger(value) ? 0 : -4;
  const unit = size >= 1e4 && size < 1e12 ? UNITS.find(([one]) => size >= one && step * 100 >= one) : undefined;
  if (unit) return minus(`${times(1, value / unit[0])}${unit[1]}`);
  if (power >= 9 || size >= 1e21 || power < -6 || (size < 1e-4 && step === 0)) {
    const digits = step > 0 ? Math.floor(Math.log10(size) + 1e-9) - power : 3;
    return tidyExponent(value.toExponential(Math.min(15, Math.max(0, digits))));
  }
  const digits = Math.max(0, -power);
  return minus(value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }));
}

const UNITS: readonly [size: number, unit: string][] = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** Powers of ten, with 1-2-5 or 1-3 where there are few of them; a range within one power gets linear ticks. */
export function logTicks(min: number, max: number, count: number): Tick[] {
  const [low, high] = [Math.log10(min), Math.log10(max)];
  if (high - low < 0.7) return linearTicks(min, max, stepFor(min, max, count) ?? 1).filter(({ value }) => value > 0);
  const powers = high - low;
  const every = powers > count + 2 ? Math.max(2, niceStep(powers / count)) : 1;
  const factors = powers >= 4 ? [1] : powers >= 2.5 ? [1, 3] : [1, 2, 5];
  return multiples(Math.floor(low / every) * every, high, every)
    .flatMap((power) => factors.map((factor) => decimal(factor, power)))
    .filter((value) => value >= min && value <= max && value > 0)
    .map((value) => ({ value, label: logLabel(value) }));
}

/** 0, and powers of ten from `c` on with both signs, so far as they lie in the range; every so many that `count` fit. */
export function symlogTicks(min: number, max: number, c: number, count: number): Tick[] {
  const first = Math.round(Math.log10(c));
  const powersTo = (end: number): number => (end > 0 ? Math.floor(Math.log10(end) + 1e-9) - first + 1 : 0);
  const [below, above] = [Math.max(0, powersTo(-min)), Math.max(0, powersTo(max))];
  const every = Math.max(1, Math.ceil((below + above) / (count + 1)));
  const powers = (many: number): number[] =>
    Array.from({ length: Math.ceil(many / every) }, (_, index) => decimal(1, first + every - 1 + index * every)).filter(
      (value) => value <= Math.max(max, -min),
    );
  const values = [
    ...powers(below)
      .map((value) => -value)
      .reverse(),
    0,
    ...powers(above),
  ];
  const inside = values.filter((value) => value >= min && value <= max);
  // All within one power, far from 0: as on a linear axis.
  if (inside.length < 2) return linearTicks(min, max, stepFor(min, max, count) ?? 1);
  return inside.map((value) => ({ value, label: value < 0 ? minus(`-${logLabel(-value)}`) : value === 0 ? '0' : logLabel(value) })); // prettier-ignore
}

function logLabel(value: number): string {
  if (value >= 1e6 || value < 1e-3) return tidyExponent(value.toExponential(0));
  return value >= 1e4 ? `${value / 1000}k` : value.toLocaleString('en', { maximumFractionDigits: 4 });
}

function tidyExponent(text: string): string {
  return minus(
    text
      .replace('e+', 'e')
      .replace(/(\.\d*?)0+e/, '$1e')
      .replace('.e', 'e'),
  );
}

function minus(text: string): string {
  return text.replace(/^-/, '−');
}
