// shared/cells.ts
// Purpose: one value as text: numbers that read back as the same double, times, and text no spreadsheet runs.
// Why: the rule about formulas is stated on the page and undone by `unguard`; it must live in one place.
// Relevant files: shared/csv.ts, exports/templates/exports.html, runs/values.ts

/** What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection"), and the guard itself. */
const RISKY = /^[=+\-@\t\r\n'\uff1d\uff0b\uff0d\uff20]/;

/**
 * A text cell that begins with = + - @ (also their full-width forms), a tab, a line break or ' and is not a plain
 * decimal number gets one ' in front. For text columns only: numbers and times are written as they are.
 */
export function guard(text: string): string {
  return RISKY.test(text) && parseDecimal(text) === undefined ? `'${text}` : text;
}

/** The text that was guarded: a cell that begins with ' loses it. `unguard(guard(text)) === text` for any text. */
export function unguard(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}

/** The shortest decimal that reads back as the same double: `0.1`, `1e-7`, `-0`, `NaN`, `Infinity`, `-Infinity`. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The same in JSON, which has no word for the non-finite ones: `"NaN"`, `"Infinity"`, `"-Infinity"`. */
export function numberJson(value: number): string {
  return Number.isFinite(value) ? numberText(value) : `"${value}"`;
}

const MINUTE = 60_000;
/** The minute that was written last: neighbouring points mostly share it, and a `Date` for each costs more than reading it. */
let known = { minute: NaN, text: '' };

/** ms since the epoch as `2026-11-23T14:20:41.007Z`, like `Date.toISOString`. */
export function isoTime(ms: number): string {
  const minute = Math.floor(ms / MINUTE);
  if (minute !== known.minute)
    known = { minute, text: new Date(minute * MINUTE).toISOString().slice(0, -'00.000Z'.length) };
  const rest = String(100_000 + ms - minute * MINUTE);
  return `${known.text}${rest.slice(1, 3)}.${rest.slice(3)}Z`;
}

export function isoTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}

/** A decimal number as text, or undefined: no hexadecimal, no empty text, no spaces. */
export function parseDecimal(text: string): number | undefined {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** Of each sign: C++ writes -nan. */
const WORDS = new Map(
  ['nan', 'inf', 'infinity'].flatMap((word) => {
    const value = word === 'nan' ? NaN : Infinity;
    return [[word, value] as const, [`+${word}`, value] as const, [`-${word}`, -value] as const];
  }),
);
const LONGEST_WORD = '-infinity'.length;

/** The same, or nan, inf, infinity in any case: a number as people and programs write it. */
export function readNumber(text: string): number | undefined {
  return parseDecimal(text) ?? (text.length > LONGEST_WORD ? undefined : WORDS.get(text.toLowerCase()));
}
