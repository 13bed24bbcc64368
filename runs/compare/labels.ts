// runs/compare/labels.ts
// Purpose: labels of runs and groups made from what differs between them: `adam, lr 0.01`.
// Why: a legend of run names says who; what one wants to read is in what they differ.
// Relevant files: runs/compare/compare-views.ts, runs/curves/curve-routes.ts, runs/compare/selection.ts

import type { Db } from '../../shared/db/store.ts';
import { parseDecimal } from '../../shared/cells.ts';
import { paramsOf } from '../queries.ts';

/** Params that a label names; of more, those that tell the most apart. */
const PARTS_MAX = 5;
/** Longer values say nothing in a legend. */
const VALUE_MAX = 40;
/** Longer labels are cut in the middle, where a number becomes another one. */
const LABEL_MAX = 40;

export interface Labelled {
  /** What it is called where params do not tell it apart. */
  name: string;
  /** One for a run, all members for a group. */
  runIds: readonly string[];
}

/** A label for each, in their order; all different, unless the names are the same, too. */
export async function labelsOf(db: Db, items: readonly Labelled[]): Promise<string[]> {
  if (items.length < 2) return items.map(({ name }) => name);
  const params = new Map<string, Map<string, string>>();
  for (const { run_id: id, key, value } of await paramsOf(db, [...new Set(items.flatMap(({ runIds }) => runIds))]))
    params.set(id, (params.get(id) ?? new Map<string, string>()).set(key, value));
  return labelsFrom(
    items.map(({ name, runIds }) => ({
      name,
      params: commonOf(runIds.map((id) => params.get(id) ?? new Map<string, string>())),
    })),
  );
}

/** What all have, with the same value: a group is equal in what makes it one. */
function commonOf(all: ReadonlyMap<string, string>[]): Map<string, string> {
  const [first = new Map<string, string>(), ...others] = all;
  return new Map([...first].filter(([key, value]) => others.every((other) => other.get(key) === value)));
}

interface Item {
  name: string;
  params: ReadonlyMap<string, string>;
}

export function labelsFrom(items: readonly Item[]): string[] {
  const keys = [...new Set(items.flatMap(({ params }) => [...params.keys()]))];
  const kinds = (key: string): number => new Set(items.map(({ params }) => params.get(key))).size;
  const telling = keys
    .filter((key) => kinds(key) > 1 && items.every(({ params }) => (params.get(key)?.length ?? 0) <= VALUE_MAX))
    .sort(); // prettier-ignore
  const had = telling.filter((key) => isHad(key, items));
  // What some lack, such as the seed beside a group of many, is named only where what all have leaves some alike.
  const parts = had.length <= PARTS_MAX ? leastOf(telling, items, had) : [];
  const all = labelsBy(parts, items);
  const fit = parts.length > 0 && all.every((label) => label.length <= LABEL_MAX);
  const labels = fit ? all : labelsBy(leastOf(telling, items), items);
  return labels.map((label, place) => {
    const isUnique = labels.every((other, index) => index === place || other !== label);
    const { name } = items[place] ?? { name: '' };
    if (label === '') return name;
    return isUnique ? label : `${label}, ${name}`;
  });
}

/** By all that have any param: a run that crashed at once has none. */
function isHad(key: string, items: readonly Item[]): boolean {
  return items.every(({ params }) => params.size === 0 || params.has(key));
}

/** Texts first, in the order of their keys. */
function labelsBy(keys: readonly string[], items: readonly Item[]): string[] {
  const sorted = keys.toSorted();
  const texts = clearTexts(sorted, items);
  const parts = [...texts, ...sorted.filter((key) => !texts.includes(key))];
  return items.map(({ params }) => parts.flatMap((key) => partOf(key, params.get(key), texts)).join(', '));
}

/**
 * `first`, then one after the other as long as each tells more items apart; of equal ones what most filters of groups name, then what
 * most items have, as a group has what it is named by.
 */
function leastOf(keys: readonly string[], items: readonly Item[], first: readonly string[] = []): string[] {
  const kept = [...first];
  const apart = (some: readonly string[]): number =>
    new Set(items.map(({ params }) => JSON.stringify(some.map((key) => params.get(key))))).size;
  const naming = (key: string): number => items.filter(({ name }) => name.includes(`params.${key}`)).length;
  const having = (key: string): number => items.filter(({ params }) => params.has(key)).length;
  while (kept.length < PARTS_MAX) {
    const known = apart(kept);
    if (known === items.length) break;
    const rest = keys.filter((key) => !kept.includes(key)).map((key) => ({ key, n: apart([...kept, key]), named: naming(key), have: having(key) })); // prettier-ignore
    const [best] = rest.sort((a, b) => b.n - a.n || b.named - a.named || b.have - a.have);
    if (!best || best.n <= known) break;
    kept.push(best.key);
  }
  return kept;
}

/** Those of the keys whose values say what they are by themselves: words, more than one of them, and no other key's as well. */
function clearTexts(keys: readonly string[], items: readonly Item[]): string[] {
  const texts = keys.filter((key) => {
    const values = new Set(items.map(({ params }) => params.get(key)).filter((value) => value !== undefined));
    return values.size > 1 && [...values].every(isText);
  });
  const whose = new Map<string, Set<string>>();
  for (const key of texts)
    for (const { params } of items) {
      const value = params.get(key);
      if (value !== undefined) whose.set(value, (whose.get(value) ?? new Set<string>()).add(key));
    }
  const isOnlyOne = (value: string | undefined): boolean => value === undefined || whose.get(value)?.size === 1;
  return texts.filter((key) => items.every(({ params }) => isOnlyOne(params.get(key))));
}

/** `adam` says what it is by itself; `0.01`, `50%`, `3x3`, `true` and `on` need their key. */
function isText(value: string): boolean {
  return (
    /^\p{L}/u.test(value) &&
    parseDecimal(value) === undefined &&
    !/^(true|false|none|null|nan|yes|no|on|off|auto|default|enabled|disabled)$/i.test(value)
  );
}

function partOf(key: string, value: string | undefined, texts: readonly string[]): string[] {
  if (value === undefined) return [];
  // `optimizer/lr` → `lr`
  return [texts.includes(key) ? value : `${key.split(/[./]/).at(-1) ?? key} ${value === '' ? '""' : value}`];
}
