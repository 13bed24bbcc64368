// runs/conclusions/sentences.ts
// Purpose: what comparisons say, in plain words: one sentence each, one for all, and what to beware of.
// Why: a reader wants the answer; also when the answer is that nothing can be said.
// Relevant files: runs/conclusions/comparison.ts, runs/conclusions/figures.ts, tests/runs/conclusions.test.ts

import { formatCount, plural } from '../../shared/format.ts';
import { EXACT_MAX, leastRankP } from '../../shared/stats/mann-whitney.ts';
import { SEEDS_MAX } from '../../shared/stats/power.ts';
import { Direction } from '../metric-rules.ts';
import { ALPHA, Verdict, type Comparison } from './comparison.ts';
import type { Conclusions } from './conclusions.ts';
import { PairRule } from './pairs.ts';
import {
  decimalsBeside,
  decimalsFor,
  differenceText,
  figure,
  intervalText,
  pPhrase,
  pText,
  sizeText,
} from './figures.ts';
import { COMPARED_MAX, EACH_OTHER } from './pairs.ts';
import { RANKED_MAX } from './ranking.ts';

/** What a sentence is made of. */
export type Said = Pick<
  Comparison,
  | 'label'
  | 'names'
  | 'where'
  | 'n'
  | 'digits'
  | 'difference'
  | 'welch'
  | 'holm'
  | 'seeds'
  | 'few'
  | 'isHuge'
  | 'verdict'
>;

export function sentenceOf(comparison: Said): string {
  const { names, where, verdict, welch } = comparison;
  const at = where === '' ? '' : ` ${where}`;
  if (verdict === Verdict.None || !welch) return withoutTest(comparison, at);
  if (verdict === Verdict.Unclear) return unclear(comparison, at);
  const sign = comparison.difference < 0 ? -1 : 1;
  const [low, high] = sign < 0 ? [-welch.high, -welch.low] : [welch.low, welch.high];
  const by = figure(Math.abs(comparison.difference), decimalsFor(low, high, comparison.digits));
  const few = comparison.few ? ` With ${sizeText(comparison.n)} this holds only if the values are normally distributed: a hint, no proof.` : ''; // prettier-ignore
  return `${names[0]} is ${verdict} than ${names[1]}${at} by ${by} (95 % CI ${intervalText(low, high, comparison.digits)}; ${proof(comparison)}).${few}`;
}

function proof({ holm, n }: Said): string {
  return `Holm-corrected ${pPhrase(holm)}; ${sizeText(n)}`;
}

function unclear(comparison: Said, at: string): string {
  const { names, welch, few, n } = comparison;
  const interval = welch ? intervalText(welch.low, welch.high, comparison.digits) : '';
  const claim = few ? ` With ${sizeText(n)} no claim can be made either way.` : '';
  return `${names[0]} and ${names[1]} cannot be told apart${at}: difference ${differenceText(comparison)} (95 % CI ${interval}; ${proof(comparison)}).${claim}${seedsPhrase(comparison)}`;
}

function seedsPhrase({ seeds, ...comparison }: Said): string {
  if (!seeds || seeds.difference === 0) return '';
  const short = figure(seeds.difference, decimalsBeside(seeds.difference, comparison));
  // The decimals of a wide interval may round it to nothing, which nobody looks for.
  const difference = Number(short) === 0 ? figure(seeds.difference, null) : short;
  if (seeds.needed === null || !seeds.more)
    return ` A difference of ${difference} would need more than ${formatCount(SEEDS_MAX)} seeds each.`;
  const more = Math.max(...seeds.more);
  if (more === 0 && seeds.isAsked) return '';
  if (more === 0) return ` More seeds are needed: ${sizeText(comparison.n)} would be enough by the formula, but that takes equal spreads for granted.`; // prettier-ignore
  return ` To find a difference of ${difference} with 80 % power at ${levelText(seeds)} each needs ${plural(seeds.needed, 'seed')}: ${formatCount(more)} more.`;
}

