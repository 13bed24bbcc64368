// bench/report.ts
// Purpose: rows as a Markdown table that is also legible in a terminal.
// Why: what is printed and what is kept in RESULTS.md is the same text.
// Relevant files: bench/rows.ts, bench/main.ts

import { CONTESTANTS, ratios, spread, type Contestant, type Reach, type Row } from './rows.ts';

const NAMES: Record<Contestant, string> = {
  ours: 'ours',
  limit: 'limit',
  fasttrackml: 'FastTrackML',
  synced: 'FastTrackML, synced as ours is',
  mlflow: 'MLflow',
};

export function table(rows: Row[]): string {
  const who = CONTESTANTS.filter((one) => rows.some((row) => row.figures[one]));
  const ratioed = CONTESTANTS.filter((one) => one !== 'ours' && rows.some((row) => ratios(row.figures, one)));
  const head = [
    '',
    'what',
    ...who.map((one) => NAMES[one]),
    ...ratioed.map((one) => `ours ÷ ${NAMES[one]}`),
    'to reach',
    'reached',
  ];
  const lines = rows.map((row) => [
    row.must === undefined ? '' : `${row.must}.`,
    `${row.what}, ${row.unit}${row.note === undefined ? '' : ` (${row.note})`}`,
    ...who.map((one) => cell(row.figures[one])),
    ...ratioed.map((one) => cell(ratios(row.figures, one))),
    reachesOf(row)
      .map(({ text }) => text)
      .join('; '),
    verdict(row),
  ]);
  return markdown([head, ...lines]);
}

/** `yes, 0.93`: whether it is reached, and the figure that was compared. */
function verdict(row: Row): string {
  return reachesOf(row)
    .flatMap((reach) => {
      const value = reach.value(row.figures);
      return value === undefined ? [] : [`${reach.isReached(value) ? 'yes' : 'NO'}, ${number(value)}`];
    })
    .join('; ');
}

function reachesOf({ reach = [] }: Row): Reach[] {
  return [reach].flat();
}

/** Median, and from – to where there are several. */
function cell(values: number[] | undefined): string {
  if (!values) return '';
  const { min, median, max } = spread(values);
  return values.length === 1 ? number(median) : `**${number(median)}** (${number(min)} – ${number(max)})`;
}

export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Columns padded to one width. */
export function markdown([head = [], ...lines]: string[][]): string {
  const widths = head.map((_, i) => Math.max(3, ...[head, ...lines].map((line) => (line[i] ?? '').length)));
  const show = (line: string[]): string => `| ${widths.map((width, i) => (line[i] ?? '').padEnd(width)).join(' | ')} |`;
  return [show(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...lines.map(show)].join('\n');
}
