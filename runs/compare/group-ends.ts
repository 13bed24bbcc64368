// runs/compare/group-ends.ts
// Purpose: what the groups of a comparison end with, as its table: mean ± standard deviation (n) of each metric.
// Why: groups stand beside runs; their own page and the conclusions have more.
// Relevant files: runs/compare/group-numbers.ts, runs/compare/selection.ts, runs/compare/compare-routes.ts

import { Direction } from '../metric-rules.ts';
import { deviation, meanText } from '../groups/group-text.ts';
import { headWords, valuesWords } from '../rules/rule-text.ts';
import type { GroupKey } from './curve-choices.ts';
import { deltaFrom, type DeltaBase } from './delta-base.ts';
import type { DeltaView } from './delta.ts';
import type { GroupLine } from './group-numbers.ts';
import { areTested, baseWords, groupSentences, leftOutNotes } from './group-sentences.ts';
import type { WholeGroup } from './whole-groups.ts';

/** Metrics in the table. */
const METRICS = 20;

export interface GroupEnds {
  heads: { id: string; number: number; name: string; title: string; href: string; isBaseline: boolean }[];
  rows: { key: string; note: string; cells: { text: string; rest: string; mark: string; delta: DeltaView | null }[] }[];
  keys: GroupKey[];
  sentences: string[];
  /** What each group is compared with in them; empty where no test could be made. */
  against: string;
  /** Which value of each run counts, in words. */
  values: string;
  /** What counts in no mean. */
  left: string[];
}

/** Null without groups. */
export function groupEnds(groups: readonly WholeGroup[], all: readonly GroupLine[], base: DeltaBase): GroupEnds | null {
  if (groups.length === 0) return null;
  const lines = all.slice(0, METRICS);
  const sentences = groupSentences(groups, all, base.group);
  return {
    heads: groups.map(({ id, number, name, title = name, href = '' }, place) => ({
      id,
      number,
      name,
      title,
      href,
      isBaseline: place === base.group,
    })),
    rows: lines.map((line) => ({
      key: line.key,
      note: line.isMixed ? 'last, rules differ' : headWords({ ...line.rule, direction: null }),
      cells: cellsOf(line, base),
    })),
    keys: lines.map(({ key, stats }) => ({ key, groups: stats.filter((one) => one !== null).length })),
    sentences,
    against: areTested(sentences) ? baseWords(all, base.group) : '',
    values: valuesWords(lines.map(({ rule }) => rule)),
    left: leftOutNotes(groups, all),
  };
}

function cellsOf(line: GroupLine, base: DeltaBase): GroupEnds['rows'][number]['cells'] {
  const { rule, stats, best } = line;
  return stats.map((one, place) => ({
    // As the groups page writes it: the same mean must not look like two.
    text: one ? meanText(one, rule.digits) : '–',
    rest: one ? `${one.std === null ? '' : `± ${deviation(one, rule.digits)} `}(${one.n})` : '',
    mark: best.includes(place) ? (rule.direction === Direction.Min ? 'dn best' : 'best') : '',
    delta: place === base.group ? null : deltaFrom(base, line, one?.mean ?? null),
  }));
}
