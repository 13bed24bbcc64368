// runs/pivot/pivot-formats.ts
// Purpose: a pivot as CSV (a line a cell, every digit), Markdown and LaTeX (the square as it is shown, the best in bold).
// Why: a table goes into a paper or a message as it is, without being typed again.
// Relevant files: runs/pivot/pivot.ts, shared/text-tables.ts, runs/groups/group-formats.ts

import { csvLines, type Cell } from '../../shared/csv.ts';
import {
  LATEX,
  latexTable,
  MARKDOWN,
  markdownTable,
  type TextStyle,
  type TextTable,
} from '../../shared/text-tables.ts';
import { metricHead } from '../groups/group-formats.ts';
import { countsWords } from '../rules/rule-text.ts';
import { deviation, meanText } from '../groups/group-text.ts';
import type { Group } from '../groups/groups.ts';
import { countCells, type Pivot } from './pivot.ts';
import { cut, sideName, valueText } from './pivot-text.ts';

/** Of a square with more cells only those with runs have a line. */
const EMPTY_MAX = 10_000;

export function pivotCsv(pivot: Pivot): string {
  const { rows, cols, metric, data } = pivot;
  const sides = [rows, cols].map(sideName);
  const head: Cell[] = [...sides, 'metric', 'runs', 'unfinished', 'mean', 'std', 'n', 'min', 'max'];
  const line = (row: string | null, col: string | null, group: Group | undefined): Cell[] => {
    const stats = metric && group?.metrics.get(metric.key)?.stats;
    const of: Cell[] = stats ? [stats.mean, stats.std, stats.n, stats.min, stats.max] : [null, null, 0, null, null];
    return [row, col, metric?.key ?? null, group?.runs ?? 0, group?.unfinished ?? 0, ...of];
  };
  const hasEmpty = countCells(pivot).all <= EMPTY_MAX;
  const lines =
    data.runs === 0
      ? []
      : rows.values.flatMap((row) =>
          cols.values.flatMap((col) => {
            const group = pivot.cell(row, col);
            return group || hasEmpty ? [line(row, col, group)] : [];
          }),
        );
  return csvLines([head, ...lines]);
}

export function pivotMarkdown(pivot: Pivot): string {
  return markdownTable(tableOf(pivot, MARKDOWN));
}

export function pivotLatex(pivot: Pivot): string {
  const { rows, cols, metric } = pivot;
  const square = `${sideName(rows)} in rows, ${sideName(cols)} in columns`;
  return latexTable(tableOf(pivot, LATEX), [
    `${metric?.key ?? 'runs'}: mean ± standard deviation (n) of the ${metric ? countsWords(metric) : 'last value'} of finished runs; ${square}; the best mean in bold`,
  ]);
}

function tableOf(pivot: Pivot, style: TextStyle): TextTable {
  const { metric, data } = pivot;
  const rows = data.runs === 0 ? [] : cut(pivot.rows, 'file').shown;
  const cols = cut(pivot.cols, 'file', 'cols').shown;
  const name = style.escape(`${sideName(pivot.rows)} / ${sideName(pivot.cols)}`);
  const what = metric ? `${metricHead(metric, style)}` : 'runs';
  return {
    head: [`${what}, ${name}`, ...cols.map((col) => style.escape(valueText(pivot.cols, col)))],
    rows: rows.map((row) => [
      style.escape(valueText(pivot.rows, row)),
      ...cols.map((col) => cellIn(pivot, pivot.cell(row, col), style)),
    ]),
    texts: 1,
  };
}

/** Nothing where nothing was run. */
function cellIn({ metric, best }: Pivot, group: Group | undefined, style: TextStyle): string {
  if (!group) return '';
  const stats = metric && group.metrics.get(metric.key)?.stats;
  if (!stats) return '–';
  const spread =
    stats.std === null ? '' : ` ${style.plusMinus} ${style.escape(deviation(stats, metric?.digits ?? null))}`;
  const text = `${style.escape(meanText(stats, metric?.digits ?? null))}${spread}`;
  return `${best.has(group) ? style.bold(text) : text} (${stats.n})`;
}
