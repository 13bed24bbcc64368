// runs/compare/like-best.ts
// Purpose: of each metric the groups whose mean is not significantly worse than the best one's, and whether some have no test.
// Why: a table in a paper says by itself which of its differences may be noise.
// Relevant files: runs/compare/group-numbers.ts, runs/compare/compare-formats.ts, runs/conclusions/ranking.ts

import { holm } from '../../shared/stats/holm.ts';
import { ALPHA } from '../conclusions/comparison.ts';
import type { GroupLine } from './group-numbers.ts';
import { areDisjoint, welchOfStats } from './group-sentences.ts';
import type { WholeGroup } from './whole-groups.ts';

export interface LikeBest {
  /** Their places (0 …). */
  places: number[];
  /** There is a best mean, and of some group nothing can be said against it: not underlined, it would look significantly worse. */
  isUntested: boolean;
}

/** Of each of these lines; made once for a file, which marks by it and says what the marks are. */
export function likeBest(groups: readonly WholeGroup[], lines: readonly GroupLine[]): Map<GroupLine, LikeBest> {
  const isTestable = areDisjoint(groups);
  return new Map(lines.map((line) => [line, likeBestOf(line, isTestable)]));
}

/**
 * The groups with a Welch test against the best mean whose p, Holm-corrected over all such tests of the metric, is not below 5 %.
 * None without a best mean, where it is of one run (it has no test), and where groups share runs.
 */
function likeBestOf({ stats, best }: GroupLine, isTestable: boolean): LikeBest {
  const top = stats[best[0] ?? -1];
  if (!top) return { places: [], isUntested: false };
  if (!isTestable) return { places: [], isUntested: true };
  const tests = stats.map((one) => (one && one !== top ? welchOfStats(one, top) : null));
  const corrected = holm(tests.map((test) => test?.p ?? null));
  return {
    places: corrected.flatMap((p, place) => (p !== null && p >= ALPHA && !best.includes(place) ? [place] : [])),
    isUntested: stats.some((one, place) => one !== null && !tests[place] && !best.includes(place)),
  };
}
