// runs/kept-facts.ts
// Purpose: what the pages of an experiment say of all its runs (keys, rules, sums, saved views), asked once while it stands.
// Why: another filter, order or page asks for the same; on PostgreSQL each question is a journey to the server and back.
// Relevant files: runs/kept-columns.ts, runs/table/table.ts, runs/groups/groups.ts, runs/view/open-view.ts

import type { ExperimentRow } from '../experiments/models.ts';
import { metricKeys } from '../experiments/queries.ts';
import type { Db } from '../shared/db/store.ts';
import { factsOf, keepColumn, keptColumn, stateOf, type State } from './kept-columns.ts';
import type { MetricRuleRow } from './models.ts';
import { ruleRowsOf } from './rules/rule-queries.ts';
import { ruleOf, type RuleBook } from './rules/rule.ts';
import { paramsOfExperiment, type ParamVariety } from './tally-queries.ts';

/** As it was read before anything else: what is kept for its version may be newer, never older. */
export type Standing = Pick<ExperimentRow, 'id' | 'version' | 'logged'>;

/** What stands while runs that go on have more points. `name` says all that the answer depends on besides. */
export function keptFact<T>(db: Db, experiment: Standing, name: string, ask: () => Promise<T>): Promise<T> {
  return kept(db, factsOf(experiment), `fact ${name}`, ask);
}

/** What such points move, too. */
export function keptLive<T>(db: Db, experiment: Standing, name: string, ask: () => Promise<T>): Promise<T> {
  return kept(db, stateOf(experiment), `live ${name}`, ask);
}

/** A character of JSON stands for that much in memory, roughly. */
const BYTES = 3;

async function kept<T>(db: Db, state: State, name: string, ask: () => Promise<T>): Promise<T> {
  const known = keptColumn<{ value: T }>(db, state, name);
  if (known) return known.value;
  const value = await ask();
  // All who ask are given the same one.
  Object.freeze(value);
  keepColumn(db, state, name, { value }, BYTES * JSON.stringify(value).length);
  return value;
}

/** A point may bring a new one. */
export function keptKeys(db: Db, experiment: Standing): Promise<string[]> {
  return keptLive(db, experiment, 'metrics', () => metricKeys(db, experiment.id));
}

export function keptVariety(db: Db, experiment: Standing): Promise<ParamVariety[]> {
  return keptFact(db, experiment, 'params', () => paramsOfExperiment(db, experiment.id));
}

/** While a changed rule is being counted it moves without saying so each time. */
export async function keptRules(db: Db, experiment: Standing): Promise<RuleBook> {
  const ask = (): Promise<MetricRuleRow[]> => ruleRowsOf(db, experiment.id);
  const rows = await keptFact(db, experiment, 'rules', ask);
  const isMoving = rows.some(({ counted_to }) => counted_to !== null);
  return new Map((isMoving ? await ask() : rows).map((row) => [row.key, ruleOf(row)]));
}
