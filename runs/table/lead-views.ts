// runs/table/lead-views.ts
// Purpose: the sentence above a run table: the best run by the main metric, by which rule, among how many.
// Why: the answer first; a best value that several runs share is no single winner.
// Relevant files: runs/table/table-views.ts, runs/table/table.ts, runs/templates/experiment.html

import { formatCount, middle, formatStep } from '../../shared/format.ts';
import { SHARED_MAX } from '../ends.ts';
import { fieldText } from '../query/fields.ts';
import { bestBy, ruleNumber } from '../rules/rule-text.ts';
import type { RunTable } from './table.ts';
import { showRunLink } from './table-views.ts';

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
