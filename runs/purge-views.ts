// runs/purge-views.ts
// Purpose: a purge in words: the question before it, the message after, how far it is.
// Why: runs, experiments and the command line say the same.
// Relevant files: runs/purge-routes.ts, experiments/purge-routes.ts, runs/purge-command.ts, shared/templates/purge.html

import { formatCount, middle, plural } from '../shared/format.ts';
import type { PageContext } from '../shared/http/types.ts';
import type { RunStateView } from './run-state.ts';
import type { Amount } from './purge-queries.ts';

/** Names that a question lists. */
const NAMES_SHOWN = 20;

export interface Question {
  /** `3 runs`, `experiment digits` */
  what: string;
  names: string[];
  amount: Amount;
  action: string;
  /** Sent with the answer. */
  fields: { name: string; value: string | number }[];
  back: string;
}

export function showQuestion({ what, names, amount, ...form }: Question): PageContext {
  return {
    ...form,
    title: `Delete ${what} for ever`,
    question: `Delete ${what} for ever?`,
    names: names.slice(0, NAMES_SHOWN).map((name) => ({ name: middle(name), title: name })),
    more: Math.max(0, names.length - NAMES_SHOWN),
    amount: `${amountInWords(amount)}, with their params, tags and artifacts, leave the database`,
  };
}

/** `3 runs with 1,234,000 points` */
export function amountInWords({ runs, points, isMore }: Amount): string {
  return `${plural(runs, 'run')} with ${isMore ? 'more than ' : ''}${plural(points, 'point')}`;
}

/** `1,234,000 of 10,000,000 points left` */
function leftInWords({ purge_points, purge_left }: { purge_points: number; purge_left: number }): string {
  return `${formatCount(purge_left)} of ${plural(purge_points, 'point')} left`;
}

export interface RemovalView {
  state: RunStateView;
  text: string;
}

/** Null for what is not being removed. */
export function showRemoval(row: {
  purge_at: number | null;
  purge_points: number;
  purge_left: number;
}): RemovalView | null {
  return row.purge_at === null ? null : { state: { label: 'being removed', tone: 'kill' }, text: leftInWords(row) };
}

export function areBeingRemoved(count: number, what: string): string {
  return `${plural(count, what)} ${count === 1 ? 'is' : 'are'} being removed for ever.`;
}
