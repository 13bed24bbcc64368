// runs/compare/like-best.ts
// Purpose: of each metric the groups whose mean is not significantly worse than the best one's.
// Why: a table in a paper says by itself which of its differences may be noise.
// Relevant files: runs/compare/group-numbers.ts, runs/compare/compare-formats.ts, runs/conclusions/ranking.ts

import { holm } from '../../shared/stats/holm.ts';
import { ALPHA } from '../conclusions/comparison.ts';
import type { GroupLine } from './group-numbers.ts';
import { areDisjoint, welchOfStats } from './group-sentences.ts';
import type { WholeGroup } from './whole-groups.ts';

/**
 * Places (0 …) of the groups with a Welch test against the best mean whose p, Holm-corrected over all such tests of the metric, is not
 * below 5 %. Empty without a best mean, where it is of one run (it has no test), and where groups share runs.
 */
export function likeBest(groups: readonly WholeGroup[], { stats, best }: GroupLine): number[] {
  const [first] = best;
  const top = stats[first ?? -1];
  if (!top || top.n < 2 || !areDisjoint(groups)) return [];
  const tests = stats.map((one) => (one && one !== top ? welchOfStats(one, top) : null));
  const corrected = holm(tests.map((test) => test?.p ?? null));
  return corrected.flatMap((p, place) => (p !== null && p >= ALPHA && !best.includes(place) ? [place] : []));
}
