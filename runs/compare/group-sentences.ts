// runs/compare/group-sentences.ts
// Purpose: what the groups of a comparison come to by its main metric, in words: which is better, by how much, or that nothing can be said.
// Why: two means side by side look like a winner; the page, its JSON and a decision say whether there is one.
// Relevant files: runs/compare/group-numbers.ts, runs/conclusions/sentences.ts, runs/compare/compare-json.ts, runs/compare/compare-routes.ts

import { plural } from '../../shared/format.ts';
import { holm } from '../../shared/stats/holm.ts';
import { leastRankP } from '../../shared/stats/mann-whitney.ts';
import type { Spread, Stats } from '../../shared/stats/moments.ts';
import { welchOf } from '../../shared/stats/welch.ts';
import { bestPlaces } from './best-places.ts';
import { ALPHA, areHuge, CONFIDENCE, verdictOf } from '../conclusions/comparison.ts';
import { correctedNote, sentenceOf, type Said } from '../conclusions/sentences.ts';
import type { GroupLine } from './group-numbers.ts';
import type { WholeGroup } from './whole-groups.ts';

interface Named {
  name: string;
  stats: Stats;
}

/**
 * By the first metric each group with one of them (`baseOf`); Welch, Holm over them. Empty for fewer than two groups.
 * `kept`: the place of the group that is the baseline, -1: none is.
 */
export function groupSentences(groups: readonly WholeGroup[], lines: readonly GroupLine[], kept: number): string[] {
  const [line] = lines;
  const named = groups.flatMap(({ label }, place): Named[] => {
    const stats = line?.stats[place];
    return stats ? [{ name: label, stats }] : [];
  });
  if (!line || groups.length < 2) return [];
  const [only, another] = named;
  if (!only) return [`No group has a finished run with a finite ${line.key}: nothing can be compared.`];
  if (!another)
    return [`By ${line.key} nothing can be compared: only ${only.name} has a finished run with a finite value.`];
  if (!areDisjoint(groups)) return ['Some runs are in several of these groups: no test is made of them.'];
  const at = baseOf(line, kept);
  const base = named.find(({ stats }) => stats === line.stats[at]);
  if (!base) return [];
  const others = named.filter((one) => one !== base);
  const tests = others.map(({ stats }) => welchOfStats(stats, base.stats));
  const corrected = holm(tests.map((test) => test?.p ?? null));
  const said = others.map((one, place): Said => {
    const p = corrected[place] ?? null;
    const n: [number, number] = [one.stats.n, base.stats.n];
    const difference = one.stats.mean - base.stats.mean;
    return {
      ...{
        label: `${one.name} against ${base.name}`,
        names: [one.name, base.name],
        where: '',
        n,
        digits: line.rule.digits,
        difference,
      },
      ...{
        welch: tests[place] ?? null,
        holm: p,
        seeds: null,
        few: leastRankP(...n) > ALPHA,
        isHuge: areHuge(one.stats, base.stats),
      },
      verdict: verdictOf(difference, p, line.rule.direction),
    };
  });
  return [...said.map((one) => `By ${line.key} ${sentenceOf(one)}`), ...correctedNote(said)];
}

/**
 * The place of the group that the others are compared with, as in the conclusions: the baseline, else the best mean of two values
 * or more (against a single run nothing can be said), else the first that has a value. -1: none has.
 */
function baseOf({ stats, rule }: GroupLine, kept: number): number {
  if (stats[kept]) return kept;
  const places = stats.flatMap((one, place) => (one && one.n >= 2 ? [place] : []));
  const [best] = bestPlaces(stats.map((one) => (one && one.n >= 2 ? one.mean : null)), rule.direction); // prettier-ignore
  return best ?? places[0] ?? stats.findIndex((one) => one !== null);
}

/** Whether any of them says what a test came to. */
export function areTested(sentences: readonly string[]): boolean {
  return sentences.some((sentence) => sentence.includes('Holm-corrected p'));
}

/** What `baseOf` took, in words. */
export function baseWords([line]: readonly GroupLine[], kept: number): string {
  if (!line || line.stats[kept]) return 'with the baseline';
  if (line.rule.direction === null) return 'with the first of two runs or more';
  const isPassed = line.best.some((place) => line.stats[place]?.n === 1);
  return `with the best mean${isPassed ? ' of two runs or more' : ''}`;
}

/** No run is in two of them: tests take that for granted. */
export function areDisjoint(groups: readonly WholeGroup[]): boolean {
  const seqs = groups.flatMap(({ runs, rest }) => [...runs.map(({ seq }) => seq), ...rest]);
  return new Set(seqs).size === seqs.length;
}

/** Null where nothing is known of the noise. */
export function welchOfStats(one: Stats, base: Stats): ReturnType<typeof welchOf> | null {
  if (one.std === null || base.std === null || (one.std === 0 && base.std === 0)) return null;
  return welchOf(one as Spread, base as Spread, CONFIDENCE);
}

/** Which members count in no mean: as the groups page and the conclusions leave them out. */
export function leftOutNotes(groups: readonly WholeGroup[], lines: readonly GroupLine[]): string[] {
  const [line] = lines;
  return groups.flatMap((group, place) => {
    const [unfinished, without] = [group.unfinished, line?.without[place] ?? 0];
    const parts = [
      ...(unfinished > 0 ? [`${plural(unfinished, 'run')} that did not finish`] : []),
      ...(line && without > 0 ? [`${plural(without, 'finished run')} without a finite ${line.key}`] : []),
    ];
    return parts.length === 0 ? [] : [`Left out of the numbers of ${group.name}: ${parts.join(', ')}.`];
  });
}
