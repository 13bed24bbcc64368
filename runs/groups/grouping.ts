// runs/groups/grouping.ts
// Purpose: which runs are equal in all of some columns: each gets the number of its group, column by column.
// Why: pure arithmetic on codes: thirty columns of 100,000 runs are some tens of milliseconds.
// Relevant files: runs/text-column.ts, runs/groups/groups.ts, tests/runs/grouping.test.ts

import type { TextColumn } from '../text-column.ts';

export interface Grouping {
  /** Groups, numbered as they first occur. */
  count: number;
  /** By the place among the members. */
  groupOf: Uint32Array;
  /** Members group by group, in their order; those of group g from `starts[g]` to `starts[g + 1]`. */
  members: Uint32Array;
  starts: Uint32Array;
}

/** Pairs of a group and a code that are looked up in an array of so many numbers at most; more of them in a map. */
const TABLE_MAX = 1 << 20;

/** `places`: where the members stand in the columns. */
export function grouping(columns: readonly TextColumn[], places: Int32Array): Grouping {
  const groupOf = new Uint32Array(places.length);
  let count = Math.min(1, places.length);
  // Groups become only finer: as many as members, and no column can part any.
  for (const column of columns) if (count < places.length) count = refine(groupOf, count, column, places);
  const starts = new Uint32Array(count + 1);
  for (const group of groupOf) starts[group + 1] = (starts[group + 1] ?? 0) + 1;
  for (let group = 0; group < count; group += 1) starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0);
  const next = starts.slice();
  const members = new Uint32Array(places.length);
  for (let member = 0; member < places.length; member += 1) {
    const group = groupOf[member] ?? 0;
    const at = next[group] ?? 0;
    members[at] = member;
    next[group] = at + 1;
  }
  return { count, groupOf, members, starts };
}

/** Parts each group by the codes of one more column, in place; returns how many groups there are then. */
export function refine(
  groupOf: Uint32Array,
  count: number,
  { codes, dictionary }: TextColumn,
  places: Int32Array,
): number {
  const { size } = dictionary;
  const table = count * size <= TABLE_MAX ? new Uint32Array(count * size) : null;
  const map = table ? null : new Map<number, number>();
  let found = 0;
  for (let member = 0; member < places.length; member += 1) {
    const pair = (groupOf[member] ?? 0) * size + (codes[places[member] ?? 0] ?? 0);
    // One more than the group's number: 0 is a pair that has not been met.
    let known = table ? table[pair] : map?.get(pair);
    if (!known) {
      found += 1;
      known = found;
      if (table) table[pair] = known;
      else map?.set(pair, known);
    }
    groupOf[member] = known - 1;
  }
  return found;
}
