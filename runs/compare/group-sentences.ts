// runs/compare/group-sentences.ts
// Purpose: what the groups of a comparison come to by its main metric, in words: which is better, by how much, or that nothing can be said.
// Why: two means side by side look like a winner; the page, its JSON and a decision say whether there is one.
// Relevant files: runs/compare/group-numbers.ts, runs/conclusions/sentences.ts, runs/compare/compare-json.ts, runs/compare/compare-routes.ts

import { plural } from '../../shared/format.ts';
import { holm } from '../../shared/stats/holm.ts';
import { leastRankP } from '../../shared/stats/mann-whitney.ts';
import type { Spread, Stats } from '../../shared/stats/moments.ts';
import { welchOf } from '../../shared/stats/welch.ts';
import { ALPHA, CONFIDENCE, verdictOf } from '../conclusions/comparison.ts';
import { correctedNote, sentenceOf, type Said } from '../conclusions/sentences.ts';
import type { DrawnGroup } from '../curves/group-curves.ts';
import { unfinishedOf, type GroupLine } from './group-numbers.ts';

interface Named {
  name: string;
  stats: Stats;
}

/** Each with the best mean, or with the first where no way is better; Welch, Holm over them. Empty for fewer than two groups with values. */
export function groupSentences(groups: readonly DrawnGroup[], lines: readonly GroupLine[]): string[] {
  const [line] = lines;
  const named = groups.flatMap(({ name }, place): Named[] => {
    const stats = line?.stats[place];
    return stats ? [{ name: name.replace(/ \([\d,]+\)$/, ''), stats }] : [];
  });
  if (!line || named.length < 2) return [];
  const ids = groups.flatMap(({ runs }) => runs.map(({ id }) => id));
  if (new Set(ids).size < ids.length) return ['Some runs are in several of these groups: no test is made of them.'];
  const best = line.stats[line.best[0] ?? -1];
  const base = named.find(({ stats }) => stats === best) ?? named[0];
  if (!base) return [];
  const others = named.filter((one) => one !== base);
  const tests = others.map(({ stats }) => testOf(stats, base.stats));
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
      ...{ welch: tests[place] ?? null, holm: p, seeds: null, few: leastRankP(...n) > ALPHA },
      verdict: verdictOf(difference, p, line.rule.direction),
    };
  });
  return [...said.map((one) => `By ${line.key} ${sentenceOf(one)}`), ...correctedNote(said)];
}

/** Null where nothing is known of the noise. */
function testOf(one: Stats, base: Stats): ReturnType<typeof welchOf> | null {
  if (one.std === null || base.std === null || (one.std === 0 && base.std === 0)) return null;
  return welchOf(one as Spread, base as Spread, CONFIDENCE);
}

/** Which members count in no mean: as the groups page and the conclusions leave them out. */
export function leftOutNotes(groups: readonly DrawnGroup[], lines: readonly GroupLine[]): string[] {
  const [line] = lines;
  return groups.flatMap((group, place) => {
    const [unfinished, without] = [unfinishedOf(group), line?.without[place] ?? 0];
    const parts = [
      ...(unfinished > 0 ? [`${plural(unfinished, 'run')} that did not finish`] : []),
      ...(line && without > 0 ? [`${plural(without, 'finished run')} without a finite ${line.key}`] : []),
    ];
    return parts.length === 0 ? [] : [`Left out of the numbers of ${group.name}: ${parts.join(', ')}.`];
  });
}
