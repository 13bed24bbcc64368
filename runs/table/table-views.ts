// runs/table/table-views.ts
// Purpose: a run table as the template shows it: columns with ready text, links, best marks, the sentence above.
// Why: the answer first, then only what differs; templates hold no logic.
// Relevant files: runs/table/table.ts, runs/templates/experiment.html, runs/curves/colors.ts, shared/format.ts

import { sortOf, type SortView } from '../../shared/http/list-view.ts';
import { parseDecimal } from '../../shared/cells.ts';
import { formatColumn, formatCount, formatNumber, middle, formatStep } from '../../shared/format.ts';
import { link, type QueryValue } from '../../shared/http/links.ts';
import { showTag, type TagView } from '../../tags/views.ts';
import { colorsFor } from '../curves/colors.ts';
import { Direction } from '../metric-rules.ts';
import type { RunRow } from '../models.ts';
import { showRemoval, type RemovalView } from '../purge-views.ts';
import { runState, type RunStateView } from '../run-state.ts';
import { ColumnKind, FACTS, ORDERED_FACTS, Width, type Column, type Fact } from '../view/columns.ts';
import { factCell, textCell, type CellView } from './fact-views.ts';
import { isSystemTag, type RunTable, type TableRow } from './table.ts';
import { fromStored } from '../values.ts';

export interface TableRowView {
  id: string;
  name: string;
  title: string;
  href: string;
  color: string;
  state: RunStateView;
  removal: RemovalView | null;
  parent: string | null;
  cells: CellView[];
  tags: TagView[];
}

export interface HeadView extends SortView {
  label: string;
  title: string;
  /** null: nothing can be ordered by it. */
  href: string | null;
  number: boolean;
  width: string;
}

/** Change some arguments of the page's URL and keep the others. */
export type At = (change: Record<string, QueryValue>) => string;

const ARROWS: Record<Direction, string> = { [Direction.Max]: '↑', [Direction.Min]: '↓' };

export function arrowOf(direction: Direction | null): string {
  return direction ? ARROWS[direction] : '';
}

export function showHeads(table: RunTable, order: readonly string[], at: At): HeadView[] {
  const numeric = numericParams(table);
  const name = { field: 'name', kind: ColumnKind.Fact, key: 'name', width: Width.Normal } as const;
  return [name, ...shownColumns(table)].map((column) => {
    const { field, width } = column;
    const { label, title, number } = headOf(column, table, numeric);
    const isOrdered = column.kind === ColumnKind.Param || column.kind === ColumnKind.Metric;
    const href = at({ order: nextOrder(order[0] ?? '', field, number), page: null });
    return {
      ...{ label, title, number, width },
      href: isOrdered || field === 'name' || ORDERED_FACTS.has(field) ? href : null,
      ...sortOf(order, field),
    };
  });
}

/** Where nobody has chosen columns, that of tags is there when a run shown has some. */
function shownColumns(table: RunTable): Column[] {
  const isTagged = table.rows.some((row) => row.tags.some(isTellingIn(table)));
  return table.columns.filter(({ field }) => table.isChosen || field !== 'tags' || isTagged);
}

function isTellingIn({ sameTags }: RunTable): (tag: { key: string }) => boolean {
  const same = new Set(sameTags.map(({ key }) => key));
  return (tag) => !isSystemTag(tag) && !same.has(tag.key);
}

function headOf(
  { kind, key }: Column,
  table: RunTable,
  numeric: Set<string>,
): { label: string; title: string; number: boolean } {
  switch (kind) {
    case ColumnKind.Param: {
      const values = table.paramColumns.find((param) => param.key === key)?.values ?? 0;
      return { label: key, title: `param, ${values} values`, number: numeric.has(key) };
    }
    case ColumnKind.Metric: {
      const direction = table.metricColumns.find((metric) => metric.key === key)?.direction ?? null;
      return { label: `${key} ${arrowOf(direction)}`.trim(), title: directionTitle(direction), number: true };
    }
    case ColumnKind.Tag:
      return { label: key, title: 'tag', number: false };
    case ColumnKind.Fact:
      return {
        label: key === 'name' ? 'run' : FACTS[key as Fact],
        title: '',
        number: key === 'duration' || key === 'number',
      };
  }
}

function directionTitle(direction: Direction | null): string {
  if (!direction) return 'last value';
  return `last value; ${direction === Direction.Max ? 'higher' : 'lower'} is better (guessed from the name)`;
}

/** A click orders numbers downwards first, text upwards; another click turns it round. */
function nextOrder(order: string, field: string, number: boolean): string {
  if (order === field) return `-${field}`;
  if (order === `-${field}`) return field;
  return number || field === 'start_time' ? `-${field}` : field;
}

