// runs/search/run-fields.ts
// Purpose: what runs can be searched and ordered by, and where each of it is found.
// Why: one list for MLflow's filters and our own; only summaries are read, never points.
// Relevant files: runs/search/search-queries.ts, shared/search/condition-sql.ts, runs/models.ts

import { sql, type SQL } from 'drizzle-orm';
import type { Source, SourceOf } from '../../shared/search/condition-sql.ts';
import { directionOf } from '../metric-rules.ts';
import { NO_DIRECTION } from '../rules/rule.ts';
import { isNanSql, standingSql } from '../rules/value-sql.ts';

export type RunField =
  | { of: 'metric'; key: string; value: MetricValue }
  /** Its value at one step: of a single point, found by its place. */
  | { of: 'metric'; key: string; value: 'at'; step: number }
  | { of: 'param' | 'tag'; key: string }
  | { of: 'dataset'; name: 'name' | 'digest' | 'context' }
  | { of: 'run'; name: RunColumn };

/** Min, max and mean are over finite values. */
export type MetricValue =
  /** By the rule of the metric in the run's experiment. */
  | 'counts'
  /** The greatest or least, by the direction that the experiment's rule says, else the metric's name; without one the last. */
  | 'best'
  | 'best_step'
  | 'last'
  | 'first'
  | 'min'
  | 'max'
  | 'mean'
  | 'count'
  | 'nonfinite_count'
  /** Where it stands. */
  | 'last_step'
  | 'first_step'
  | 'min_step'
  | 'max_step';

export type RunColumn =
  | 'id' | 'name' | 'status' | 'parent' | 'notes' | 'number' | 'start_time' | 'end_time' | 'created_at' | 'heard_at'
  | 'experiment' | 'duration' | 'user' | 'artifact_uri'; // prettier-ignore

/** `r`: the name of the run's row. */
function columnsOf(r: SQL): Record<RunColumn, Source> {
  const fromExperiment = (value: SQL): SQL => sql`(select ${value} from experiments e where e.id = ${r}.experiment_id)`;
  return {
    id: text(sql`${r}.id`),
    name: text(sql`${r}.name`),
    status: text(sql`${r}.status`),
    parent: text(sql`${r}.parent_id`),
    notes: text(sql`nullif(${r}.notes, '')`),
    number: whole(sql`${r}.number`),
    start_time: whole(sql`${r}.start_time`),
    end_time: whole(sql`${r}.end_time`),
    created_at: whole(sql`${r}.created_at`),
    heard_at: whole(sql`${r}.heard_at`),
    experiment: text(fromExperiment(sql`e.name`)),
    duration: whole(sql`(${r}.end_time - ${r}.start_time)`),
    /** Who runs it, '' where nobody is named. */
    user: text(sql`coalesce((select h.value from ${tagNamed('mlflow.user', r)}), '')`),
    /** Where MLflow's clients find its artifacts. */
    artifact_uri: text(
      sql`${fromExperiment(sql`coalesce(rtrim(e.artifact_location, '/'), 'mlflow-artifacts:/' || e.id)`)} || '/' || ${r}.id || '/artifacts'`,
    ),
  };
}

function text(column: SQL): Source {
  return { column };
}

function whole(column: SQL): Source {
  return { column, isWhole: true };
}

/** Where each field is found, of runs that are called `name` in the statement. Of a param that is a number, the number too. */
function sourcesOf(name: string): SourceOf<RunField> {
  const r = sql.raw(name);
  const columns = columnsOf(r);
  const counts = { column: sql.raw(standingSql('m', name)), isNan: sql.raw(isNanSql('m', name)) };
  const datasets = sql`run_datasets u join datasets d on d.id = u.dataset_id where u.run_id = ${r}.id`;
  return (field, wantsNumber) => {
    switch (field.of) {
      case 'metric': {
        if (field.value === 'at') return pointSource(field.key, field.step, r);
        const from = sql`metrics m where m.run_seq = ${r}.seq and m.key = ${field.key}`;
        return field.value === 'counts' ? { ...counts, from } : metricSource(field.key, field.value, from);
      }
      case 'param': {
        const from = sql`params p where p.run_id = ${r}.id and p.key = ${field.key}`;
        return { column: wantsNumber ? sql`p.number` : sql`p.value`, from };
      }
      case 'tag':
        return { column: sql`h.value`, from: tagNamed(field.key, r) };
      case 'dataset':
        return { column: DATASET_COLUMNS[field.name], from: datasets, isMany: true };
      case 'run':
        return columns[field.name];
    }
  };
}

const DATASET_COLUMNS = { name: sql`d.name`, digest: sql`d.digest`, context: sql`nullif(u.context, '')` };

function metricSource(key: string, value: Exclude<MetricValue, 'counts'>, from: SQL): Source {
  if (value === 'best' || value === 'best_step') return bestSource(key, value === 'best_step', from);
  if (value !== 'last' && value !== 'first')
    return { column: METRIC_COLUMNS[value], from, isWhole: /(count|step)$/.test(value) };
  const isNan = value === 'last' ? sql`(m.last_kind = 1)` : sql`(m.first_kind = 1)`;
  return { column: value === 'last' ? sql`m.last_value` : sql`m.first_value`, from, isNan };
}

function bestSource(key: string, isStep: boolean, from: SQL): Source {
  const direction = sql`coalesce((select u.direction from metric_rules u where u.experiment_id = m.experiment_id and u.key = m.key), ${directionOf(key) ?? NO_DIRECTION})`;
  const by = (greatest: SQL, least: SQL, last: SQL): SQL =>
    sql`(case ${direction} when 'max' then ${greatest} when 'min' then ${least} else ${last} end)`;
  if (isStep) return { column: by(sql`m.max_step`, sql`m.min_step`, sql`m.last_step`), from, isWhole: true };
  const isNan = sql`(m.last_kind = 1 and ${by(sql`0`, sql`0`, sql`1`)} = 1)`;
  return { column: by(sql`m.max_value`, sql`m.min_value`, sql`m.last_value`), from, isNan };
}

const METRIC_COLUMNS = {
  min: sql`m.min_value`,
  max: sql`m.max_value`,
  mean: sql`m.mean`,
  count: sql`m.count`,
  nonfinite_count: sql`m.nonfinite_count`,
  last_step: sql`m.last_step`,
  first_step: sql`m.first_step`,
  min_step: sql`m.min_step`,
  max_step: sql`m.max_step`,
};

/** Several points may share a step; one that passes is enough. */
function pointSource(key: string, step: number, r: SQL): Source {
  const from = sql`metrics m join points p on p.run_seq = m.run_seq and p.no = m.no and p.step = ${step}
    where m.run_seq = ${r}.seq and m.key = ${key}`;
  return { column: sql`p.value`, from, isMany: true, isNan: sql`(p.kind = 1)` };
}

/** The tag is looked up once, not for each run. */
function tagNamed(key: string, r: SQL): SQL {
  return sql`run_tags h where h.run_id = ${r}.id
    and h.tag_id = (select t.id from tags t where t.key = ${key} and t.trashed_at is null)`;
}

/** Of runs called `r`, as searches call them. */
export const runSource = sourcesOf('r');
/** Of the table itself, as Drizzle's statements have it. */
export const tableSource = sourcesOf('runs');
