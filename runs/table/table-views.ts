// runs/table/table-views.ts
// Purpose: a run table as the template shows it: columns with ready text, links, best marks, the sentence above.
// Why: the answer first, then only what differs; templates hold no logic.
// Relevant files: runs/table/table.ts, runs/templates/experiment.html, runs/curves/colors.ts, shared/format.ts

import { sortOf, type SortView } from '../../shared/http/list-view.ts';
import { parseDecimal } from '../../shared/cells.ts';
import {
  formatColumn,
  formatCount,
  formatDuration,
  formatNumber,
  middle,
  showTime,
  type ShownTime,
  formatStep,
} from '../../shared/format.ts';
import { link, type QueryValue } from '../../shared/http/links.ts';
import { showTag, type TagView } from '../../tags/views.ts';
import { colorsFor } from '../curves/colors.ts';
import { Direction } from '../metric-rules.ts';
import type { RunRow } from '../models.ts';
import { showRemoval, type RemovalView } from '../purge-views.ts';
import { runState, type RunStateView } from '../run-state.ts';
import { isSystemTag, type RunTable, type TableRow } from './table.ts';
import { fromStored } from '../values.ts';

export interface CellView {
  text: string;
  title: string;
  number: boolean;
  /** '' | 'best' | 'dn best' */
  mark: string;
  /** A NaN or Infinity on the way: `2 NaN/Inf from step 812`. */
  chip: string;
  /** The value itself is NaN or Infinity: the chip shows it. */
  broken?: boolean;
}

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
  took: string;
  started: ShownTime | null;
}

export interface HeadView extends SortView {
  label: string;
  title: string;
  href: string;
  number: boolean;
}

/** Change some arguments of the page's URL and keep the others. */
export type At = (change: Record<string, QueryValue>) => string;

const ARROWS: Record<Direction, string> = { [Direction.Max]: '↑', [Direction.Min]: '↓' };

export function arrowOf(direction: Direction | null): string {
  return direction ? ARROWS[direction] : '';
}

export function showHeads(table: RunTable, order: readonly string[], at: At): HeadView[] {
  const numeric = numericParams(table);
  const head = (label: string, field: string, number = false, title = ''): HeadView => ({
    label,
    title,
    number,
    href: at({ order: nextOrder(order[0] ?? '', field, number), page: null }),
    ...sortOf(order, field),
  });
  return [
    head('run', 'name'),
    head('state', 'status'),
    ...table.paramColumns.map(({ key, values }) =>
      head(key, `params.${key}`, numeric.has(key), `param, ${values} values`),
    ),
    ...table.metricColumns.map(({ key, direction }) =>
      head(`${key} ${arrowOf(direction)}`.trim(), `metrics.${key}`, true, directionTitle(direction)),
    ),
    head('took', 'duration', true),
    head('started', 'start_time'),
  ];
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
  const same = new Set(table.sameTags.map(({ key }) => key));
  const isTelling = (tag: { key: string }): boolean => !isSystemTag(tag) && !same.has(tag.key);
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
      cells: [
        ...table.paramColumns.map(({ key }) => paramCell(row.params.get(key), numeric.has(key))),
        ...table.metricColumns.map((column) => metricCell(row, column, metricTexts.get(column.key)?.[place] ?? '–')),
      ],
      tags: row.tags.filter(isTelling).map((tag) => showTag(tag, tagPath)),
      took: took(run, now),
      started: run.start_time === null ? null : showTime(run.start_time, now),
    };
  });
}

export function showRunLink(run: RunRow): { name: string; title: string; href: string } {
  return { name: middle(run.name, 48), title: run.name, href: `/runs/${run.id}` };
}

export function took(run: RunRow, now: number): string {
  if (run.start_time === null) return '–';
  // A run that MLflow's client resumed keeps its end until the next one.
  const end = runState(run, now).tone === 'run' ? now : run.end_time;
  return end === null ? '–' : formatDuration(end - run.start_time);
}

function paramCell(value: string | undefined, number: boolean): CellView {
  const text = value === undefined ? '–' : value === '' ? '""' : middle(value, 40);
  return { text, title: value === undefined ? 'not set' : value.slice(0, 2000), number, mark: '', chip: '' };
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

/** `epochs 15`: what is equal in all runs, shortened. */
export function showSame(table: RunTable): { key: string; value: string; title: string }[] {
  const params = table.sameParams.map(({ key, least, runs }) => ({
    key,
    value: middle(least, 32),
    title: `${least.slice(0, 500)} · set in ${runs} runs`,
  }));
  const tags = table.sameTags.map(({ key, value }) => ({
    key,
    value: middle(value, 32),
    title: `tag ${key}=${value}`.slice(0, 500),
  }));
  return [...params, ...tags.filter((tag) => !params.some(({ key, value }) => key === tag.key && value === tag.value))];
}

export function compareLink(ids: string[]): string {
  return link('/compare', { run: ids });
}
