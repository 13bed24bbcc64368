// runs/table/tree-views.ts
// Purpose: how deep a row of a tree stands, what folds it, and what is said of children that are not shown.
// Why: everything is a link, so that a tree folds without scripts and its address says how it stands.
// Relevant files: runs/table/tree-queries.ts, runs/templates/_table.html, runs/table/experiment-views.ts

import { formatCount } from '../../shared/format.ts';
import type { TableQuery } from '../page-schemas.ts';
import type { At } from './table-views.ts';
import type { TreeMark } from './tree-queries.ts';

export interface TreeMarkView {
  /** '' at the top; `d1` … `d8`. */
  indent: string;
  level: string;
  fold: { href: string; sign: string; label: string } | null;
  more: { text: string; href: string } | null;
}

export function showTreeMark(
  query: TableQuery,
  run: { id: string; name: string },
  { depth, below, shown, isFolded }: TreeMark,
  at: At,
): TreeMarkView {
  const fold = query.fold ?? [];
  const page = query.page === 1 ? null : query.page;
  const change = isFolded ? fold.filter((id) => id !== run.id) : [...fold, run.id];
  const isFoldable = isFolded || (shown > 0 && change.length <= 100);
  const children = below === 1 ? '1 child' : `${formatCount(below)} children`;
  const list = at({ tree: null, fold: null, page: null, where: `parent = "${run.id}"` });
  return {
    indent: depth === 0 ? '' : `d${Math.min(depth, 8)}`,
    level: depth === 0 ? '' : `level ${depth + 1}`,
    fold: below > 0 && isFoldable
      ? { href: at({ fold: change, page }), sign: isFolded ? '▸' : '▾', label: `${isFolded ? 'Unfold' : 'Fold'} ${run.name}` }
      : null,
    more: below > shown ? { text: shown === 0 ? children : `${formatCount(shown)} of ${children}`, href: list } : null,
  }; // prettier-ignore
}

/** The line above a table that can be a tree, or is one. */
export function showTreeLine(
  query: TableQuery,
  isThere: boolean,
  isTree: boolean,
  at: At,
): { text: string; href: string; label: string } | null {
  if (isTree)
    return {
      text: 'Children stand below their parents.',
      href: at({ tree: null, fold: null, page: null }),
      label: 'Show all in one list',
    };
  if (!isThere) return null;
  return {
    text: 'Some of these runs have parents.',
    href: at({ tree: '1', page: null }),
    label: 'Show them as a tree',
  };
}

/** What the last line of a tree counts. */
export function topText(listed: number): string {
  return listed === 1 ? 'run at the top, with what is below it' : 'runs at the top, with what is below them';
}
