// runs/pictures/brush.ts
// Purpose: bounds of axes as part of a filter, and back: `params.lr >= 0.01 and params.lr <= 0.1`.
// Why: what was brushed is an ordinary filter: every page, file and command understands it.
// Relevant files: runs/pictures/parallel.ts, runs/query/fields.ts, runs/pictures/picture-routes.ts

import { parseDecimal } from '../../shared/cells.ts';
import { badField } from '../../shared/errors.ts';
import { LIMITS } from '../../shared/limits.ts';
import { fieldText, valueText } from '../query/fields.ts';
import { tokensOf } from '../query/tokens.ts';
import { mistakeIn, withoutOrder } from '../query/where.ts';
import type { Field } from './fields.ts';

export interface Bounds {
  field: Field;
  /** Numbers as they were typed; '' is no bound. Of a text `=adam`. */
  from: string;
  to: string;
}

/** As filters name it. */
function nameOf({ of, key }: Field): string {
  if (of === 'params' || of === 'metrics' || of === 'tags') return fieldText(of.slice(0, -1) as 'param', key);
  return of === 'started' ? 'started' : 'duration';
}

/** Seconds are durations in filters. */
function amount({ of }: Field, text: string, place: string): string {
  const number = parseDecimal(text.trim());
  if (number === undefined || !Number.isFinite(number))
    throw badField(place, `must be a number, not ${JSON.stringify(text)}`);
  return of === 'duration' ? `${number}s` : text.trim();
}

/** The filter with these bounds in place of those that their fields had. */
export function withBounds(where: string, bounds: readonly Bounds[]): string {
  const kept = withoutOrder(where).trim();
  const parts = partsOf(kept);
  const names = bounds.map(({ field }) => nameOf(field));
  const others = parts?.filter((part) => !names.some((name) => boundIn(part, name))) ?? [`(${kept})`];
  const made = bounds.flatMap(({ field, from, to }) => {
    const name = nameOf(field);
    if (from.startsWith('=')) return [`${name} = ${valueText(from.slice(1))}`];
    return [
      ...(from.trim() === '' ? [] : [`${name} >= ${amount(field, from, '?from')}`]),
      ...(to.trim() === '' ? [] : [`${name} <= ${amount(field, to, '?to')}`]),
    ];
  });
  const text = [...others, ...made].join(' and ');
  if (text.length > LIMITS.query)
    throw badField('?where', `the filter with these bounds has more than ${LIMITS.query} characters`);
  return text;
}

/** What the filter bounds a field to, so far as it can be read off. */
export function boundsOf(where: string, field: Field): { from: string; to: string } {
  const found = { from: '', to: '' };
  for (const part of partsOf(withoutOrder(where).trim()) ?? []) {
    const bound = boundIn(part, nameOf(field));
    if (!bound) continue;
    const value = field.of === 'duration' ? bound.value.replace(/s$/, '') : bound.value;
    if (bound.sign === '<=') found.to = value;
    else found.from = bound.sign === '=' ? `=${bound.value.replace(/^"([^]*)"$/, '$1').replaceAll('""', '"')}` : value;
  }
  return found;
}

function boundIn(part: string, name: string): { sign: string; value: string } | undefined {
  if (!part.startsWith(`${name} `)) return undefined;
  const [, sign = '', value = ''] = /^(>=|<=|=) ([^]+)$/.exec(part.slice(name.length + 1)) ?? [];
  return sign === '' ? undefined : { sign, value };
}

/** Conditions joined by `and` and nothing else; null: there is an `or`, or a `not`, above all brackets. */
function partsOf(where: string): string[] | null {
  // What cannot be read stays whole: the page points at the mistake.
  if (mistakeIn(where, 0)) return [where];
  const parts: string[] = [];
  let [from, depth] = [0, 0];
  for (const { kind, text, at, end } of tokensOf(where)) {
    if (kind === 'sign') depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    const word = kind === 'word' && depth === 0 ? text.toLowerCase() : '';
    if (word === 'or' || word === 'not') return null;
    if (word !== 'and' && kind !== 'end') continue;
    parts.push(where.slice(from, at).trim());
    from = end;
  }
  return parts.filter((part) => part !== '');
}
