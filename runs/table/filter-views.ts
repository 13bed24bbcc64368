// runs/table/filter-views.ts
// Purpose: the filter of a run table as its template shows it: what it holds, what is wrong with it, and how it may be put right.
// Why: a mistake is shown under the box, with its place, and a click takes the suggestion.
// Relevant files: runs/query/where.ts, runs/templates/_filter.html, runs/table/experiment-views.ts, runs/table/run-list-page.ts

import { middle } from '../../shared/format.ts';
import { Direction, directionOf, mainMetric } from '../metric-rules.ts';
import type { TableQuery } from '../page-schemas.ts';
import { fieldText } from '../query/fields.ts';
import { parseQuery, type KnownKeys } from '../query/parser.ts';
import { mistakeIn, unknownKeys, withNearKey, type Mistake } from '../query/where.ts';
import type { At } from './table-views.ts';

type Asked = Pick<TableQuery, 'q' | 'where'>;
type Narrowed = Asked & { status?: readonly string[] | undefined; tag?: readonly string[] | undefined };

export interface FilterView {
  where: string;
  /** What may be written, with keys that are there. */
  example: string;
  /** Where nothing is found, and this is not so, there is nothing to be found. */
  isFiltered: boolean;
  /** A plain text that is looked for, too: what the search in the frame asks. */
  text: { label: string; without: string } | null;
  mistake: (Mistake & { href: string | null }) | null;
  /** `No run has a metric val/acc.` and where to go instead. */
  hints: { text: string; near: string | null; href: string | null }[];
}

/** `known`: metrics and params of the experiment; of a list over all experiments undefined. */
export function showFilter(
  { q, where = '', status = [], tag = [] }: Narrowed,
  at: At,
  now: number,
  known?: KnownKeys,
): FilterView {
  const mistake = mistakeIn(where, now, known);
  const unknown = mistake || !known ? [] : unknownKeys(parseQuery(where, now), known);
  return {
    where,
    example: exampleOf(known),
    isFiltered: Boolean(q) || where.trim() !== '' || status.length > 0 || tag.length > 0,
    text: q ? { label: middle(q, 60), without: at({ q: null, page: null }) } : null,
    mistake: mistake
      ? { ...mistake, href: mistake.better === undefined ? null : at({ where: mistake.better, page: null }) }
      : null,
    hints: unknown.map((one) => ({
      text: `No run here has a ${one.kind} named ${middle(one.key, 60)}.`,
      near: one.near ?? null,
      href: one.near === undefined ? null : at({ where: withNearKey(where, one), page: null }),
    })),
  };
}

/** Longer ones would not fit into the empty box; of thousands of keys the first will do. */
const EXAMPLE_KEY_MAX = 30;
const EXAMPLE_KEYS = 100;

/** What is shown may be typed as it stands; of a list over all experiments, or without any key, states are named, which all runs have. */
function exampleOf(known?: KnownKeys): string {
  const short = (keys: readonly string[]): string[] =>
    keys.slice(0, EXAMPLE_KEYS).filter((key) => key.length <= EXAMPLE_KEY_MAX);
  const metric = mainMetric(short(known?.metric ?? []));
  const [param] = short(known?.param ?? []);
  const parts = [
    ...(metric === null
      ? ['status = finished']
      : [`${fieldText('metric', metric)} ${directionOf(metric) === Direction.Min ? '< 0.1' : '> 0.9'}`]),
    ...(param === undefined ? [] : [`${fieldText('param', param)} is not null`]),
  ];
  return `Words, or ${parts.join(' and ')}`;
}

/** Of what is wrong nothing is found, and nothing is asked. */
export function whereOf({ where }: Asked, now: number): { where: string | undefined; isWrong: boolean } {
  const isWrong = where !== undefined && mistakeIn(where, now) !== undefined;
  return { where: isWrong ? undefined : where, isWrong };
}
