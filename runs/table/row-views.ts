// runs/table/row-views.ts
// Purpose: a run as a row of the table: cells with ready text, best marks, state, tags.
// Why: templates hold no logic, and a page has up to two hundred rows.
// Relevant files: runs/table/table-views.ts, runs/table/cell-html.ts, runs/table/fact-views.ts

import { middle } from '../../shared/format.ts';
import { showTag } from '../../tags/views.ts';
import { colorsFor } from '../curves/colors.ts';
import { Direction } from '../metric-rules.ts';
import { ruleColumn, valueTitle } from '../rules/rule-text.ts';
import { showRemoval, type RemovalView } from '../purge-views.ts';
import { runState } from '../run-state.ts';
import { ColumnKind, Width, type Column, type Fact } from '../view/columns.ts';
import { cellsHtml } from './cell-html.ts';
import { factCell, type CellView } from './fact-views.ts';
import type { TableRow } from './cell-queries.ts';
import { paramTexts } from './param-room.ts';
import type { MetricColumn, RunTable } from './table.ts';
import { isTellingIn, numericParams, shownColumns } from './shown-columns.ts';
import { nonfiniteText, showRunLink } from './table-views.ts';

export interface TableRowView {
  id: string;
  name: string;
  title: string;
  href: string;
  color: string;
  removal: RemovalView | null;
  /** `val/accuracy 0.9753`: what narrow screens show below the name; '' where it is no column. */
  main: string;
  /** HTML text. */
  cells: string;
}

export function showRows(table: RunTable, tagPath: string, now: number): TableRowView[] {
  const colors = colorsFor(table.rows.map(({ run }) => run));
  const numeric = numericParams(table);
  const columns = shownColumns(table);
  const metricColumns = new Map(table.metricColumns.map((column) => [column.key, column]));
  const metricTexts = new Map(
    table.metricColumns.map(({ key, rule }) => [
      key,
      ruleColumn(
        table.rows.map((row) => valueOf(row, key)),
        rule,
      ),
    ]),
  );
  const isTelling = isTellingIn(table);
  const paramText = paramTexts(table.rows, columns, numeric);
  return table.rows.map((row, place) => {
    const { run } = row;
    const tags = row.tags.filter(isTelling).map((tag) => showTag(tag, tagPath));
    const [state, removal] = [runState(run, now), showRemoval(run)];
    const cells = columns.map((column) => cellOf(column, row, place));
    return {
      ...showRunLink(run),
      id: run.id,
      color: colors.get(run.id)?.color ?? 'c0',
      removal,
      main: mainText(place),
      cells: cellsHtml(cells, { state, removal, tags }),
    };
  });

  function mainText(place: number): string {
    const text = columns.some(({ field }) => field === `metrics.${table.main}`)
      ? metricTexts.get(table.main ?? '')?.[place]
      : undefined;
    return text === undefined ? '' : `${middle(table.main ?? '', 24)} ${text}`;
  }

  function cellOf({ kind, key, width }: Column, row: TableRow, place: number): CellView {
    const isWide = width === Width.Wide;
    const metric = kind === ColumnKind.Metric ? metricColumns.get(key) : undefined;
    if (metric) return metricCell(row, metric, metricTexts.get(key)?.[place] ?? '–', width);
    if (kind === ColumnKind.Param)
      return valueCell(row.params.get(key), numeric.has(key), width, (value) => paramText(key, value));
    if (kind === ColumnKind.Tag) return valueCell(row.tags.find((tag) => tag.key === key)?.value, false, width);
    return { ...factCell(key as Fact, row.run, now, isWide), width };
  }
}

function valueCell(
  value: string | undefined,
  number: boolean,
  width: Width,
  shown = (text: string): string => middle(text, width === Width.Wide ? 400 : 40),
): CellView {
  const text = value === undefined ? '–' : value === '' ? '""' : shown(value);
  const title = value === undefined ? 'not set' : value.slice(0, 2000);
  return { kind: '', text, title, number, mark: '', chip: '', width };
}

function valueOf(row: TableRow, key: string): number | null {
  return row.metrics.get(key)?.counts?.value ?? null;
}

function metricCell(row: TableRow, { key, rule, best }: MetricColumn, text: string, width: Width): CellView {
  const metric = row.metrics.get(key);
  const value = valueOf(row, key);
  const isBest = value !== null && value === best?.counts.value && best.among !== 1;
  return {
    kind: '',
    text,
    title: metric ? valueTitle(metric.counts, rule) : 'not logged',
    number: true,
    mark: isBest ? (rule.direction === Direction.Min ? 'dn best' : 'best') : '',
    chip: metric && metric.nonfinite_count > 0 ? nonfiniteText(metric.nonfinite_count, metric.nonfinite_step) : '',
    broken: value !== null && !Number.isFinite(value),
    width,
  };
}
