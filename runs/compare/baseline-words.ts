// runs/compare/baseline-words.ts
// Purpose: a group that is a baseline in words: `optimizer adam · lr 0.1 (3 runs)` for its filter.
// Why: a filter made by a table of groups is for machines; pages, messages and menus name the group in the same way.
// Relevant files: runs/compare/baseline-queries.ts, runs/groups/group-views.ts

import { middle, plural } from '../../shared/format.ts';
import { isTimed } from '../query/where.ts';
import { valueWords } from '../groups/group-text.ts';
import type { RunGroup } from './selection.ts';

const TEST = /^(?:(?:params|tags)\."((?:[^"]|"")+)"|(parent)) (?:= "((?:[^"]|"")*)"|is (null))$/;

/** Filters that are no plain list of values stay as they are written. */
export function filterWords(where: string): string {
  const tests = where.split(/ and (?=(?:[^"]*"[^"]*")*[^"]*$)/).map((test) => TEST.exec(test));
  if (!tests.every((test) => test !== null)) return where;
  const plain = (text = ''): string => text.replaceAll('""', '"');
  return tests
    .map(([, key, parent, value, missing]) =>
      valueWords(plain(key ?? parent), missing === undefined ? plain(value) : null),
    )
    .join(' · ');
}

/** All runs are no configuration, and what moves with time is another group tomorrow. */
export function canBeBaseline(where: string): boolean {
  return where.trim() !== '' && !isTimed(where);
}

export function groupWords({ where, total }: Pick<RunGroup, 'where' | 'total'>, length = 80): string {
  return `${middle(filterWords(where), length)} (${plural(total, 'run')})`;
}

/** Where the filter of the baseline finds nothing any more; else ''. */
export function goneWords({ where, total }: Pick<RunGroup, 'where' | 'total'>): string {
  return total > 0 ? '' : `The baseline group ${middle(filterWords(where), 80)} has no runs any more.`;
}
