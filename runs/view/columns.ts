// runs/view/columns.ts
// Purpose: what can be a column of a run table, as its address names it: `status`, `params.KEY`, `metrics.KEY`, `tags.KEY`.
// Why: table, chooser, saved views and the files of a table mean the same by the same words.
// Relevant files: runs/page-schemas.ts, runs/view/chosen-columns.ts, runs/table/table-views.ts

import { z } from 'zod';
import { LIMITS } from '../../shared/limits.ts';
import { many } from '../../shared/schemas.ts';

export const ColumnKind = { Fact: 'fact', Param: 'param', Metric: 'metric', Tag: 'tag' } as const;
export type ColumnKind = (typeof ColumnKind)[keyof typeof ColumnKind];

export const Width = { Narrow: 'narrow', Normal: '', Wide: 'wide' } as const;
export type Width = (typeof Width)[keyof typeof Width];

/** What every run has, in the words of the heads; its name is always the first column. */
export const FACTS = {
  status: 'state',
  duration: 'took',
  start_time: 'started',
  end_time: 'ended',
  created_at: 'created',
  number: 'number',
  tags: 'tags',
  notes: 'notes',
  parent_id: 'parent',
  id: 'id',
} as const;
export type Fact = keyof typeof FACTS;

/** Those that lists can be ordered by. */
export const ORDERED_FACTS: ReadonlySet<string> = new Set<Fact>([
  'status',
  'duration',
  'start_time',
  'end_time',
  'created_at',
  'number',
]);

export interface Column {
  /** As the address names it. */
  field: string;
  kind: ColumnKind;
  /** Of the param, metric or tag; a fact's name. */
  key: string;
  width: Width;
}

const PREFIXES = [
  ['params.', ColumnKind.Param],
  ['metrics.', ColumnKind.Metric],
  ['tags.', ColumnKind.Tag],
] as const;

const SAID = `must be ${Object.keys(FACTS).join(', ')}, params.KEY, metrics.KEY or tags.KEY`;
const columnField = z
  .string()
  .max(LIMITS.key + 10)
  .refine((field) => kindOf(field) !== undefined, SAID);
const columnFields = many(columnField, `must name at most ${LIMITS.repeated} columns`).optional();

/** To be spread into the query of a page. */
export const viewFields = {
  column: columnFields.describe('The columns after the name, in this order.'),
  narrow: columnFields.describe('Columns that are cut short.'),
  wide: columnFields.describe('Columns whose text is shown whole, in lines.'),
};

export interface ViewQuery {
  column?: string[] | undefined;
  narrow?: string[] | undefined;
  wide?: string[] | undefined;
}

function kindOf(field: string): { kind: ColumnKind; key: string } | undefined {
  if (Object.hasOwn(FACTS, field)) return { kind: ColumnKind.Fact, key: field };
  const found = PREFIXES.find(([prefix]) => field.startsWith(prefix) && field.length > prefix.length);
  return found && { kind: found[1], key: field.slice(found[0].length) };
}

/** Columns by their names in the address, with their widths; what is no column is left out. */
export function columnsOf(fields: readonly string[], { narrow = [], wide = [] }: ViewQuery): Column[] {
  return fields.flatMap((field) => {
    const found = kindOf(field);
    const width = wide.includes(field) ? Width.Wide : narrow.includes(field) ? Width.Narrow : Width.Normal;
    return found ? [{ field, ...found, width }] : [];
  });
}

export function keysOf(columns: readonly Column[], kind: ColumnKind): string[] {
  return columns.filter((column) => column.kind === kind).map(({ key }) => key);
}
