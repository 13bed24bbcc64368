// runs/view/chooser-views.ts
// Purpose: the chooser of columns as its template shows it: those shown, in order, and what a search offers besides.
// Why: ten thousand keys are searched on the server; what is shown says how many there are.
// Relevant files: runs/view/chooser-pages.ts, runs/view/fold.ts, runs/templates/columns.html

import type { ExperimentRow } from '../../experiments/models.ts';
import { formatCount, middle } from '../../shared/format.ts';
import { hiddenFields, link, type QueryValue } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import type { TableQuery } from '../page-schemas.ts';
import { ColumnKind, columnsOf, FACTS, ORDERED_FACTS, Width, type Column } from './columns.ts';
import { foldByPrefix } from './fold.ts';
import type { FoundKeys } from './key-queries.ts';

export interface Offers extends FoundKeys {
  kind: ColumnKind;
}

interface Chooser {
  experiment: ExperimentRow;
  /** The view that the table is opened with again. */
  view: Record<string, QueryValue>;
  query: TableQuery;
  find: string;
  offers: Offers[];
  chosen: string[];
}

/** `move`: `-1 FIELD` to the left, `1 FIELD` to the right. */
export function moved(fields: readonly string[], move: string): string[] {
  const by = move.startsWith('-1 ') ? -1 : 1;
  const from = fields.indexOf(move.slice(move.indexOf(' ') + 1));
  const to = from + by;
  if (from < 0 || to < 0 || to >= fields.length) return [...fields];
  const others = fields.filter((_, place) => place !== from);
  return [...others.slice(0, to), fields[from] ?? '', ...others.slice(to)];
}

const HEADS: Record<ColumnKind, string> = {
  [ColumnKind.Fact]: 'Facts',
  [ColumnKind.Param]: 'Params',
  [ColumnKind.Metric]: 'Metrics',
  [ColumnKind.Tag]: 'Tags',
};

const PREFIX: Record<ColumnKind, string> = {
  [ColumnKind.Fact]: '',
  [ColumnKind.Param]: 'params.',
  [ColumnKind.Metric]: 'metrics.',
  [ColumnKind.Tag]: 'tags.',
};

export function showChooser({ experiment, view, query, find, offers, chosen }: Chooser): PageContext {
  const path = `/experiments/${experiment.id}`;
  const columns = columnsOf(chosen, query);
  return {
    title: `Columns of ${middle(experiment.name, 60)}`,
    experiment,
    find,
    action: `${path}/columns`,
    keep: hiddenFields({ ...view, column: null, narrow: null, wide: null, order: null }),
    orders: showOrders(query.order, columns),
    back: link(path, view),
    usual: link(path, { ...view, column: null, narrow: null, wide: null }),
    chosen: columns.map(({ field, kind, key, width }, place) => ({
      field,
      label: kind === ColumnKind.Fact ? FACTS[key as keyof typeof FACTS] : middle(key, 60),
      kind: kind === ColumnKind.Fact ? '' : kind,
      narrow: width === Width.Narrow,
      wide: width === Width.Wide,
      isFirst: place === 0,
      isLast: place === columns.length - 1,
    })),
    groups: [factsBut(chosen, find), ...offers.map((some) => showOffers(some, chosen))].filter(
      ({ folds }) => folds.length > 0,
    ),
  };
}

const PLACES = ['Order by', 'then by', 'then by'];

/** Selects, one for each key and one more; a column may order upwards and downwards. */
function showOrders(order: readonly string[], columns: Column[]): unknown[] {
  const fields = ['name', ...columns.filter(isOrdered).map(({ field }) => field)];
  const known = new Set(fields.flatMap((field) => [field, `-${field}`]));
  const options = [...order.filter((key) => !known.has(key)), ...known].map((value) => ({
    value,
    label: value.startsWith('-') ? `${value.slice(1)}, downwards` : `${value}, upwards`,
  }));
  return [...PLACES.keys(), ...order.slice(PLACES.length).map((_, place) => place + PLACES.length)].map((place) => ({
    label: PLACES[place] ?? 'then by',
    options: options.map((option) => ({ ...option, on: option.value === order[place] })),
  }));
}

function isOrdered({ kind, field }: Column): boolean {
  return kind === ColumnKind.Param || kind === ColumnKind.Metric || ORDERED_FACTS.has(field);
}

interface Group {
  head: string;
  /** `60 of 10,000: search for the others` */
  note: string;
  folds: { prefix: string; text: string; items: { field: string; label: string; note: string }[] }[];
}

function factsBut(chosen: string[], find: string): Group {
  const items = Object.entries(FACTS)
    .filter(([field, label]) => !chosen.includes(field) && label.includes(find.trim().toLowerCase()))
    .map(([field, label]) => ({ field, label, note: '' }));
  return { head: HEADS.fact, note: '', folds: items.length === 0 ? [] : [{ prefix: '', text: '', items }] };
}

function showOffers({ kind, items, total }: Offers, chosen: string[]): Group {
  const left = items.filter(({ key }) => !chosen.includes(PREFIX[kind] + key));
  return {
    head: HEADS[kind],
    note:
      items.length < total
        ? `${formatCount(items.length)} of ${formatCount(total)}: search for the others`
        : formatCount(total),
    folds: foldByPrefix(left).map(({ prefix, items: some }) => ({
      prefix,
      text: `${middle(prefix, 40)} (${some.length})`,
      items: some.map(({ key, values }) => ({
        field: PREFIX[kind] + key,
        label: middle(key, 60),
        note:
          kind !== ColumnKind.Param || values === null
            ? ''
            : values === 1
              ? 'the same in all'
              : `${formatCount(values)} values`,
      })),
    })),
  };
}
