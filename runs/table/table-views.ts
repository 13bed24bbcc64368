// runs/table/table-views.ts
// Purpose: a run table as the template shows it: columns with ready text, links, best marks, the sentence above.
// Why: the answer first, then only what differs; templates hold no logic.
// Relevant files: runs/table/table.ts, runs/templates/experiment.html, runs/curves/colors.ts, shared/format.ts

import { sortOf, type SortView } from '../../shared/http/list-view.ts';
import { parseDecimal } from '../../shared/cells.ts';
import { formatCount, middle, formatStep } from '../../shared/format.ts';
import { link, type QueryValue } from '../../shared/http/links.ts';
import { showTag } from '../../tags/views.ts';
import { colorsFor } from '../curves/colors.ts';
import { SHARED_MAX } from '../ends.ts';
import { Direction } from '../metric-rules.ts';
import type { RunRow } from '../models.ts';
import { fieldText } from '../query/fields.ts';
import { showTurn, type TurnView } from '../rules/rule-views.ts';
import type { MetricRule } from '../rules/rule.ts';
import { arrowOf, bestBy, headWords, ruleColumn, ruleNumber, ruleSentence, valueTitle } from '../rules/rule-text.ts';
import { showRemoval, type RemovalView } from '../purge-views.ts';
import { runState } from '../run-state.ts';
import { ColumnKind, FACTS, ORDERED_FACTS, Width, type Column, type Fact } from '../view/columns.ts';
import { cellsHtml } from './cell-html.ts';
import { factCell, type CellView } from './fact-views.ts';
import type { TableRow } from './cell-queries.ts';
import { paramTexts } from './param-room.ts';
import { isSystemTag, type MetricColumn, type RunTable } from './table.ts';

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

export interface HeadView extends SortView {
  label: string;
  title: string;
  /** null: nothing can be ordered by it. */
  href: string | null;
  number: boolean;
  width: string;
  /** Of a metric: the button that turns which way is better. */
  turn: TurnView | null;
  /** After it: which value counts, in which unit. */
  note: string;
}

/** Change some arguments of the page's URL and keep the others. */
export type At = (change: Record<string, QueryValue>) => string;

export { arrowOf };

export function showHeads(table: RunTable, order: readonly string[], at: At): HeadView[] {
  const numeric = numericParams(table);
  const name = { field: 'name', kind: ColumnKind.Fact, key: 'name', width: Width.Normal } as const;
  return [name, ...shownColumns(table)].map((column) => {
    const { field, width } = column;
    const { label, title, number, rule } = headOf(column, table, numeric);
    const isOrdered = column.kind === ColumnKind.Param || column.kind === ColumnKind.Metric;
    const href = at({ order: nextOrder(order[0] ?? '', field, number), page: null });
    return {
      ...{ label, title, number, width },
      href: isOrdered || field === 'name' || ORDERED_FACTS.has(field) ? href : null,
      ...sortOf(order, field),
      turn: rule ? showTurn(rule) : null,
      note: rule ? headWords({ ...rule, direction: null }) : '',
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
): { label: string; title: string; number: boolean; rule?: MetricRule | undefined } {
  switch (kind) {
    case ColumnKind.Param: {
      const values = table.paramColumns.find((param) => param.key === key)?.values ?? 0;
      return { label: key, title: `param, ${values} values`, number: numeric.has(key) };
    }
    case ColumnKind.Metric: {
      const rule = table.metricColumns.find((metric) => metric.key === key)?.rule;
      return { label: key, title: rule ? ruleSentence(rule) : '', number: true, rule };
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

export function showRunLink(run: RunRow): { name: string; title: string; href: string } {
  return { name: middle(run.name, 48), title: run.name, href: `/runs/${run.id}` };
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

export function nonfiniteText(count: number, step: number | null): string {
  return `${formatCount(count)} NaN/Inf from step ${formatStep(step ?? 0)}`;
}

/** The sentence above the table: the best run by the main metric, by which rule, among how many. */
export interface LeadView {
  key: string;
  value: string;
  unit: string;
  exact: string;
  /** null: of no single one, or not of all that share the best. */
  step: string | null;
  rule: string;
  name: string;
  title: string;
  href: string;
  among: string;
  /** Runs that have exactly this value; null: it is the only one. `href`: the page with these alone. */
  shared: { text: string; href: string | null } | null;
  /** `It has`, `All of them have` */
  have: string;
  /** What it was set to, or all that share the best, of what differs between the runs. */
  params: { key: string; value: string; title: string }[];
}

/** `listed`: the page with the runs alone that also pass this. */
export function showLead(table: RunTable, listed: (condition: string) => string | null): LeadView | null {
  const column = table.metricColumns.find(({ key }) => key === table.main);
  if (!column?.best || !column.rule.direction) return null;
  const { run, counts, among, shared } = column.best;
  const isShared = shared.length > 1;
  return {
    key: column.key,
    value: ruleNumber(counts.value, column.rule),
    unit: column.rule.unit,
    exact: String(counts.value),
    step: counts.step === null || isShared ? null : formatStep(counts.step),
    rule: bestBy(column.rule),
    ...showRunLink(run),
    among: amongText(among, table.total),
    shared: isShared
      ? { text: sharedText(shared.length), href: listed(`${fieldText('metric', column.key)} = ${counts.value}`) }
      : null,
    have: isShared ? 'All of them have' : 'It has',
    params: table.bestParams.slice(0, LEAD_PARAMS).map(({ key, value }) => ({
      key: middle(key, 40),
      value: middle(value, 40),
      title: `${key} ${value}`.slice(0, 500),
    })),
  };
}

function sharedText(runs: number): string {
  return runs > SHARED_MAX ? `more than ${SHARED_MAX} runs` : `${runs} runs`;
}

/** As many as can be read in a line or two. */
const LEAD_PARAMS = 8;

function amongText(among: number | null, total: number): string {
  if (among === null) return `of ${formatCount(total)} runs found`;
  return among === 1 ? 'the only run that logged it' : `of ${formatCount(among)} runs that logged it`;
}

export function compareLink(ids: string[]): string {
  return link('/compare', { run: ids });
}
