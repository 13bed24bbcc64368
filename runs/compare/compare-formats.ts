// runs/compare/compare-formats.ts
// Purpose: a comparison as CSV (a line a value, every digit), Markdown and LaTeX (the table as it is shown, the best in bold).
// Why: it goes into a paper or a message as it is, with what the numbers are of and what the tests say.
// Relevant files: runs/compare/compare-file-routes.ts, runs/compare/group-numbers.ts, shared/text-tables.ts

import { csvLines, type Cell } from '../../shared/csv.ts';
import { middle } from '../../shared/format.ts';
import { LATEX, latexTable, MARKDOWN, markdownTable, type TextStyle } from '../../shared/text-tables.ts';
import { arrowIn } from '../groups/group-formats.ts';
import { deviation, meanText } from '../groups/group-text.ts';
import { RunStatus } from '../models.ts';
import type { MetricRule } from '../rules/rule.ts';
import { ruleColumn, valuesWords } from '../rules/rule-text.ts';
import type { MetricLine } from './compare.ts';
import type { GroupLine } from './group-numbers.ts';
import type { Compared } from './compared.ts';
import { areTested, baseWords, groupSentences, leftOutNotes } from './group-sentences.ts';
import { likeBest, type LikeBest } from './like-best.ts';

/** What differs in params and tags, then metrics: of a run its value, of a group mean, std (n − 1) and n of its finished runs. */
export function comparisonCsv({ comparison, drawn, groups, lines }: Compared): string {
  const { owners, selection } = drawn;
  const run = (place: number): Cell[] => ['run', selection.runs[place]?.id ?? '', owners[place]?.name ?? ''];
  const told = (what: string, { key, values }: { key: string; values: (string | null)[] }): Cell[][] =>
    values.map((value, place) => [...run(place), what, key, value, null, null]);
  const rows = [
    ...comparison.params.differ.flatMap((line) => told('param', line)),
    ...comparison.tags.differ.flatMap((line) => told('tag', line)),
    ...comparison.metrics.flatMap(({ key, values }) =>
      values.map((one, place): Cell[] => [...run(place), 'metric', key, one?.value ?? null, null, null]),
    ),
    ...lines.flatMap(({ key, stats }) =>
      stats.map((one, place): Cell[] => [
        ...['group', selection.groups[place]?.text ?? '', groups[place]?.name ?? ''],
        ...['metric', key, one?.mean ?? null, one?.std ?? null, one?.n ?? 0],
      ]),
    ),
  ];
  return csvLines([['kind', 'id', 'label', 'what', 'key', 'value or mean', 'std', 'n'], ...rows]);
}

type Likes = ReadonlyMap<GroupLine, LikeBest>;

export function comparisonMarkdown(things: Compared): string {
  const like = likeBest(things.groups, things.lines);
  const notes = notesOf(things, like).map(MARKDOWN.escape);
  return `${markdownTable(tableOf(things, like, MARKDOWN))}\n${notes.join('\n\n')}\n`;
}

export function comparisonLatex(things: Compared): string {
  const like = likeBest(things.groups, things.lines);
  return latexTable(tableOf(things, like, LATEX), notesOf(things, like));
}

/** As on the page: a column a run, then a column a group; params of runs above the metrics of both. */
function tableOf(
  { comparison, drawn, groups, lines }: Compared,
  like: Likes,
  style: TextStyle,
): Parameters<typeof markdownTable>[0] {
  const none = groups.map(() => '');
  const params = comparison.params.differ.map(({ key, values }) => [
    style.escape(key),
    ...values.map((value) => style.escape(value === null ? '–' : middle(value, LONGEST))),
    ...none,
  ]);
  const ofRuns = new Map(comparison.metrics.map((line) => [line.key, line]));
  const ofGroups = new Map(lines.map((line) => [line.key, line]));
  const metrics = [...new Set([...ofRuns.keys(), ...ofGroups.keys()])].map((key) => {
    const [own, group] = [ofRuns.get(key), ofGroups.get(key)];
    return [
      style.escape(key) + arrowIn(style, (own ?? group)?.rule.direction ?? null),
      ...(own ? runCells(own, style) : drawn.owners.map(() => '–')),
      ...(group ? groupCells(group, like.get(group)?.places ?? [], style) : groups.map(() => '–')),
    ];
  });
  const names = [...drawn.owners, ...groups].map(({ name }) => style.escape(middle(name, LONGEST)));
  return { head: ['', ...names], rows: [...params, ...metrics], texts: 1 };
}

const LONGEST = 40;
/** Else it would look significantly worse. */
const UNTESTED =
  'Not underlined, either: what has no test against the best mean, as where one of the two is of a single run or neither varies.';

function runCells({ values, rule, best }: MetricLine, style: TextStyle): string[] {
  const texts = ruleColumn(values.map((one) => one?.value ?? null), rule); // prettier-ignore
  return texts.map((text, place) => (best.includes(place) ? style.bold(style.escape(text)) : style.escape(text)));
}

function groupCells({ stats, rule, best }: GroupLine, like: readonly number[], style: TextStyle): string[] {
  return stats.map((one, place) => {
    if (!one) return '–';
    const spread = one.std === null ? '' : ` ${style.plusMinus} ${style.escape(deviation(one, rule.digits))}`;
    const text = `${style.escape(meanText(one, rule.digits))}${spread}`;
    const marked = best.includes(place) ? style.bold(text) : like.includes(place) ? style.underline(text) : text;
    return `${marked} (${one.n})`;
  });
}

/** What the numbers are, and of groups what tests say of the main metric. */
function notesOf({ comparison, drawn, groups, lines, base }: Compared, like: Likes): string[] {
  const rules: MetricRule[] = [...comparison.metrics, ...lines].map(({ rule }) => rule);
  const unique = [...new Map(rules.map((rule) => [rule.key, rule])).values()];
  const { selection, owners } = drawn;
  const open = selection.runs.flatMap(({ status }, place) => (status === RunStatus.Finished ? [] : [`${owners[place]?.name ?? ''} (${status})`])); // prettier-ignore
  const sentences = groupSentences(groups, lines, base.group);
  const isLike = [...like.values()].some(({ places }) => places.length > 0);
  const isUntested = isLike && [...like.values()].some((one) => one.isUntested);
  const marks = owners.length > 0 ? '; the best in bold, where two at least have a value' : '';
  return [
    `Of each run ${valuesWords(unique)}${marks}.`,
    ...(open.length > 0 ? [`Runs that have not finished: ${open.join('; ')}.`] : []),
    ...(groups.length > 0
      ? ['Of groups mean ± standard deviation (n) over finished runs with a finite value, the best mean in bold.']
      : []),
    ...(isLike ? ['Underlined: not significantly worse than the best mean (Welch, two-sided, Holm-corrected over the groups of the row; level 0.05).'] : []),
    ...(isUntested ? [UNTESTED] : []),
    ...selection.said,
    ...leftOutNotes(groups, lines),
    ...sentences,
    ...(areTested(sentences) ? [`Tests: Welch, two-sided, each group ${baseWords(lines, base.group)}, Holm-corrected over these comparisons; level 0.05.`] : []),
  ];
} // prettier-ignore
