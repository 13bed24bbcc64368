// runs/table/shown-columns.ts
// Purpose: which columns a run table shows of those it has, and which of them are numbers.
// Why: heads and rows must agree on it.
// Relevant files: runs/table/head-views.ts, runs/table/row-views.ts, runs/table/table.ts

import { parseDecimal } from '../../shared/cells.ts';
import type { Column } from '../view/columns.ts';
import { isSystemTag, type RunTable } from './table.ts';

/** Where nobody has chosen columns, that of tags is there when a run shown has some. */
export function shownColumns(table: RunTable): Column[] {
  const isTagged = table.rows.some((row) => row.tags.some(isTellingIn(table)));
  return table.columns.filter(({ field }) => table.isChosen || field !== 'tags' || isTagged);
}

export function isTellingIn({ sameTags }: RunTable): (tag: { key: string }) => boolean {
  const same = new Set(sameTags.map(({ key }) => key));
  return (tag) => !isSystemTag(tag) && !same.has(tag.key);
}

/** Params of which every shown value is a number: their column is aligned to the right. */
export function numericParams({ rows, paramColumns }: RunTable): Set<string> {
  const isNumeric = (key: string): boolean =>
    rows.every(({ params }) => !params.has(key) || parseDecimal(params.get(key) ?? '') !== undefined);
  return new Set(paramColumns.map(({ key }) => key).filter(isNumeric));
}
