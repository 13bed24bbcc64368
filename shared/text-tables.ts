// shared/text-tables.ts
// Purpose: a table as Markdown (GitHub's) and LaTeX (booktabs), with the escaping that each needs.
// Why: what people name their params must neither break a paper nor be set as something else.
// Relevant files: shared/latex-text.ts, runs/groups/group-formats.ts

import { latexText } from './latex-text.ts';

/** How a format writes what a cell is made of. */
export interface TextStyle {
  escape: (text: string) => string;
  bold: (text: string) => string;
  underline: (text: string) => string;
  plusMinus: string;
  /** After the name of a metric of which more, or less, is better. */
  up: string;
  down: string;
}

export interface TextTable {
  head: string[];
  rows: string[][];
  /** So many columns from the left are text; the others are numbers, aligned to the right. */
  texts: number;
  /** Where texts stand among numbers: which columns are numbers. */
  numbers?: readonly boolean[];
  /** Texts of the first column are longer than a line of a paper has room for: LaTeX breaks them. */
  isLong?: boolean;
}

function isNumber({ texts, numbers }: TextTable, place: number): boolean {
  return numbers?.[place] ?? place >= texts;
}

export const MARKDOWN: TextStyle = {
  escape: (text) =>
    text
      .replace(/[\\`*_{}[\]<>#|~$]/g, '\\$&')
      .replace(/&(?=#?\w+;)/g, '\\&')
      .replace(/\s+/g, ' '),
  bold: (text) => `**${text}**`,
  underline: (text) => `<u>${text}</u>`,
  plusMinus: '±',
  up: ' ↑',
  down: ' ↓',
};

/** Cells are ready: escaped where they are somebody's text. */
export function markdownTable(table: TextTable): string {
  const { head, rows } = table;
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, place) => (isNumber(table, place) ? '---:' : '---'));
  return `${[head, rule, ...rows].map(line).join('\n')}\n`;
}

export const LATEX: TextStyle = {
  escape: latexText,
  bold: (text) => `\\textbf{${text}}`,
  underline: (text) => `\\underline{${text}}`,
  plusMinus: '$\\pm$',
  up: ' $\\uparrow$',
  down: ' $\\downarrow$',
};

/** A tabular of booktabs, to be put into a table of the paper. `notes`: one line each, before it. */
export function latexTable(table: TextTable, notes: string[]): string {
  const { head, rows } = table;
  return [
    '% \\usepackage{booktabs}',
    ...notes.map((note) => `% ${note.replace(/\s+/g, ' ')}`),
    `\\begin{tabular}{${head.map((_, place) => columnOf(table, place)).join('')}}`,
    '\\toprule',
    latexLine(head),
    '\\midrule',
    ...rows.map(latexLine),
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

function columnOf(table: TextTable, place: number): string {
  if (isNumber(table, place)) return 'r';
  return place === 0 && table.isLong ? 'p{0.3\\textwidth}' : 'l';
}

/** A line that begins with `[` or `*` would be taken for an argument of the rule or the line end before it. */
function latexLine(cells: string[]): string {
  const line = `${cells.join(' & ')} \\\\`;
  return /^\s*[[*]/.test(line) ? `{}${line}` : line;
}
