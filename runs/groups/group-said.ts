// runs/groups/group-said.ts
// Purpose: what is said around the table of groups: the best group, how many runs count and which do not, params that some lack.
// Why: the answer first, and nothing left out in silence.
// Relevant files: runs/groups/group-views.ts, runs/groups/group-text.ts

import { middle, plural } from '../../shared/format.ts';
import { deviation, labelOf, meanText } from './group-text.ts';
import type { Group, RunGroups } from './groups.ts';
import type { Columns } from './group-columns.ts';

/** Params of the best group in the sentence above the table, which has all of them. */
const LEAD_PARAMS = 8;

/** Params named that some runs lack. */
const LACKED_MAX = 8;

/** `k 1`, the same in all runs that have it, and how many lack it: why there is no column of it. */
export function showLacked({ lacked }: RunGroups): { params: string[]; more: string; text: string } | null {
  const most = Math.max(0, ...lacked.map(({ runs }) => runs));
  if (most === 0) return null;
  const isOne = lacked.length === 1;
  const alike = lacked.every(({ runs }) => runs === most);
  return {
    params: lacked.slice(0, LACKED_MAX).map(({ key, value }) => `${middle(key, 40)} ${middle(value, 32)}`),
    more: lacked.length > LACKED_MAX ? `and ${plural(lacked.length - LACKED_MAX, 'more param')}` : '',
    text: `${isOne ? 'is' : 'are'} the same in all runs that have ${isOne ? 'it' : 'them'}; ${alike ? '' : 'up to '}${plural(most, 'run')} ${most === 1 ? 'lacks' : 'lack'} ${isOne ? 'it' : 'them'}`,
  };
}

export function showLead(data: RunGroups, ranks: Map<Group, number>, columns: Columns): unknown {
  // Ranks of one group only are no contest; of several that share the first one is named.
  const [best] = [...ranks].find(([, rank]) => rank === 1 && ranks.size > 1) ?? [];
  const stats = best?.metrics.get(data.main ?? '')?.stats;
  if (!best || !stats) return null;
  const digits = data.metrics.find(({ key }) => key === data.main)?.digits ?? null;
  const first = [...ranks.values()].filter((rank) => rank === 1).length;
  return {
    key: data.main,
    shared: first > 1 ? plural(first, 'group') : '',
    label: labelOf(best, data, { shown: columns.shown.slice(0, LEAD_PARAMS) }),
    more: columns.shown.length > LEAD_PARAMS ? plural(columns.shown.length - LEAD_PARAMS, 'more param') : '',
    value: `${meanText(stats, digits)}${stats.std === null ? '' : ` ± ${deviation(stats, digits)}`} (${stats.n})`,
  };
}

export function showSummary(data: RunGroups, shown: number): string {
  const { groups: valued, valueless, runs, main } = data;
  const groups = [...valued, ...valueless];
  const unfinished = groups.reduce((sum, group) => sum + group.unfinished, 0);
  const lost = groups.reduce((sum, { metrics }) => sum + (main === null ? 0 : (metrics.get(main)?.without ?? 0)), 0);
  return [
    `${plural(groups.length, 'group')} of ${plural(runs, 'run')}`,
    ...(valued.length > shown ? [`the first ${shown} are shown, all are in the files`] : []),
    ...(unfinished > 0 ? [`${plural(unfinished, 'run')} that did not finish left out of all values`] : []),
    ...(lost > 0 ? [`${plural(lost, 'run')} without a finite ${main} left out`] : []),
  ].join('; ');
}
