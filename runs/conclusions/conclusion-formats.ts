// runs/conclusions/conclusion-formats.ts
// Purpose: conclusions as CSV (every digit), Markdown and LaTeX (best bold, like the best underlined, with a caption).
// Why: a table goes into the paper with what a reader must know: n, tests, correction.
// Relevant files: runs/conclusions/conclusions.ts, runs/conclusions/caption.ts, shared/text-tables.ts, runs/conclusions/figures.ts

import { csvLines, type Cell } from '../../shared/csv.ts';
import {
  LATEX,
  latexTable,
  MARKDOWN,
  markdownTable,
  type TextStyle,
  type TextTable,
} from '../../shared/text-tables.ts';
import { arrowIn } from '../groups/group-formats.ts';
import { deviation, meanText } from '../groups/group-text.ts';
import { captionOf, comparedIn } from './caption.ts';
import type { Comparison } from './comparison.ts';
import type { Conclusions } from './conclusions.ts';
import { differenceText, figure, intervalText, pText, rankText, shareText } from './figures.ts';
import { RANKED_MAX, type Ranked } from './ranking.ts';
import type { Sample } from './samples.ts';

const RANK_HEAD = ['rank', 'rank to', 'letters', 'P(best mean)', 'best of resamples'];
const CSV_HEAD = [
  ...['group', 'base', 'group n', 'base n', 'group mean', 'base mean', 'difference', 'CI low', 'CI high'],
  ...['t', 'df', 'p', 'p Holm', 'Mann-Whitney U', 'Mann-Whitney p', 'Hedges g', 'g low', 'g high'],
  ...['bootstrap low', 'bootstrap high', 'BCa low', 'BCa high', 'pairs', 'paired t', 'paired p', 'Wilcoxon W'],
  ...['Wilcoxon p', 'seeds needed', 'verdict'],
  ...['group', 'base'].flatMap((one) => RANK_HEAD.map((name) => `${one} ${name}`)),
];

/** A row a comparison. */
export function conclusionsCsv({ comparisons, ranking }: Conclusions): string {
  const ranked = new Map(ranking.map((one) => [one.sample, one]));
  const rows = comparisons.map((one) => [...csvRow(one), ...rankCells(ranked.get(one.one)), ...rankCells(ranked.get(one.base))]); // prettier-ignore
  return csvLines([CSV_HEAD, ...rows]);
}

function rankCells(ranked: Ranked | undefined): Cell[] {
  if (!ranked) return NOTHING;
  const { rank, rankTo, letters, chance, resampled } = ranked;
  return [rank, rankTo, letters, chance, resampled];
}

function csvRow(comparison: Comparison): Cell[] {
  const { one, base, n, difference, welch, holm, rank, effect, bootstrap, paired, seeds, verdict } = comparison;
  return [
    ...[one.label, base.label, ...n, one.stats.mean, base.stats.mean, difference],
    ...(welch ? [welch.low, welch.high, welch.t, welch.df, welch.p] : NOTHING.slice(0, 5)),
    ...[holm, rank?.statistic ?? null, rank?.p ?? null],
    ...(effect ? [effect.g, effect.low, effect.high] : NOTHING.slice(0, 3)),
    ...(bootstrap?.percentile ?? NOTHING.slice(0, 2)),
    ...(bootstrap?.bca ?? NOTHING.slice(0, 2)),
    ...[paired?.values.length ?? null, paired?.t?.t ?? null, paired?.t?.p ?? null],
    ...[paired?.rank?.statistic ?? null, paired?.rank?.p ?? null, seeds?.needed ?? null, verdict],
  ];
}

const NOTHING: Cell[] = [null, null, null, null, null];

export function conclusionsMarkdown(conclusions: Conclusions): string {
  const tables = [groupTable(conclusions, MARKDOWN), comparisonTable(conclusions, MARKDOWN)];
  return `${tables.map(markdownTable).join('\n')}\n${captionOf(conclusions, MARKDOWN)}\n`;
}

/** Two tabulars in one table. */
export function conclusionsLatex(conclusions: Conclusions): string {
  return [
    '\\begin{table}',
    '\\centering',
    // So small a line of an article has room for all these numbers.
    '\\footnotesize',
    '\\setlength{\\tabcolsep}{3pt}',
    latexTable(groupTable(conclusions, LATEX), []),
    '\\medskip',
    latexTable(comparisonTable(conclusions, LATEX), []),
    `\\caption{${captionOf(conclusions, LATEX)}}`,
    '\\end{table}',
    '',
  ].join('\n');
}

function groupTable({ samples, ranking, metric, direction }: Conclusions, style: TextStyle): TextTable {
  const ranked = new Map(ranking.map((one) => [one.sample, one]));
  const mean = (sample: Sample): string => {
    const { isBest = false, isLikeBest = false, isTested = false } = ranked.get(sample) ?? {};
    const text = meanAndStd(sample, style);
    return isBest ? style.bold(text) : isLikeBest && isTested ? style.underline(text) : text;
  };
  return {
    head: ['group', style.escape(metric ?? '') + arrowIn(style, direction), 'n', 'letters', 'rank', 'P(best)'],
    rows: samples
      .slice(0, RANKED_MAX)
      .map((sample) => [
        style.escape(sample.label),
        mean(sample),
        String(sample.stats.n),
        ...rankTexts(ranked.get(sample)).map(style.escape),
      ]),
    texts: 1,
    numbers: [false, true, true, false, true, true],
  };
}

function rankTexts(ranked: Ranked | undefined): string[] {
  const { letters = null, rank = null, rankTo = null, chance = null } = ranked ?? {};
  return [letters ?? '–', rankText(rank, rankTo), chance === null ? '–' : shareText(chance)];
}

function meanAndStd({ stats, digits }: Sample, style: TextStyle): string {
  const mean = style.escape(meanText(stats, digits));
  return stats.std === null ? mean : `${mean} ${style.plusMinus} ${style.escape(deviation(stats, digits))}`;
}

/** Longer ones are broken: with its numbers a line has no room for more. */
const LABEL_MAX = 40;

function comparisonTable(conclusions: Conclusions, style: TextStyle): TextTable {
  const { head, texts } = comparedIn(conclusions);
  return {
    head: [head, 'difference', '95 % CI', 'p', 'p (Holm)', 'Hedges g'].map(style.escape),
    rows: conclusions.comparisons.map((one, place) => [texts[place] ?? '', ...figuresOf(one)].map(style.escape)),
    texts: 1,
    isLong: texts.some((text) => text.length > LABEL_MAX),
  };
}

function figuresOf(comparison: Comparison): string[] {
  const { digits, welch, holm, effect } = comparison;
  return [
    differenceText(comparison),
    welch ? intervalText(welch.low, welch.high, digits) : '–',
    pText(welch?.p),
    pText(holm),
    effect ? figure(effect.g, 2) : '–',
  ];
}