function withoutTest(comparison: Said, at: string): string {
  const { label, names, n, isHuge } = comparison;
  const what = at === '' ? `${names[0]} against ${names[1]}` : label;
  const why =
    Math.min(...n) < 2
      ? `with ${sizeText(n)} no claim can be made: a test needs two finished runs in each group.`
      : `no claim can be made: ${isHuge ? 'such values are too large to be counted with' : 'neither group varies, so nothing is known of the noise'}.`;
  return `${what}: difference ${differenceText(comparison)}; ${why}`;
}

/** At which level seeds are counted: what Holm asks of the smallest p. */
export function levelText({ comparisons }: { comparisons: number }): string {
  return comparisons === 1 ? 'level 5 %' : `level ${figure(ALPHA / comparisons, null)} (5 % / ${plural(comparisons, 'comparison')})`; // prettier-ignore
}

/** What all comparisons together say. */
export function wholeOf(conclusions: Conclusions): string {
  const { metric, samples, comparisons } = conclusions;
  if (metric === null) return 'There is no metric to compare by: choose one, or log one first.';
  if (samples.length === 0) return `No finished run has a finite value of ${metric}.`;
  if (samples.length === 1) return `One group only has values of ${metric}: there is nothing to compare it with.`;
  if (comparisons.length === 0) return 'No two groups differ in that alone: there is nothing to compare.';
  const [only, ...others] = comparisons;
  if (only && others.length === 0) return `By ${metric} ${sentenceOf(only)}${passedOverText(conclusions)}`;
  return `By ${metric} ${subject(conclusions)} ${countedOf(comparisons)}.${passedOverText(conclusions)}`;
}

/** Why the best mean is not what the others are compared with. `valueOf`: what to say of it besides its name. */
export function passedOverText(
  { passedOver, direction }: Conclusions,
  valueOf?: (sample: Conclusions['samples'][number]) => string,
): string {
  const [best, ...others] = passedOver;
  if (!best || direction === null) return '';
  const name = valueOf ? `${best.label}, ${valueOf(best)},` : best.label;
  const mean = `a ${direction === Direction.Max ? 'higher' : 'lower'} mean, but only one run`;
  if (others.length === 0) return ` ${name} has ${mean}: nothing can be tested against it.`;
  return ` ${name} and ${plural(others.length, 'more group')} have ${mean} each: nothing can be tested against them.`;
}

/** `adam against sgd is`, `against the baseline adam · lr 0.01 the others are`, `of all pairs the first is` */
function subject({ comparisons, rule, base, bases, isKept }: Conclusions): string {
  const label = bases.find(({ value }) => value === base)?.label;
  if (label === undefined || base === EACH_OTHER) return 'the first of two groups is';
  const own = rule === PairRule.Baseline ? 'the baseline ' : 'the baseline’s ';
  const other = isKept ? own + label : label;
  const names = new Set(comparisons.map(({ names: [one] }) => one));
  return names.size === 1 && rule !== PairRule.Baseline ? `${[...names][0]} against ${other} is` : `against ${other} the others are`; // prettier-ignore
}

/** `better in 2 of 4 comparisons, worse in 1, not to be told apart in 1 (Welch tests at 5 %, Holm-corrected over 4 comparisons)` */
export function countedOf(comparisons: readonly Comparison[]): string {
  const verdicts = Object.values(Verdict).filter((verdict) => comparisons.some((one) => one.verdict === verdict));
  const parts = verdicts.map((verdict, place) => {
    const n = formatCount(comparisons.filter((one) => one.verdict === verdict).length);
    const among = place === 0 ? `${n} of ${plural(comparisons.length, 'comparison')}` : n;
    return `${WORDS[verdict] ?? verdict} in ${among}`;
  });
  // Nothing was tested: there is nothing to correct.
  const tested = comparisons.filter(({ holm }) => holm !== null).length;
  if (tested === 0) return parts.join(', ');
  return `${parts.join(', ')} (Welch tests at 5 %, Holm-corrected over ${plural(tested, 'comparison')})`;
}

