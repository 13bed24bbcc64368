// runs/groups/group-formats.ts
// Purpose: the table of groups as CSV (every digit), Markdown and LaTeX (as shown, the best in bold).
// Why: a table goes into a paper or a message as it is, without being typed again.
// Relevant files: runs/groups/group-text.ts, runs/groups/group-routes.ts, shared/csv.ts

import { csvLines, type Cell } from '../../shared/csv.ts';
import { Direction } from '../metric-rules.ts';
import { bestGroups, deviation, meanText, namesOf, shownColumns } from './group-text.ts';
import type { Group, RunGroups } from './groups.ts';

/** A row a group: what it is grouped by, runs, and of each metric mean, std (n − 1), n, min, max. */
export function groupsCsv(data: RunGroups): string {
  const head: Cell[] = [...namesOf(data), 'runs', 'unfinished'];
  for (const { key } of data.metrics) head.push(...['mean', 'std', 'n', 'min', 'max'].map((what) => `${key} ${what}`));
  const rows = [...data.groups, ...data.valueless].map((group): Cell[] => [
    ...group.values,
    group.members.length,
    group.unfinished,
    ...data.metrics.flatMap(({ key }): Cell[] => {
      const stats = group.metrics.get(key)?.stats;
      return stats ? [stats.mean, stats.std, stats.n, stats.min, stats.max] : [null, null, 0, null, null];
    }),
  ]);
  return csvLines([head, ...rows]);
}

interface Style {
  escape: (text: string) => string;
  bold: (text: string) => string;
  plusMinus: string;
  arrow: (direction: Direction | null) => string;
}

const MARKDOWN: Style = {
  escape: (text) => text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&').replace(/\s+/g, ' '),
  bold: (text) => `**${text}**`,
  plusMinus: '±',
  arrow: (direction) => (direction === null ? '' : direction === Direction.Max ? ' ↑' : ' ↓'),
};

/** GitHub's tables. */
export function groupsMarkdown(data: RunGroups): string {
  const { head, rows, texts } = tableOf(data, MARKDOWN);
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, place) => (place < texts ? '---' : '---:'));
  return `${[head, rule, ...rows].map(line).join('\n')}\n`;
}

const LATEX_SIGNS: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '−': '$-$',
  '–': '--',
  '∞': '$\\infty$',
  '·': '\\textperiodcentered{}',
};

function latexText(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\~^<>−–∞·#$%&_{}]/g, (sign) => LATEX_SIGNS[sign] ?? `\\${sign}`);
}

const LATEX: Style = {
  escape: latexText,
  bold: (text) => `\\textbf{${text}}`,
  plusMinus: '$\\pm$',
  arrow: (direction) => (direction === null ? '' : direction === Direction.Max ? ' $\\uparrow$' : ' $\\downarrow$'),
};

/** A tabular of booktabs (`\usepackage{booktabs}`), to be put into a table of the paper. */
export function groupsLatex(data: RunGroups): string {
  const { head, rows, texts } = tableOf(data, LATEX);
  const line = (cells: string[]): string => `${cells.join(' & ')} \\\\`;
  return [
    '% \\usepackage{booktabs}',
    `% mean ± standard deviation (n) of the last value of finished runs; the best mean in bold`,
    `\\begin{tabular}{${'l'.repeat(texts)}${'r'.repeat(head.length - texts)}}`,
    '\\toprule',
    line(head),
    '\\midrule',
    ...rows.map(line),
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

/** `texts`: how many of the columns are what the runs are grouped by. */
function tableOf(data: RunGroups, style: Style): { head: string[]; rows: string[][]; texts: number } {
  const names = namesOf(data);
  const { shown } = shownColumns(data);
  const best = bestGroups(data);
  const cell = (group: Group, key: string): string => {
    const stats = group.metrics.get(key)?.stats;
    if (!stats) return '–';
    const spread = stats.std === null ? '' : ` ${style.plusMinus} ${style.escape(deviation(stats))}`;
    const text = `${style.escape(meanText(stats))}${spread}`;
    return `${best.get(key) === group ? style.bold(text) : text} (${stats.n})`;
  };
  const labels = shown.length === 0 ? [''] : shown.map((place) => style.escape(names[place] ?? ''));
  return {
    head: [...labels, ...data.metrics.map(({ key, direction }) => style.escape(key) + style.arrow(direction))],
    rows: data.groups.map((group) => [
      ...(shown.length === 0 ? ['all runs'] : shown.map((place) => style.escape(group.values[place] ?? '–'))),
      ...data.metrics.map(({ key }) => cell(group, key)),
    ]),
    texts: labels.length,
  };
}
