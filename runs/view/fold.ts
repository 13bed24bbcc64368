// runs/view/fold.ts
// Purpose: keys with the same beginning (`model.layers`, `model.width`) as one group; of very many only some.
// Why: a nested configuration has hundreds of params; by its parts it can be read.
// Relevant files: runs/view/chooser-views.ts, runs/table/same-views.ts

/** Fewer of them are not worth a fold. */
const LEAST = 3;

export interface Fold<T> {
  /** `model.`; '' of those that stand for themselves. */
  prefix: string;
  items: T[];
}

/** Up to the first `.` or `/` within the key. */
function prefixOf(key: string): string {
  return /^[^./]+[./](?=.)/.exec(key)?.[0] ?? '';
}

/** Those that stand for themselves first, then the groups; each in the order of `items`. */
export function foldByPrefix<T extends { key: string }>(items: readonly T[]): Fold<T>[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const prefix = prefixOf(item.key);
    groups.set(prefix, [...(groups.get(prefix) ?? []), item]);
  }
  const isFolded = ({ key }: T): boolean => prefixOf(key) !== '' && (groups.get(prefixOf(key))?.length ?? 0) >= LEAST;
  const single = items.filter((item) => !isFolded(item));
  const folded = [...groups].filter(([prefix, some]) => prefix !== '' && some.length >= LEAST);
  return [
    ...(single.length > 0 ? [{ prefix: '', items: single }] : []),
    ...folded.map(([prefix, some]) => ({ prefix, items: some })),
  ];
}
