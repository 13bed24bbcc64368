// runs/groups/group-formats.ts
// Purpose: the table of groups as CSV (every digit), Markdown and LaTeX (as shown, the best in bold).
// Why: a table goes into a paper or a message as it is, without being typed again.
// Relevant files: runs/groups/group-text.ts, runs/groups/group-routes.ts, shared/csv.ts

import { csvLines, type Cell } from '../../shared/csv.ts';
import {
  LATEX,
  latexTable,
  MARKDOWN,
  markdownTable,
  type TextStyle,
  type TextTable,
} from '../../shared/text-tables.ts';
import { Direction } from '../metric-rules.ts';
import { bestGroups, deviation, meanText, namesOf, shownColumns } from './group-text.ts';
import { columnName, headWords, valuesWords } from '../rules/rule-text.ts';
import type { MetricRule } from '../rules/rule.ts';
import { differenceFrom, groupDelta, type GroupBase } from './group-baseline.ts';
import type { Group, RunGroups } from './groups.ts';

/**
 * A row a group: what it is grouped by, runs, and of each metric mean, std (n − 1), n, min, max; where one of them is the
 * baseline, which one, and the differences from it.
 */
export function groupsCsv(data: RunGroups, base: GroupBase | null): string {
  const from = base?.group ? base : null;
  const head: Cell[] = [...namesOf(data), 'runs', 'unfinished', ...(from ? ['baseline'] : [])];
  for (const rule of data.metrics)
    head.push(
      ...['mean', 'std', 'n', 'min', 'max', ...(from ? ['minus baseline'] : [])].map(
        (what) => `${columnName(rule)} ${what}`,
      ),
    );
  const rows = [...data.groups, ...data.valueless].map((group): Cell[] => [
    ...group.values,
    group.runs,
    group.unfinished,
    ...(from ? [group === from.group ? 'yes' : ''] : []),
    ...data.metrics.flatMap(({ key }): Cell[] => {
      const stats = group.metrics.get(key)?.stats;
      return [
        ...(stats ? [stats.mean, stats.std, stats.n, stats.min, stats.max] : [null, null, 0, null, null]),
        ...(from ? [differenceFrom(from, key, stats)] : []),
      ];
    }),
  ]);
  return csvLines([head, ...rows]);
}

/** GitHub's tables. */
export function groupsMarkdown(data: RunGroups, base: GroupBase | null): string {
  return markdownTable(tableOf(data, MARKDOWN, base)) + (base ? `\n${MARKDOWN.escape(base.said)}\n` : '');
}

export function groupsLatex(data: RunGroups, base: GroupBase | null): string {
  return latexTable(tableOf(data, LATEX, base), [
    `mean ± standard deviation (n) of ${valuesWords(data.metrics)} of finished runs; the best mean in bold`,
    ...(base ? [base.said] : []),
  ]);
}

/** After the mean how far it is from the baseline, as on the page. */
function tableOf(data: RunGroups, style: TextStyle, base: GroupBase | null): TextTable {
  const names = namesOf(data);
  const { shown } = shownColumns(data);
  const best = bestGroups(data);
  const cell = (group: Group, rule: MetricRule): string => {
    const { key, digits } = rule;
    const stats = group.metrics.get(key)?.stats;
    if (!stats) return '–';
    const spread = stats.std === null ? '' : ` ${style.plusMinus} ${style.escape(deviation(stats, digits))}`;
    const text = `${style.escape(meanText(stats, digits))}${spread}`;
    const delta = groupDelta(group, rule, base)?.text.replace(/^[▲▼] /, '');
    return `${best.get(key)?.has(group) ? style.bold(text) : text} (${stats.n})${delta === undefined ? '' : `, ${style.escape(delta)}`}`;
  };
  const labels = shown.length === 0 ? [''] : shown.map((place) => style.escape(names[place] ?? ''));
  return {
    head: [...labels, ...data.metrics.map((rule) => metricHead(rule, style))],
    rows: data.groups.map((group) => [
      ...labelled(
        shown.length === 0 ? ['all runs'] : shown.map((place) => style.escape(group.values[place] ?? '–')),
        group === base?.group,
      ),
      ...data.metrics.map((rule) => cell(group, rule)),
    ]),
    texts: labels.length,
  };
}

/** After the last of its values a group is said to be the baseline. */
function labelled(names: string[], isBaseline: boolean): string[] {
  return isBaseline ? names.map((name, place) => (place === names.length - 1 ? `${name} (baseline)` : name)) : names;
}

/** Its name, which way it is better, which value counts, in which unit. */
export function metricHead(rule: MetricRule, style: TextStyle): string {
  const note = headWords({ ...rule, direction: null });
  return style.escape(rule.key) + arrowIn(style, rule.direction) + (note === '' ? '' : ` ${style.escape(note)}`);
}

export function arrowIn(style: TextStyle, direction: Direction | null): string {
  return direction === null ? '' : direction === Direction.Max ? style.up : style.down;
}
