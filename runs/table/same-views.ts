// runs/table/same-views.ts
// Purpose: what is equal in all runs, and which params differ without a column, as lines: short ones whole, long ones folded.
// Why: said once instead of in every row; a nested configuration of hundreds of keys stays a few lines.
// Relevant files: runs/table/table.ts, runs/view/fold.ts, runs/templates/_same.html

import { formatCount, formatNumber, middle } from '../../shared/format.ts';
import { foldByPrefix } from '../view/fold.ts';
import type { RunTable } from './table.ts';

export interface SameView {
  key: string;
  value: string;
  title: string;
}

export interface FoldView<T> {
  label: string;
  items: T[];
  /** `… and 9,900 more`; '' where all are there. */
  rest: string;
}

export interface FoldedLine<T> {
  items: T[];
  folds: FoldView<T>[];
}

/** So many are read in a line; of more, nested ones are folded. */
const LINE_MAX = 24;
/** In one fold; the chooser of columns finds the others. */
const FOLD_MAX = 20;
const FOLDS_MAX = 20;

/** `epochs 15`: what is equal in all runs, shortened. */
export function showSame(table: RunTable): FoldedLine<SameView> {
  const params = table.sameParams.map(({ key, least, runs }) => ({
    key,
    value: middle(least, 32),
    title: `${least.slice(0, 500)} · set in ${runs} runs`,
  }));
  const tags = table.sameTags.map(({ key, value }) => ({
    key,
    value: middle(value, 32),
    title: `tag ${key}=${value}`.slice(0, 500),
  }));
  return folded([
    ...params,
    ...tags.filter((tag) => !params.some(({ key, value }) => key === tag.key && value === tag.value)),
  ]);
}

/** `test/size 359`: metrics that all runs ended with alike. */
export function showConstant({ constantMetrics }: RunTable): FoldedLine<SameView> {
  return folded(
    constantMetrics.map(({ key, min }) => ({ key, value: formatNumber(min ?? NaN), title: `${key} = ${min}` })),
  );
}

/** `layers (3)`: params that differ and are no column. */
export function showMore(table: RunTable): FoldedLine<{ key: string; values: number }> {
  return folded(table.moreParams.map(({ key, values }) => ({ key, values })));
}

function folded<T extends { key: string }>(all: T[]): FoldedLine<T> {
  if (all.length <= LINE_MAX) return { items: all, folds: [] };
  const folds = foldByPrefix(all);
  const single = folds.find(({ prefix }) => prefix === '')?.items ?? [];
  const nested = folds.filter(({ prefix }) => prefix !== '');
  const others = nested.slice(FOLDS_MAX).flatMap(({ items }) => items);
  return {
    items: single.slice(0, LINE_MAX),
    folds: [
      ...nested.slice(0, FOLDS_MAX).map(({ prefix, items }) => foldView(prefix, items)),
      ...[[...single.slice(LINE_MAX), ...others]].filter(({ length }) => length > 0).map((items) => foldView('others', items)),
    ],
  }; // prettier-ignore
}

function foldView<T>(label: string, items: T[]): FoldView<T> {
  const rest = items.length - FOLD_MAX;
  return {
    label: `${middle(label, 40)} (${formatCount(items.length)})`,
    items: items.slice(0, FOLD_MAX),
    rest: rest > 0 ? `… and ${formatCount(rest)} more` : '',
  };
}
