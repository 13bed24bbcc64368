// runs/view/table-formats.ts
// Purpose: a run table as CSV and JSON (every digit, row by row), Markdown and LaTeX (as shown, the best in bold).
// Why: what is on the screen goes into a paper, a message or a script as it is.
// Relevant files: runs/view/table-file.ts, runs/view/table-job.ts, shared/text-tables.ts, shared/csv.ts

import { isoTime } from '../../shared/cells.ts';
import { csvLines } from '../../shared/csv.ts';
import { formatDuration, plural } from '../../shared/format.ts';
import type { Pieces } from '../../shared/heavy/pieces.ts';
import { toJson } from '../../shared/http/json.ts';
import {
  LATEX,
  latexTable,
  MARKDOWN,
  markdownTable,
  type TextStyle,
  type TextTable,
} from '../../shared/text-tables.ts';
import { arrowIn } from '../groups/group-formats.ts';
import { Direction } from '../metric-rules.ts';
import { countsShort, countsWords, ruleColumn } from '../rules/rule-text.ts';
import type { MetricRule } from '../rules/rule.ts';
import { ColumnKind, FACTS, type Fact } from './columns.ts';
import type { FileColumn, FileRow, FileValue, TableFile } from './table-file.ts';

/** The id and name of a run, then its columns as the address names them; in brackets the value that counts and its unit. */
export async function* tableCsv({ columns, rows }: TableFile): Pieces {
  const head = columns.map(({ field, rule }) => {
    const words = rule ? [countsWords(rule), rule.unit] : field === 'duration' ? ['s'] : [];
    const said = words.filter((word) => word !== '').join(', ');
    return said === '' ? field : `${field} (${said})`;
  });
  // Where the view has the id among its columns, it stands there only.
  const isFirst = columns.every(({ field }) => field !== 'id');
  yield { text: csvLines([[...(isFirst ? ['id'] : []), 'name', ...head]]), rows: 0 };
  for await (const some of rows) {
    yield {
      text: csvLines(some.map(({ run, values }) => [...(isFirst ? [run.id] : []), run.name, ...values])),
      rows: some.length,
    };
  }
}

/** `{experiment (null: all), total, columns: [{field, kind, key, …}], runs: [{id, name, values: {field: value}}]}`; times are ISO 8601. */
export async function* tableJson({ experiment, total, columns, rows }: TableFile): Pieces {
  const head = {
    experiment: experiment && { id: experiment.id, name: experiment.name },
    total,
    columns: columns.map(({ field, kind, key, rule }) => ({
      ...{ field, kind, key },
      ...(rule && { direction: rule.direction, guessed: rule.isGuessed, value: countsWords(rule), unit: rule.unit }),
      ...(field === 'duration' && { unit: 's' }),
    })),
  };
  yield { text: `${JSON.stringify(head).slice(0, -1)},"runs":[`, rows: 0 };
  let isFirst = true;
  for await (const some of rows) {
    const lines = some.map(({ run, values }) =>
      toJson({
        ...{ id: run.id, name: run.name },
        values: Object.fromEntries(columns.map(({ field }, place) => [field, values[place] ?? null])),
      }),
    );
    yield { text: `${isFirst ? '' : ','}\n${lines.join(',\n')}`, rows: some.length };
    isFirst = false;
  }
  yield { text: '\n]}\n', rows: 0 };
}

export async function* tableMarkdown(file: TableFile): Pieces {
  const { table, notes, rows } = await shownTable(file, MARKDOWN);
  // Nothing in a comment may end it.
  const comment = notes.map((note) => note.replace(/-{2,}|>/g, ' ').replace(/\s+/g, ' '));
  yield { text: `<!-- ${comment.join('; ')} -->\n\n${markdownTable(table)}`, rows };
}

export async function* tableLatex(file: TableFile): Pieces {
  const { table, notes, rows } = await shownTable(file, LATEX);
  yield { text: latexTable(table, notes), rows };
}

/** All rows at once: how many decimals a column has, and what is best in it, is known when all of it is. */
async function shownTable(
  file: TableFile,
  style: TextStyle,
): Promise<{ table: TextTable; notes: string[]; rows: number }> {
  const rows: FileRow[] = [];
  for await (const some of file.rows) rows.push(...some);
  const filled = file.columns
    .map((column, place) => ({ column, values: rows.map(({ values }) => values[place] ?? null) }))
    // Tags that no run has make no column on the page either.
    .filter(({ column, values }) => column.field !== 'tags' || values.some((value) => value !== ''));
  const columns = filled.map(({ column, values }) => ({
    head: headOf(column, style),
    cells: cellsOf(column, values, style),
    isNumber: column.rule !== null || column.field === 'duration' || column.field === 'number',
  }));
  const table = {
    head: [style.escape('run'), ...columns.map(({ head }) => head)],
    rows: rows.map(({ run }, row) => [style.escape(run.name), ...columns.map(({ cells }) => cells[row] ?? '')]),
    texts: 1,
    numbers: [false, ...columns.map(({ isNumber }) => isNumber)],
  };
  const rules = file.columns.flatMap(({ key, rule }) => (rule ? `${key}: ${ruleWords(rule)}` : []));
  const count =
    rows.length === file.total ? plural(file.total, 'run') : `${rows.length} of ${plural(file.total, 'run')}`;
  return {
    table,
    notes: [
      file.experiment ? `${count} of ${file.experiment.name}; the best of them in bold` : `${count} in all experiments`,
      ...rules,
    ],
    rows: rows.length,
  };
}

function ruleWords(rule: MetricRule): string {
  const way = rule.direction === null ? '' : `, ${rule.direction === Direction.Max ? 'higher' : 'lower'} is better`;
  const guess = rule.direction !== null && rule.isGuessed ? ' (guessed from the name)' : '';
  return `${countsWords(rule)}${rule.unit === '' ? '' : `, ${rule.unit}`}${way}${guess}`;
}

const TIMES: ReadonlySet<string> = new Set<Fact>(['start_time', 'end_time', 'created_at']);

function headOf({ kind, key, rule }: FileColumn, style: TextStyle): string {
  if (kind === ColumnKind.Fact) {
    const head = key in FACTS ? FACTS[key as Fact] : key;
    return style.escape(TIMES.has(key) ? `${head} (UTC)` : head);
  }
  if (!rule) return style.escape(key);
  const words = [countsShort(rule), rule.unit].filter((word) => word !== '').join(', ');
  return style.escape(words === '' ? key : `${key} (${words})`) + arrowIn(style, rule.direction);
}

function cellsOf({ rule, field }: FileColumn, values: FileValue[], style: TextStyle): string[] {
  if (!rule) return values.map((value) => style.escape(valueText(value, field)));
  const numbers = values.map((value) => (typeof value === 'number' ? value : null));
  const best = bestOf(numbers, rule.direction);
  return ruleColumn(numbers, rule).map((text, row) =>
    best !== null && numbers[row] === best ? style.bold(style.escape(text)) : style.escape(text),
  );
}

/** A single run is not the best of itself. */
function bestOf(values: (number | null)[], direction: Direction | null): number | null {
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (direction === null || finite.length < 2) return null;
  return finite.reduce((a, b) => (direction === Direction.Max ? Math.max(a, b) : Math.min(a, b)));
}

function valueText(value: FileValue, field: string): string {
  if (value === null) return '–';
  if (value instanceof Date) return isoTime(value.getTime()).replace('T', ' ').slice(0, 19);
  if (typeof value === 'number') return field === 'duration' ? formatDuration(value * 1000) : String(value);
  return value;
}
