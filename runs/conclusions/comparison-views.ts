// runs/conclusions/comparison-views.ts
// Purpose: comparisons as rows of the page: what is compared, figures as text, the picture of the interval, the verdict.
// Why: the table stays readable, and every exact double is in the title.
// Relevant files: runs/conclusions/conclusion-views.ts, runs/conclusions/figures.ts, runs/conclusions/forest.ts

import { formatCount, middle } from '../../shared/format.ts';
import type { RankTest } from '../../shared/stats/mann-whitney.ts';
import { Verdict, type Comparison, type Seeds } from './comparison.ts';
import { PairRule } from './pairs.ts';
import type { Conclusions } from './conclusions.ts';
import { decimalsFor, differenceText, figure, intervalText, pText, sizeText } from './figures.ts';
import { drawForest, type Drawn } from './forest.ts';
import { levelText, sentenceOf } from './sentences.ts';

/** More sentences than this are folded away. */
const SENTENCES_OPEN = 12;

export function showComparisons({ comparisons, rule, base, bases }: Conclusions): object {
  const other = rule === PairRule.Baseline ? bases.find(({ value }) => value === base)?.label : undefined;
  const drawn = drawForest(comparisons);
  return {
    against: other === undefined ? 'comparison' : `against ${middle(other, 60)}`,
    rows: comparisons.map((one, place) => showComparison(one, drawn[place])),
    tests: comparisons.map(showTests),
    seedsWords: seedsWords(comparisons),
    sentences: comparisons.map(sentenceOf),
    sentencesOpen: comparisons.length <= SENTENCES_OPEN,
  };
}

const TONES: Partial<Record<Verdict, string>> = { [Verdict.Better]: 'ok', [Verdict.Worse]: 'fail' };

function showComparison(comparison: Comparison, drawn: Drawn | undefined): unknown {
  const { label, short, n, digits, difference, welch, holm, rank, effect, verdict, few, seeds } = comparison;
  const isClaim = verdict !== Verdict.Unclear && verdict !== Verdict.None;
  return {
    label: middle(short, 90),
    title: label,
    n: n[0] === n[1] ? String(n[0]) : `${n[0]}, ${n[1]}`,
    difference: differenceText(comparison),
    exact: String(difference),
    arrow: difference > 0 ? '▲' : difference < 0 ? '▼' : '',
    tone: TONES[verdict] ?? 'plain',
    interval: welch ? intervalText(welch.low, welch.high, digits) : '–',
    intervalTitle: welch ? `${welch.low} to ${welch.high}` : 'no interval without two values in each group that vary',
    drawn,
    p: pText(welch?.p),
    pTitle: welch ? `p ${welch.p}, t ${welch.t}, df ${welch.df}` : '',
    holm: pText(holm),
    holmTitle: holm === null ? '' : String(holm),
    rank: pText(rank?.p),
    rankTitle: rankTitle(rank),
    effect: effect ? figure(effect.g, 2) : '–',
    effectRest: effect && effect.low !== null && effect.high !== null ? `${figure(effect.low, 2)} to ${figure(effect.high, 2)}` : '',
    verdict: isClaim && few ? `${verdict}, a hint` : verdict,
    seeds: seedsText(seeds, verdict),
    seedsTitle: seeds ? seedsTitle(seeds, comparison) : '',
  }; // prettier-ignore
}

function seedsText(seeds: Seeds | null, verdict: Verdict): string {
  if (!seeds || seeds.difference === 0) return '–';
  if (seeds.needed === null || !seeds.more) return '> 10,000';
  const more = Math.max(...seeds.more);
  if (isShort(seeds, verdict)) return 'more';
  return `${formatCount(seeds.needed)}${more === 0 ? '' : ` (+${formatCount(more)})`}`;
}

/** The formula says that there are enough, and yet the difference seen was not found: their number would mislead. */
function isShort({ isAsked, more }: Seeds, verdict: Verdict): boolean {
  return verdict === Verdict.Unclear && !isAsked && more !== null && Math.max(...more) === 0;
}

function seedsTitle(seeds: Seeds, { verdict, n }: Comparison): string {
  const said = `to find a difference of ${seeds.difference} with 80 % power at ${levelText(seeds)}`;
  return isShort(seeds, verdict)
    ? `${said}: ${seeds.needed} by the formula, which takes equal spreads for granted; ${sizeText(n)} did not do`
    : said;
}

/** What the column of seeds is of. */
function seedsWords(comparisons: readonly Comparison[]): string {
  const all = comparisons.flatMap(({ seeds, verdict }) => (seeds ? [{ seeds, verdict }] : []));
  const [first] = all;
  if (!first) return '';
  const short = all.some(({ seeds, verdict }) => isShort(seeds, verdict)) ? ' “More”: by it there are enough, but the groups spread unequally and were not told apart.' : ''; // prettier-ignore
  const holm = first.seeds.comparisons > 1 ? ', what Holm asks of the smallest p,' : '';
  return `Seeds needed: in each group, to find the difference ${first.seeds.isAsked ? 'asked for' : 'seen'} with 80 % power at ${levelText(first.seeds)}${holm} if both groups spread alike.${short}`; // prettier-ignore
}

function showTests({ label, short, digits, welch, bootstrap, paired, rank }: Comparison): unknown {
  const range = (ends: [number, number] | null | undefined): string => (ends ? intervalText(...ends, digits) : '–');
  const t = paired?.t;
  return {
    label: middle(short, 90),
    title: label,
    // Resamples of what never varies are all alike: that is no interval.
    percentile: range(welch ? bootstrap?.percentile : null),
    bca: range(bootstrap?.bca),
    rank: rank ? `${pText(rank.p)} ${rank.exact ? 'exact' : 'normal'}` : '–',
    rankTitle: rankTitle(rank),
    pairs: paired ? `${paired.values.length} by ${paired.by.join(', ')}` : 'do not pair',
    paired: t
      ? `${figure(t.difference, decimalsFor(t.low, t.high, digits))} (${intervalText(t.low, t.high, digits)})`
      : '–',
    pairedP: pText(t?.p),
    wilcoxon: paired?.rank ? `${pText(paired.rank.p)} ${paired.rank.exact ? 'exact' : 'normal'}` : '–',
    wilcoxonTitle: paired ? rankTitle(paired.rank) : '',
  };
}

function rankTitle(rank: RankTest | null): string {
  return rank ? `p ${rank.p}, statistic ${rank.statistic}, ${rank.exact ? 'exact' : 'normal approximation'}` : '';
}
