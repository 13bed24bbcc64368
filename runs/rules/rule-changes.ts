// runs/rules/rule-changes.ts
// Purpose: sets and takes back what is said of a metric, and counts the ranks of its experiment's runs again, a few at a time.
// Why: a change is one short transaction whatever is stored; the counting after it can end, or be killed, after any step.
// Relevant files: runs/rules/recount-ranks.ts, runs/rules/value-sql.ts, runs/ranking-changes.ts

import { sql } from 'drizzle-orm';
import { raiseVersion } from '../../experiments/touch-changes.ts';
import { metricKeys, requireExperiment } from '../../experiments/queries.ts';
import { bound, isOneOf } from '../../shared/db/dialect.ts';
import type { Db } from '../../shared/db/store.ts';
import { badField, notFound } from '../../shared/errors.ts';
import type { MetricRuleRow } from '../models.ts';
import { ruleRowsOf } from './rule-queries.ts';
import { choiceOf, Counts, ruleFor, ruleOf, Takes, takesOf, USUAL, type RuleBook, type RuleChoice } from './rule.ts';
import { stepSql, valueSql } from './value-sql.ts';

/** Sets what is said of a metric, all of it; `USUAL`: nothing is. Returns what was said before. */
export async function setRule(tx: Db, experiment: number, key: string, choice: RuleChoice): Promise<RuleChoice> {
  await requireExperiment(tx, experiment);
  const known = new Set(await metricKeys(tx, experiment));
  if (!known.has(key)) throw notFound(`Metric ${JSON.stringify(key)} of experiment ${experiment}`, '?key');
  if (choice.by !== null && !known.has(choice.by))
    throw badField('by', `there is no metric ${JSON.stringify(choice.by)} in this experiment`);
  if (choice.by === key) throw badField('by', 'must be another metric: the best of its own is the value best');
  const before = (await ruleRowsOf(tx, experiment)).find((row) => row.key === key);
  const { direction, value, k, by, unit, digits } = choice;
  await tx.execute(
    `insert into metric_rules (experiment_id, key, direction, value, k, by_key, unit, digits, counted_to)
      values (?, ?, ?, ?, ?, ?, ?, ?, null)
      on conflict (experiment_id, key) do update set direction = excluded.direction, value = excluded.value,
        k = excluded.k, by_key = excluded.by_key, unit = excluded.unit, digits = excluded.digits`,
    [experiment, key, direction, value, k, by, unit, digits],
  );
  const isOther = before !== undefined && (before.k !== k || before.by_key !== by) && value === before.value;
  await resolveRules(tx, experiment, isOther ? key : undefined);
  await raiseVersion(tx, experiment);
  return before ? choiceOf(before) : USUAL;
}

/**
 * Says of each rule what it comes to by the directions of now; where that is another value than before (or it is `other`),
 * the ranks of its runs are to be counted again, from the first.
 */
export async function resolveRules(tx: Db, experiment: number, other?: string): Promise<void> {
  const rows = await ruleRowsOf(tx, experiment);
  const book: RuleBook = new Map(rows.map((row) => [row.key, ruleOf(row)]));
  for (const row of rows) {
    const by = row.by_key === null ? null : ruleFor(book, row.by_key).direction;
    const takes = takesOf(choiceOf(row), ruleFor(book, row.key).direction, by);
    if (takes !== row.takes || row.key === other)
      await tx.execute('update metric_rules set takes = ?, counted_to = 0 where experiment_id = ? and key = ?', [
        ...[takes, experiment, row.key],
      ]);
  }
  await forgetUsual(tx, experiment);
}

/** Rules that say nothing any more, and whose runs are all counted so. */
async function forgetUsual(tx: Db, experiment: number): Promise<void> {
  await tx.execute(
    `delete from metric_rules where experiment_id = ? and direction is null and value = '${Counts.Last}' and unit = ''
      and digits is null and takes = '${Takes.Last}' and counted_to is null`,
    [experiment],
  );
}

/** Moves `counted_to` from where `rule` has it; false: somebody else did, or the rule was changed, since it was read. */
async function moveOn(tx: Db, rule: MetricRuleRow, to: number | null): Promise<boolean> {
  const { changes } = await tx.execute(
    `update metric_rules set counted_to = ? where experiment_id = ? and key = ? and takes = ?
      and coalesce(k, 0) = ? and coalesce(by_key, '') = ? and counted_to = ?`,
    [to, rule.experiment_id, rule.key, rule.takes, rule.k ?? 0, rule.by_key ?? '', rule.counted_to],
  );
  return changes > 0;
}

/** Counts the ranks of some settled runs again; `seqs` in rising order. The rule as it is then; null: see `moveOn`. */
export async function countRanks(tx: Db, rule: MetricRuleRow, seqs: number[]): Promise<MetricRuleRow | null> {
  const counted_to = seqs.at(-1) ?? rule.counted_to;
  if (!(await moveOn(tx, rule, counted_to))) return null;
  const value = sql.raw(valueSql('metrics'));
  // Of last values the step is in the summary.
  const step = sql.raw(rule.takes === Takes.Last ? 'null' : stepSql('metrics'));
  await tx.execute(
    ...bound(sql`update metrics set rank_value = ${value}, rank_step = ${step}
      where ${isOneOf(sql`run_seq`, seqs)} and key = ${rule.key}
        and run_seq in (select seq from runs where ${isOneOf(sql`seq`, seqs)} and settled = 1)`),
  );
  return { ...rule, counted_to };
}

/** All its runs are counted. */
export async function endCounting(tx: Db, rule: MetricRuleRow): Promise<void> {
  if (await moveOn(tx, rule, null)) await forgetUsual(tx, rule.experiment_id);
  await raiseVersion(tx, rule.experiment_id);
}