const WORDS: Partial<Record<Verdict, string>> = {
  [Verdict.Unclear]: 'not to be told apart',
  [Verdict.None]: 'without a test',
};

/** What to beware of. */
export function notesOf(conclusions: Conclusions): string[] {
  const { comparisons, total, samples, isMissing, ranking } = conclusions;
  return [
    ...(isMissing ? ['The baseline asked for is not among these groups: another one was taken.'] : []),
    ...keptNote(conclusions),
    ...smallNotes(comparisons),
    ...tiesNote(comparisons),
    ...correctedNote(comparisons),
    ...(total > COMPARED_MAX ? [`The first ${COMPARED_MAX} of ${formatCount(total)} comparisons, best groups first.`] : []),
    ...(ranking.length === RANKED_MAX && samples.length > RANKED_MAX ? [`The ${RANKED_MAX} best of ${formatCount(samples.length)} groups are ranked.`] : []),
  ]; // prettier-ignore
}

/** Why the baseline of the experiment is not what groups are compared with. */
function keptNote({ kept, rule, samples }: Conclusions): string[] {
  if (!kept || rule === PairRule.All || samples.some(({ group }) => group === kept.group)) return [];
  return [kept.group ? 'The baseline of the experiment has no finite value here.' : kept.said];
}

/** Once for all: single runs, and groups so small that no rank test can say anything. */
function smallNotes(comparisons: readonly Comparison[]): string[] {
  const least = ({ n }: Comparison): number => Math.min(...n);
  const alone = comparisons.filter((one) => least(one) < 2);
  const few = comparisons.filter((one) => one.few && least(one) >= 2);
  const [first, ...others] = few;
  const smallest = first && others.reduce((a, b) => (least(a) <= least(b) ? a : b), first);
  return [
    ...(alone.length > 0 ? [`${among(alone, comparisons)}With a single run in a group no claim can be made: its noise is unknown. Run more seeds.`] : []),
    ...(smallest ? [
      `${among(few, comparisons)}With ${sizeText(smallest.n)} no claim is safe: whatever the values, no exact rank test can fall below p = ${pText(leastRankP(...smallest.n))} (${ALPHA} is asked for), so “better” and “worse” rest on normally distributed values, and bootstrap intervals are too narrow. Take them as hints and run more seeds.`,
    ] : []),
  ];
} // prettier-ignore

function among(some: readonly Comparison[], all: readonly Comparison[]): string {
  return some.length === all.length ? '' : `In ${formatCount(some.length)} of ${plural(all.length, 'comparison')}: `;
}

/** An interval without zero beside "cannot be told apart" looks like a mistake: the one is of one comparison, the other of all. */
export function correctedNote(comparisons: readonly Pick<Comparison, 'welch' | 'verdict' | 'holm'>[]): string[] {
  const alone = comparisons.filter(({ welch, verdict }) => welch && verdict === Verdict.Unclear && (welch.low > 0 || welch.high < 0)).length; // prettier-ignore
  if (alone === 0) return [];
  return [
    `In ${formatCount(alone)} of ${plural(comparisons.length, 'comparison')} the 95 % CI leaves out zero and yet nothing is claimed: each interval is of one comparison by itself, verdicts are Holm-corrected over all ${formatCount(comparisons.filter(({ holm }) => holm !== null).length)}.`,
  ];
}

/** With so few runs p would be counted out, were no value there twice. */
function tiesNote(comparisons: readonly Comparison[]): string[] {
  const tied = comparisons.filter(({ rank, n }) => rank && !rank.exact && Math.min(...n) <= EXACT_MAX);
  if (tied.length === 0) return [];
  return [
    `${among(tied, comparisons)}Some values are equal (ties), so p of Mann–Whitney is not counted out but taken from the normal approximation, which is rough for so few runs.`,
  ];
}
