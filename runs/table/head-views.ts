// runs/table/head-views.ts
// Purpose: the heads of a run table: label, what it means, the link that orders by it, the arrow that turns a metric.
// Why: a click orders numbers downwards first; what nothing can be ordered by is no link.
// Relevant files: runs/table/table-views.ts, runs/rules/rule-views.ts, runs/templates/_table.html

import { sortOf, type SortView } from '../../shared/http/list-view.ts';
import { showTurn, type TurnView } from '../rules/rule-views.ts';
import type { MetricRule } from '../rules/rule.ts';
import { headWords, ruleSentence } from '../rules/rule-text.ts';
import { ColumnKind, FACTS, ORDERED_FACTS, Width, type Column, type Fact } from '../view/columns.ts';
import type { RunTable } from './table.ts';
import type { At } from './table-views.ts';
import { numericParams, shownColumns } from './shown-columns.ts';

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
