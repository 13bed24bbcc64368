// runs/table/param-room.ts
// Purpose: the values of params as the run table shows them: short enough that the metrics stay in sight, and told apart.
// Why: eight paths or JSON texts of forty characters push every metric off the screen; cut alike they would look equal.
// Relevant files: runs/table/table-views.ts, runs/view/columns.ts, shared/format.ts

import { middle } from '../../shared/format.ts';
import { ColumnKind, Width, type Column } from '../view/columns.ts';
import type { TableRow } from './cell-queries.ts';

/** Characters that all params of a row have together: on 1,280 px metrics are in sight beside them. */
const ROOM = 72;
const LONGEST = 40;
const SHORTEST = 14;
const WIDE = 400;
/** Beyond it nobody looks for what differs. */
const LOOKED_AT = 2000;
/** Shown of what is the same before the first difference. */
const BEFORE = 5;

/** A value of a param as its cell shows it; the whole one belongs into the title. */
export type ParamText = (key: string, value: string) => string;

/** Of the rows of a page. Numbers are never cut to less than they were: a cut number is another one. */
export function paramTexts(rows: readonly TableRow[], columns: readonly Column[], numeric: ReadonlySet<string>): ParamText {
  const shown = columns.filter(({ kind }) => kind === ColumnKind.Param);
  const longest = longestOf(rows, shown.filter(({ width }) => width === Width.Normal).map(({ key }) => key)); // prettier-ignore
  const texts = new Map(
    shown.map(({ key, width }) => {
      const max = width === Width.Wide ? WIDE : numeric.has(key) ? LONGEST : longest;
      return [key, textsOf(new Set(rows.flatMap(({ params }) => params.get(key) ?? [])), max)];
    }),
  );
  return (key, value) => texts.get(key)?.get(value) ?? middle(value, LONGEST);
} // prettier-ignore

/** The most that fits for each, if the short ones take only what they need. */
function longestOf(rows: readonly TableRow[], keys: readonly string[]): number {
  const needs = keys.map((key) => Math.max(0, ...rows.map(({ params }) => params.get(key)?.length ?? 0)));
  const roomAt = (longest: number): number => needs.reduce((sum, need) => sum + Math.min(need, longest), 0);
  let longest = LONGEST;
  while (longest > SHORTEST && roomAt(longest) > ROOM) longest -= 1;
  return longest;
}

/** Cut in the middle; where two would look the same, from shortly before the place where they part. */
function textsOf(values: ReadonlySet<string>, max: number): Map<string, string> {
  const texts = new Map([...values].map((value) => [value, middle(value, max)]));
  if (new Set(texts.values()).size === values.size) return texts;
  const long = [...values].filter((value) => value.length > max);
  const from = Math.max(0, commonStart(long) - BEFORE);
  for (const value of long) texts.set(value, excerpt(value, from, max));
  return texts;
}

/** Of how many characters all begin with the same. */
function commonStart([first = '', ...others]: readonly string[]): number {
  let length = Math.min(first.length, LOOKED_AT);
  for (const other of others) {
    let same = 0;
    while (same < length && first[same] === other[same]) same += 1;
    length = same;
  }
  return length;
}

function excerpt(value: string, from: number, max: number): string {
  if (from === 0) return middle(value, max);
  const rest = [...value.slice(from).replace(/^[\udc00-\udfff]/, '')];
  const isAll = rest.length <= max - 1;
  return `…${isAll ? rest.join('') : `${rest.slice(0, max - 2).join('')}…`}`;
}
