// runs/rules/value-sql.ts
// Purpose: the value that counts of a series, and its step, as SQL over a row of `metrics`, by the experiment's rule.
// Why: one definition for ranks that are kept, runs looked at one by one, orders and filters, on both engines.
// Relevant files: runs/rules/rule.ts, runs/ranking-changes.ts, runs/ranking-queries.ts, runs/search/run-fields.ts

import { onPostgres } from '../../shared/db/dialect.ts';
import { LIMITS } from '../../shared/limits.ts';
import { Takes } from './rule.ts';

const MAX = '1.7976931348623157e308';
const isFinite = (value: string): string => `${value} between -${MAX} and ${MAX}`;

/** From the last point backwards, as summaries mean "last": step, time, value, NaN above all, −0 below 0. */
const LATEST = 'p.step desc, p.timestamp desc, (p.kind = 1) desc, p.value desc, p.kind asc';

/** A column of the rule of the row `m`. */
function ofRule(m: string, column: string): string {
  return `(select u.${column} from metric_rules u where u.experiment_id = ${m}.experiment_id and u.key = ${m}.key)`;
}

const BY: [takes: Takes, step: string][] = [
  [Takes.AtMin, 'min_step'],
  [Takes.AtMax, 'max_step'],
  [Takes.AtLast, 'last_step'],
];

type What = keyof typeof WHAT;
const WHAT = { value: 'case when p.kind <> 1 then p.value end', step: 'p.step', nan: '(p.kind = 1)' } as const;

/** Of the series' last point up to the step where the metric that the rule names was best. */
function atBest(m: string, what: What, [takes, bestStep]: (typeof BY)[number]): string {
  if (onPostgres) return `at_best(${m}.run_seq, ${m}.no, ${ofRule(m, 'by_key')}, '${takes}', '${what}')`;
  const best = `(select o.${bestStep} from metric_rules u join metrics o on o.run_seq = ${m}.run_seq and o.key = u.by_key
      where u.experiment_id = ${m}.experiment_id and u.key = ${m}.key)`;
  return `(select ${WHAT[what]} from points p where p.run_seq = ${m}.run_seq and p.no = ${m}.no and p.step <= ${best}
      order by ${LATEST} limit 1)`;
}

/** The cases of `case takes …`. A function of PostgreSQL gives a double, whatever it is. */
function atBestOf(m: string, what: What): string {
  const cast = (value: string): string => (onPostgres && what === 'step' ? `cast(${value} as bigint)` : value);
  return BY.map((by) => `when '${by[0]}' then ${cast(atBest(m, what, by))}`).join(' ');
}

/**
 * Of the finite ones among the last `k` points. Divided before they are summed, and by two, so that nothing overflows: a
 * sum beyond a double is an error on PostgreSQL.
 */
function meanOfLast(m: string): string {
  if (onPostgres) return `mean_of_last(${m}.run_seq, ${m}.no, ${ofRule(m, 'k')})`;
  const late = `select p.value, p.kind, row_number() over (order by ${LATEST}) as place from points p
    where p.run_seq = ${m}.run_seq and p.no = ${m}.no order by ${LATEST} limit ${LIMITS.lastPoints}`;
  const counted = `select value, count(*) over () as n from (${late}) late
    where place <= ${ofRule(m, 'k')} and kind <> 1 and ${isFinite('value')}`;
  const half = `select sum(value / 2 / n) as half from (${counted}) counted`;
  return `(select case when half >= ${MAX} / 2 then ${MAX} when half <= -${MAX} / 2 then -${MAX} else half * 2 end
      from (${half}) halves)`;
}

/** Null where there is none, and where it is NaN. `m`: the name of the row of `metrics`. */
export function valueSql(m: string): string {
  return `(case ${ofRule(m, 'takes')}
    when '${Takes.Min}' then ${m}.min_value when '${Takes.Max}' then ${m}.max_value when '${Takes.Mean}' then ${m}.mean
    when '${Takes.MeanLast}' then ${meanOfLast(m)}
    ${atBestOf(m, 'value')}
    else case when ${m}.last_kind <> 1 then ${m}.last_value end end)`;
}

/** Null where there is none, and for means of all. */
export function stepSql(m: string): string {
  return `(case ${ofRule(m, 'takes')}
    when '${Takes.Min}' then ${m}.min_step when '${Takes.Max}' then ${m}.max_step when '${Takes.Mean}' then null
    when '${Takes.MeanLast}' then ${m}.last_step
    ${atBestOf(m, 'step')}
    else ${m}.last_step end)`;
}

const ALL = String(Number.MAX_SAFE_INTEGER);

/** Up to which run (`seq`) `rank_value` follows the rule; two values are bound: experiment and key. */
export const COUNTED_TO = `coalesce((select u.counted_to from metric_rules u where u.experiment_id = ? and u.key = ?), ${ALL})`;

/** A rank that is not what the rule gives: a run that is not settled has none. Runs still to be counted are not asked. */
export function wrongRankSql(m: string, r: string): string {
  const takesOther = `coalesce(${ofRule(m, 'takes')}, 'last') <> 'last'`;
  return `((${r}.settled = 0 and (${m}.rank_value is not null or ${m}.rank_step is not null))
    or (${isRanked(m, r)} and (${m}.rank_value is distinct from ${valueSql(m)}
      or ${m}.rank_step is distinct from case when ${takesOther} then ${stepSql(m)} end)))`;
}

/** `r`: the name of the run's row. Settled, and its rank follows the rule. */
function isRanked(m: string, r: string): string {
  return `${r}.settled = 1 and ${m}.run_seq <= coalesce(${ofRule(m, 'counted_to')}, ${ALL})`;
}

/** The same as `valueSql`, of settled runs from the rank that is kept; null for those that are not counted yet. */
export function standingSql(m: string, r: string): string {
  return `(case when ${isRanked(m, r)} then ${m}.rank_value when ${r}.settled = 0 then ${valueSql(m)} end)`;
}

export function standingStepSql(m: string, r: string): string {
  return `(case when ${r}.settled = 1 and coalesce(${ofRule(m, 'takes')}, 'last') <> 'last' then ${m}.rank_step else ${stepSql(m)} end)`;
}

/** Whether that value is NaN, which has no order. */
export function isNanSql(m: string, r: string): string {
  const takes = ofRule(m, 'takes');
  return `(case when coalesce(${takes}, 'last') = 'last' then ${m}.last_kind = 1
    when ${r}.settled = 1 then ${isRanked(m, r)} and ${m}.rank_value is null and ${m}.rank_step is not null
      and ${takes} in (${BY.map(([at]) => `'${at}'`).join(', ')})
    else coalesce(case ${takes} ${atBestOf(m, 'nan')} end, ${onPostgres ? '0' : 'false'})${onPostgres ? ' = 1' : ''} end)`;
}
