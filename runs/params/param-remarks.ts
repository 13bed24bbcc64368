// runs/params/param-remarks.ts
// Purpose: what looks odd about the params of an experiment: keys that are written in two ways, likely typos, mixed values.
// Why: such a param splits groups and hides runs from filters, and nobody sees it in a table of twenty columns. Pure.
// Relevant files: runs/params/param-queries.ts, runs/params/param-views.ts, runs/query/fields.ts

import { readNumber } from '../../shared/cells.ts';
import { changes } from '../query/fields.ts';

/** What a value is: a number (NaN and infinity, too), one that says that there is none (`None`, `null`, nothing), or a text. */
export const ValueKind = { Number: 'number', Text: 'text', None: 'none' } as const;
export type ValueKind = (typeof ValueKind)[keyof typeof ValueKind];

export function kindOfValue(value: string): ValueKind {
  const text = value.trim();
  if (/^(none|null|undefined)?$/i.test(text)) return ValueKind.None;
  return readNumber(text) === undefined ? ValueKind.Text : ValueKind.Number;
}

/** Params whose values are looked at, those of most runs first, and how many different values each of them may have. */
export const LOOKED_AT = { params: 300, values: 50 } as const;

/** Runs with values of one kind: the value that most of them have, and the others that were looked at, by their runs. */
export interface OfKind {
  runs: number;
  example: string;
  others?: string[];
}

export interface ParamFacts {
  key: string;
  /** Runs that have it. */
  runs: number;
  /** Different values. */
  values: number;
  /** Of the values that were looked at; empty where none were. */
  kinds: Partial<Record<ValueKind, OfKind>>;
}

export const RemarkKind = { Typo: 'typo', Spelling: 'spelling', Mixed: 'mixed', None: 'none' } as const;
export type RemarkKind = (typeof RemarkKind)[keyof typeof RemarkKind];

export interface Remark {
  kind: RemarkKind;
  /** Of Typo and Spelling: the key that is meant, or the other way to write it. */
  other?: ParamFacts;
  /** Of Mixed and None: the rarer kind, whose runs are to be looked at. */
  odd?: OfKind;
}

/** A key of so many runs at most may be a typo of one that has ten times as many. */
const RARE_RUNS = 2;
const TIMES_MORE = 10;
/** Rare keys, and frequent ones that they are held against: what it costs is bounded. */
const RARE_MAX = 100;
const FREQUENT_MAX = 1_000;
/** A typo is in one place; and the distance of two keys of 250 letters takes 60,000 steps, of pairs there are 100,000. */
const STRETCH_MAX = 12;

export function remarksOf(params: readonly ParamFacts[]): Map<string, Remark[]> {
  const written = new Map<string, ParamFacts[]>();
  for (const one of params) written.set(letters(one.key), [...(written.get(letters(one.key)) ?? []), one]);
  const typos = typosIn(params);
  return new Map(
    params.flatMap((one) => {
      const other = written.get(letters(one.key))?.find(({ key }) => key !== one.key);
      const meant = typos.get(one.key);
      const remarks = [
        ...(other ? [{ kind: RemarkKind.Spelling, other }] : meant ? [{ kind: RemarkKind.Typo, other: meant }] : []),
        ...aboutValues(one),
      ];
      return remarks.length > 0 ? [[one.key, remarks] as const] : [];
    }),
  );
}

function aboutValues({ kinds: { number, text, none } }: ParamFacts): Remark[] {
  if (!number) return [];
  const mixed = text && { kind: RemarkKind.Mixed, odd: text.runs <= number.runs ? text : number };
  return [...(mixed ? [mixed] : []), ...(none ? [{ kind: RemarkKind.None, odd: none }] : [])];
}

/** `batch_size`, `batchSize` and `batch-size` are the same; `a.b` and `a/b`, too. */
function letters(key: string): string {
  return key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') || key;
}

function typosIn(params: readonly ParamFacts[]): Map<string, ParamFacts> {
  const byRuns = [...params].sort((a, b) => b.runs - a.runs);
  const frequent = byRuns.slice(0, FREQUENT_MAX);
  const rare = byRuns.filter(({ runs }) => runs <= RARE_RUNS).slice(0, RARE_MAX);
  return new Map(
    rare.flatMap((one) => {
      const meant = frequent.find((other) => other.runs >= TIMES_MORE * one.runs && areNear(one.key, other.key));
      return meant ? [[one.key, meant] as const] : [];
    }),
  );
}

/** One letter changed, two in a long key. Keys that only count (`beta1`, `beta2`) are different ones. */
function areNear(a: string, b: string): boolean {
  const most = Math.max(a.length, b.length) >= 8 ? 2 : 1;
  if (Math.min(a.length, b.length) < 4 || Math.abs(a.length - b.length) > most) return false;
  const uncounted = (key: string): string => key.replace(/\d+/g, '#');
  const [x, y] = differing(a, b);
  return Math.max(x.length, y.length) <= STRETCH_MAX && changes(x, y) <= most && uncounted(a) !== uncounted(b);
}

/** Both without what they begin and end with alike; it changes no distance. */
function differing(a: string, b: string): [string, string] {
  const least = Math.min(a.length, b.length);
  let begin = 0;
  while (begin < least && a[begin] === b[begin]) begin += 1;
  let end = 0;
  while (end < least - begin && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return [a.slice(begin, a.length - end), b.slice(begin, b.length - end)];
}
