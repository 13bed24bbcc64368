// runs/groups/group-choices.ts
// Purpose: what the page of groups lets one choose: params to ignore or to group by, and a group as the baseline.
// Why: each choice is one click and a filter or key that can be kept.
// Relevant files: runs/groups/group-views.ts, runs/groups/group-forms.ts, runs/compare/baseline-words.ts

import { middle, plural } from '../../shared/format.ts';
import type { GroupsQuery } from '../page-schemas.ts';
import type { At } from '../table/table-views.ts';
import { canBeBaseline } from '../compare/baseline-words.ts';
import { shortLabel } from './group-text.ts';
import { filterOf } from './group-where.ts';
import type { Group, RunGroups } from './groups.ts';
import type { Context } from './group-row-views.ts';

/** Groups offered as the baseline: the first; any other by the API. */
const CHOICES_MAX = 20;

/** Params offered to be ignored or not; any other is named in the API. */
const REPEATS_MAX = 60;

/** Params that vary, and the one click that makes groups ignore them or differ by them. */
export function showRepeats({ repeats }: RunGroups, at: At): unknown {
  const shown = repeats.slice(0, REPEATS_MAX);
  return {
    ignored: shown.filter(({ isRepeat }) => isRepeat),
    counted: shown.filter(({ isRepeat }) => !isRepeat),
    said: repeats.some(({ said }) => said),
    more: repeats.length > shown.length ? `${plural(repeats.length - shown.length, 'more param')}` : '',
    back: at({ by: null, open: null }),
  };
}

/** The first groups of the table that can become the baseline, in its order. */
export function showChoices(
  data: RunGroups,
  { base, columns, query }: Pick<Context, 'base' | 'columns' | 'query'>,
): { where: string; label: string }[] {
  return data.groups.slice(0, CHOICES_MAX).flatMap((group) => {
    const where = base?.group === group && base.baseline.group ? null : baselineWhere(group, data, query);
    return where === null ? [] : [{ where, label: middle(shortLabel(group, data, columns), 80) }];
  });
}

/** The filter that a group is kept as; null where it cannot be a baseline. */
function baselineWhere(group: Group, data: RunGroups, query: GroupsQuery): string | null {
  const where = filterOf(group, data, query);
  return where !== null && canBeBaseline(where) ? where : null;
}
