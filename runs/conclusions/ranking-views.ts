// runs/conclusions/ranking-views.ts
// Purpose: the ranking as its table shows it: letters, ranks left open, chances, and what to make of them.
// Why: what the data do not tell apart is seen at once; every exact double is in the title.
// Relevant files: runs/conclusions/ranking.ts, runs/conclusions/conclusion-views.ts, runs/templates/conclusions.html

import { formatCount, plural } from '../../shared/format.ts';
import { deviation, meanText } from '../groups/group-text.ts';
import type { Conclusions } from './conclusions.ts';
import { rankText, shareText } from './figures.ts';
import type { Ranked } from './ranking.ts';
import type { Sample } from './samples.ts';

/** From here on a bootstrap sees enough values to be believed. */
const BOOTSTRAP_MIN = 10;

/** `0.9753 ± 0.0028 (n = 3)` */
export function valueText({ stats, digits }: Sample): string {
  return `${meanText(stats, digits)}${stats.std === null ? '' : ` ± ${deviation(stats, digits)}`} (n = ${stats.n})`;
}

/** `baseLink`: the page with this group as the base. */
export function showRanking({ ranking, tested, comparisons }: Conclusions, baseLink: (name: string) => string): object {
  return {
    ranking: ranking.map((one) => showRanked(one, baseLink)),
    hasRanks: ranking.length > 1 && ranking.some(({ rank }) => rank !== null),
    rankWords: rankWords(tested, comparisons.length),
    fewWords: fewWords(ranking),
  };
}

function showRanked({ sample, rank, rankTo, letters, chance, resampled }: Ranked, baseLink: (name: string) => string): unknown {
  const untold = 'of a single value nothing is known of the noise';
  return {
    ...{ label: sample.label, value: valueText(sample) },
    ...{ rank: rankText(rank, rankTo), letters: letters ?? '–' },
    ...{ chance: chance === null ? '–' : shareText(chance), chanceTitle: chance === null ? untold : String(chance) },
    ...{ resampled: resampled === null ? '–' : shareText(resampled), resampledTitle: resampled === null ? untold : String(resampled) },
    compare: baseLink(sample.name),
  };
} // prettier-ignore

function rankWords(tested: number, shown: number): string {
  const asked = tested > shown && shown > 0 ? ` More is asked of each than of the ${plural(shown, 'comparison')} above, so some that differ there need not differ here: the best was picked by looking at all.` : ''; // prettier-ignore
  return `Groups that share a letter cannot be told apart; a rank is what that leaves open, from 1 + the groups significantly better to all but those significantly worse (Welch${tested > 1 ? `, ${formatCount(tested)} pairs tested at once, Holm-corrected` : ''}).${asked}`;
}

/** The resamples of few values are all alike: said where both chances are shown. */
function fewWords(ranking: readonly Ranked[]): string {
  const sizes = ranking.flatMap(({ sample: { stats }, rank }) => (rank === null ? [] : [stats.n]));
  const least = Math.min(...sizes);
  if (sizes.length === 0 || least >= BOOTSTRAP_MIN) return '';
  return `With n = ${formatCount(least)} trust the chance of being best, not the share of resamples: a bootstrap only ever draws the same ${formatCount(least)} values again and understates the noise; the chance takes into account how little they say of it.`;
}
