// runs/rules/rule-queries.ts
// Purpose: the rules of an experiment's metrics, and the values that count of summaries that were read.
// Why: whoever shows or compares metrics asks here, once; only means of the last points and values at a best step read points.
// Relevant files: runs/rules/rule.ts, runs/rules/value-sql.ts, runs/models.ts

import { sql } from 'drizzle-orm';
import { bound, isOneOf } from '../../shared/db/dialect.ts';
import type { Db } from '../../shared/db/store.ts';
import { grouped } from '../../shared/grouped.ts';
import type { MetricRow, MetricRuleRow } from '../models.ts';
import {
  choiceOf,
  countedOf,
  needsPoints,
  ruleFor,
  ruleOf,
  Takes,
  USUAL,
  type Counted,
  type MetricRule,
  type RuleBook,
  type RuleChoice,
} from './rule.ts';
import { stepSql, valueSql } from './value-sql.ts';

export async function ruleRowsOf(db: Db, experiment: number): Promise<MetricRuleRow[]> {
  return (
    await db.execute<MetricRuleRow>('select * from metric_rules where experiment_id = ? order by key', [experiment])
  ).rows;
}

/** What was said of metrics of an experiment. */
export async function rulesOf(db: Db, experiment: number): Promise<RuleBook> {
  return new Map((await ruleRowsOf(db, experiment)).map((row) => [row.key, ruleOf(row)]));
}

/** What is said of one metric, and which way is better by it. */
export async function choicesOf(
  db: Db,
  experiment: number,
  key: string,
): Promise<{ choice: RuleChoice; direction: MetricRule['direction'] }> {
  const row = (await ruleRowsOf(db, experiment)).find((one) => one.key === key);
  const { direction } = ruleFor(new Map(row ? [[key, ruleOf(row)]] : []), key);
  return { choice: row ? choiceOf(row) : USUAL, direction };
}

/** The same of several experiments. */
export async function rulesOfMany(db: Db, experiments: number[]): Promise<Map<number, RuleBook>> {
  const books = new Map<number, RuleBook>();
  for (const id of new Set(experiments)) books.set(id, await rulesOf(db, id));
  return books;
}

/** A summary with the value that counts; null: the run has none. */
export type CountedMetric = MetricRow & { counts: Counted | null };

/** Of summaries of one experiment's runs, in their order. */
export async function withCounted(db: Db, book: RuleBook, rows: MetricRow[]): Promise<CountedMetric[]> {
  const known = rows.map((row) => ({ ...row, counts: knownOf(row, book) }));
  const missing = known.filter((row): row is MetricRow & { counts: undefined } => row.counts === undefined);
  const read = await countedFromPoints(db, book, missing);
  return known.map((row) => ({ ...row, counts: row.counts ?? read.get(placeOf(row)) ?? null }));
}

/** Undefined: points must be read to know. Of settled runs the rank says it. */
function knownOf(row: MetricRow, book: RuleBook): Counted | null | undefined {
  const { takes, countedTo } = ruleFor(book, row.key);
  if (!needsPoints(takes)) return countedOf(row, takes);
  const isRanked = countedTo === null || row.run_seq <= countedTo;
  return isRanked ? (pointOf(row.rank_value, row.rank_step, takes) ?? undefined) : undefined;
}

/** A step without a value: it was NaN. A mean is never NaN. */
function pointOf(value: number | null, step: number | null, takes: Takes): Counted | null {
  if (value !== null) return { value, step };
  return step === null || takes === Takes.MeanLast ? null : { value: NaN, step };
}

function placeOf({ run_seq, no }: Pick<MetricRow, 'run_seq' | 'no'>): string {
  return `${run_seq} ${no}`;
}

interface Found {
  run_seq: number;
  no: number;
  value: number | null;
  step: number | null;
}

const FOUND = sql.raw(`m.run_seq, m.no, ${valueSql('m')} as value, ${stepSql('m')} as step`);

async function countedFromPoints(db: Db, book: RuleBook, rows: MetricRow[]): Promise<Map<string, Counted>> {
  const found = new Map<string, Counted>();
  const byKey = grouped(rows, ({ key }) => key);
  for (const [key, some] of byKey) {
    const seqs = some.map(({ run_seq }) => run_seq);
    const { rows: read } = await db.execute<Found>(
      ...bound(sql`select ${FOUND} from metrics m where ${isOneOf(sql`m.run_seq`, seqs)} and m.key = ${key}`),
    );
    for (const row of read) {
      const counted = pointOf(row.value, row.step, ruleFor(book, key).takes);
      if (counted) found.set(placeOf(row), counted);
    }
  }
  return found;
}

/** Rules whose runs are still to be counted. */
export async function waitingRules(db: Db): Promise<MetricRuleRow[]> {
  const { rows } = await db.execute<MetricRuleRow>(
    'select * from metric_rules where counted_to is not null order by experiment_id, key',
    [],
  );
  return rows;
}

/** Experiments of whose metrics something was said. */
export async function ruleExperiments(db: Db): Promise<number[]> {
  const { rows } = await db.execute<{ id: number }>('select distinct experiment_id as id from metric_rules', []);
  return rows.map(({ id }) => id);
}

/** The settled runs that a rule is not counted for yet, in the order in which they are. */
export async function seqsToCount(db: Db, rule: MetricRuleRow): Promise<number[]> {
  const rows = await db.arrays<[number]>(
    'select seq from runs where experiment_id = ? and settled = 1 and seq > ? order by seq',
    [rule.experiment_id, rule.counted_to ?? 0],
  );
  return rows.map(([seq]) => seq);
}