/** Params of which every shown value is a number: their column is aligned to the right. */
function numericParams({ rows, paramColumns }: RunTable): Set<string> {
  const isNumeric = (key: string): boolean =>
    rows.every(({ params }) => !params.has(key) || parseDecimal(params.get(key) ?? '') !== undefined);
  return new Set(paramColumns.map(({ key }) => key).filter(isNumeric));
}

export function showRows(table: RunTable, tagPath: string, now: number): TableRowView[] {
  const colors = colorsFor(table.rows.map(({ run }) => run));
  const numeric = numericParams(table);
  const columns = shownColumns(table);
  const metricColumns = new Map(table.metricColumns.map((column) => [column.key, column]));
  const metricTexts = new Map(
    table.metricColumns.map(({ key }) => [key, formatColumn(table.rows.map((row) => lastValue(row, key)))]),
  );
  return table.rows.map((row, place) => {
    const { run } = row;
    return {
      ...showRunLink(run),
      id: run.id,
      color: colors.get(run.id)?.color ?? 'c0',
      state: runState(run, now),
      removal: showRemoval(run),
      parent: run.parent_id,
      cells: columns.map((column) => ({ ...cellOf(column, row, place), width: column.width })),
      tags: row.tags.filter(isTellingIn(table)).map((tag) => showTag(tag, tagPath)),
    };
  });

  function cellOf({ kind, key, width }: Column, row: TableRow, place: number): CellView {
    const isWide = width === Width.Wide;
    const metric = kind === ColumnKind.Metric ? metricColumns.get(key) : undefined;
    if (metric) return metricCell(row, metric, metricTexts.get(key)?.[place] ?? '–');
    if (kind === ColumnKind.Param) return valueCell(row.params.get(key), numeric.has(key), isWide);
    if (kind === ColumnKind.Tag) return valueCell(row.tags.find((tag) => tag.key === key)?.value, false, isWide);
    return factCell(key as Fact, row.run, now, isWide);
  }
}

export function showRunLink(run: RunRow): { name: string; title: string; href: string } {
  return { name: middle(run.name, 48), title: run.name, href: `/runs/${run.id}` };
}

function valueCell(value: string | undefined, number: boolean, isWide: boolean): CellView {
  const text = value === undefined ? '–' : value === '' ? '""' : middle(value, isWide ? 400 : 40);
  return textCell(text, { title: value === undefined ? 'not set' : value.slice(0, 2000), number });
}

function lastValue(row: TableRow, key: string): number | null {
  const metric = row.metrics.get(key);
  return metric ? fromStored(metric.last_value, metric.last_kind) : null;
}

function metricCell(row: TableRow, column: RunTable['metricColumns'][number], text: string): CellView {
  const metric = row.metrics.get(column.key);
  const value = lastValue(row, column.key);
  const isBest = value !== null && value === column.best?.metric.last_value && column.best.among !== 1;
  return {
    kind: '',
    text,
    title: metric ? `${value} at step ${metric.last_step}` : 'not logged',
    number: true,
    mark: isBest ? (column.direction === Direction.Min ? 'dn best' : 'best') : '',
    chip: metric && metric.nonfinite_count > 0 ? nonfiniteText(metric.nonfinite_count, metric.nonfinite_step) : '',
    broken: value !== null && !Number.isFinite(value),
  };
}

export function nonfiniteText(count: number, step: number | null): string {
  return `${formatCount(count)} NaN/Inf from step ${formatStep(step ?? 0)}`;
}

/** The sentence above the table: the best run by the main metric, by which rule, among how many. */
export interface LeadView {
  key: string;
  value: string;
  exact: string;
  step: string;
  rule: string;
  name: string;
  title: string;
  href: string;
  among: string;
}

export function showLead(table: RunTable): LeadView | null {
  const column = table.metricColumns.find(({ key }) => key === table.main);
  if (!column?.best || !column.direction) return null;
  const { run, metric, among } = column.best;
  return {
    key: column.key,
    value: formatNumber(metric.last_value),
    exact: String(metric.last_value),
    step: formatStep(metric.last_step),
    rule: column.direction === Direction.Max ? 'highest last value' : 'lowest last value',
    ...showRunLink(run),
    among: amongText(among, table.total),
  };
}

function amongText(among: number | null, total: number): string {
  if (among === null) return `of ${formatCount(total)} runs found`;
  return among === 1 ? 'the only run that logged it' : `of ${formatCount(among)} runs that logged it`;
}

export function compareLink(ids: string[]): string {
  return link('/compare', { run: ids });
}
