// runs/compare/compare-address.ts
// Purpose: the address of a comparison: as it was asked for with changes, and without runs that are taken out.
// Why: links and forms of the page keep the whole view; of a hundred runs a link for each would name ninety-nine.
// Relevant files: runs/compare/compare-views.ts, runs/compare/compare-routes.ts, runs/compare/differ-views.ts

import { link, type QueryValue } from '../../shared/http/links.ts';
import { askedOf } from '../curves/chart-settings.ts';
import type { ComparePageQuery } from '../page-schemas.ts';
import type { At } from '../table/table-views.ts';

/** Of more runs the × of each is a button of one form that names them once. */
export const LINKED_MAX = 20;

/** As query arguments, in the order of the page's links. */
export function argumentsOf(query: ComparePageQuery): Record<string, QueryValue> {
  const { run, group, experiment, where, lines, metric, chart } = query;
  return { run, group, experiment, where, lines, metric, ...askedOf(query), chart };
}

export function addressOf(query: ComparePageQuery): At {
  return (change) => link('/compare', { ...argumentsOf(query), ...change });
}

/** Where the form of the × leads; null where nothing is to be taken out. */
export function withoutRuns({ without = [], ...query }: ComparePageQuery): string | null {
  if (without.length === 0) return null;
  return addressOf(query)({ run: query.run.filter((id) => !without.includes(id)) });
}
