// runs/conclusions/lead.ts
// Purpose: the first sentences of the page: what the comparisons come to, which mean is the best, and how sure that is.
// Why: the answer is read before any table, and names each group once.
// Relevant files: runs/conclusions/sentences.ts, runs/conclusions/ranking.ts, runs/conclusions/conclusion-views.ts

import { formatCount, plural } from '../../shared/format.ts';
import { PairRule } from './pairs.ts';
import type { Conclusions } from './conclusions.ts';
import { shareText } from './figures.ts';
import type { Sample } from './samples.ts';
import { countedOf, passedOverText, wholeOf } from './sentences.ts';

/** `valueOf`: `0.9753 ± 0.0028 (n = 3)` */
export function leadOf(conclusions: Conclusions, valueOf: (sample: Sample) => string): string {
  const { ranking, metric, rule, base, comparisons, samples, passedOver } = conclusions;
  const best = ranking.find(({ isBest }) => isBest);
  if (!best || ranking.length < 2) return wholeOf(conclusions);
  const sharing = ranking.filter(({ isBest }) => isBest).length;
  const said = `${best.sample.label}, ${valueOf(best.sample)}${sharing > 1 ? ` (shared by ${plural(sharing, 'group')})` : ''}`;
  const sure = surenessOf(conclusions);
  if (rule === PairRule.Baseline && base === best.sample.name && comparisons.length > 1)
    return `By ${metric} the best mean is ${said}. Against it the others are ${countedOf(comparisons)}. ${sure}`.trim();
  const used = samples.find(({ name }) => name === base);
  if (used && passedOver.length > 0 && comparisons.length > 1)
    return `By ${metric} the best mean of two runs or more is ${used.label}, ${valueOf(used)}. Against it the others are ${countedOf(comparisons)}.${passedOverText(conclusions, valueOf)}`;
  return `${wholeOf(conclusions)} Best mean: ${said}. ${sure}`.trim();
}

/** Of the best mean: from how many it cannot be told apart when all pairs are tested, and its chance. */
function surenessOf({ ranking, tested }: Conclusions): string {
  const best = ranking.find(({ isBest }) => isBest);
  const others = ranking.filter(({ rank }) => rank !== null).length - 1;
  if (!best || best.rank === null || best.chance === null || others < 1) return '';
  const chance = `the chance that its true mean is the best is ${shareText(best.chance)}`;
  if (tested < 2) return `If values are normally distributed, ${chance}.`;
  const alike = ranking.filter(({ isLikeBest, isTested }) => isLikeBest && isTested).length;
  const untested = others - ranking.filter(({ isTested }) => isTested).length;
  const held = others - untested;
  const apart = [
    ...(held > 0 && alike === 0 ? [`it stands apart from ${untested > 0 ? formatCount(held) : held === 1 ? 'the other' : `all ${formatCount(held)} others`}`] : []),
    ...(alike > 0 ? [`it cannot be told apart from ${formatCount(alike)} of ${plural(others, 'other')}`] : []),
    ...(untested > 0 ? [`nothing can be said of it and ${formatCount(untested)} of ${plural(others, 'other')}, as neither varies`] : []),
  ].join(', '); // prettier-ignore
  return `All ${formatCount(tested)} pairs${untested > 0 ? ' with a test' : ''} tested at once, ${apart}; if values are normally distributed, ${chance}.`;
}
