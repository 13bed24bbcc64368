// runs/tally-queries.ts
// Purpose: reads the sums that runs/tally-changes.ts moves: runs by state, how params and tags vary in an experiment.
// Why: a few rows each, however many runs there are.
// Relevant files: runs/tally-changes.ts, runs/standing-queries.ts, runs/queries.ts, experiments/models.ts

import { and, asc, desc, eq, gt, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import { experimentKeys, experimentRuns, experiments, experimentValues, KeyKind } from '../experiments/models.ts';
import type { Db } from '../shared/db/store.ts';
import { tags } from '../tags/models.ts';
import { saysTag } from '../tags/queries.ts';
import type { RunStatus } from './models.ts';

/** Runs whose experiment is in sight, in these states (all of them), in the trash or not. */
export async function countStates(
  db: Db,
  {
    experiment,
    status,
    trashed,
  }: { experiment?: number | undefined; status?: RunStatus[] | undefined; trashed?: boolean | undefined },
): Promise<number> {
  const rows = await db
    .select({ n: sql<number>`coalesce(sum(${experimentRuns.runs}), 0)`.mapWith(Number) })
    .from(experimentRuns)
    .innerJoin(experiments, eq(experiments.id, experimentRuns.experiment_id))
    .where(
      and(
        isNull(experiments.trashed_at),
        eq(experimentRuns.trashed, Number(trashed ?? false)),
        experiment === undefined ? undefined : eq(experimentRuns.experiment_id, experiment),
        status && status.length > 0 ? inArray(experimentRuns.status, status) : undefined,
      ),
    );
  return rows[0]?.n ?? 0;
}

export interface ParamVariety {
  key: string;
  /** Runs that have it. */
  runs: number;
  /** Its text, where it is the same in all of them; a long one without its middle. */
  least: string;
  /** Different values. */
  values: number;
}

/**
 * A row of `experimentKeys` has one value: this one. In raw SQL: the builder writes columns of a single table without its
 * name, which the subquery would take for its own.
 */
const ONLY_VALUE = sql<string>`case when experiment_keys.variety = 1 then (
  select v.value from experiment_values v where v.experiment_id = experiment_keys.experiment_id
    and v.kind = experiment_keys.kind and v.key = experiment_keys.key limit 1) else '' end`;

/** How much each param varies over the runs of an experiment that are not in the trash. */
export async function paramsOfExperiment(db: Db, experiment: number): Promise<ParamVariety[]> {
  return db
    .select({
      key: experimentKeys.key,
      runs: experimentKeys.runs,
      least: ONLY_VALUE.as('least'),
      values: experimentKeys.variety,
    })
    .from(experimentKeys)
    .where(
      and(
        eq(experimentKeys.experiment_id, experiment),
        eq(experimentKeys.kind, KeyKind.Param),
        gt(experimentKeys.runs, 0),
      ),
    )
    .orderBy(asc(experimentKeys.key));
}

/** How many runs have each value of these params; those in the trash are not counted. */
export async function valueCounts(
  db: Db,
  experiment: number,
  keys: string[],
): Promise<{ key: string; runs: number }[]> {
  if (keys.length === 0) return [];
  return db
    .select({ key: experimentValues.key, runs: experimentValues.runs })
    .from(experimentValues)
    .where(isValueOf(experiment, keys));
}

/** A value of one of these params that some run has. */
function isValueOf(experiment: number, keys: string[]): SQL | undefined {
  return and(
    eq(experimentValues.experiment_id, experiment),
    eq(experimentValues.kind, KeyKind.Param),
    inArray(experimentValues.key, keys),
    gt(experimentValues.runs, 0),
  );
}

/** The values of these params, those of most runs first; long ones without their middle. */
export async function valuesOfParams(
  db: Db,
  experiment: number,
  keys: string[],
): Promise<{ key: string; value: string; runs: number }[]> {
  if (keys.length === 0) return [];
  return db
    .select({ key: experimentValues.key, value: experimentValues.value, runs: experimentValues.runs })
    .from(experimentValues)
    .where(isValueOf(experiment, keys))
    .orderBy(desc(experimentValues.runs), asc(experimentValues.value));
}

export interface SameTag {
  key: string;
  value: string;
  runs: number;
}

/** Tags of an experiment's runs that say the same wherever they hang (`dataset=digits`), on more than one run. */
export async function tagsOfExperimentsRuns(db: Db, experiment: number): Promise<SameTag[]> {
  const rows = await db
    .select({ key: tags.key, value: ONLY_VALUE.as('value'), runs: experimentKeys.runs })
    .from(experimentKeys)
    .innerJoin(tags, IS_KEY_OF_TAG)
    .where(and(hangsOnMore(experiment, 1), eq(experimentKeys.variety, 1)))
    .orderBy(asc(tags.key));
  return rows.filter(({ value }) => value !== '');
}

/** How many runs outside the trash have a tag, as filters name it: `key` or `key=value`. */
export async function countTagged(db: Db, experiment: number | undefined, text: string): Promise<number> {
  const rows = await db
    .select({ n: sql<number>`coalesce(sum(${experimentValues.runs}), 0)`.mapWith(Number) })
    .from(tags)
    .innerJoin(experimentKeys, IS_KEY_OF_TAG)
    .innerJoin(experiments, eq(experiments.id, experimentKeys.experiment_id))
    .innerJoin(experimentValues, IS_VALUE_OF_KEY)
    .where(
      and(
        isNull(tags.trashed_at),
        isNull(experiments.trashed_at),
        saysTag(text, sql`${experimentValues.value}`),
        experiment === undefined ? undefined : eq(experimentKeys.experiment_id, experiment),
      ),
    );
  return rows[0]?.n ?? 0;
}

const IS_KEY_OF_TAG = and(eq(experimentKeys.kind, KeyKind.Tag), eq(experimentKeys.key, sql`cast(${tags.id} as text)`));

/** A tag, joined by its key: on more than `least` runs of the experiment, and not in the trash. */
function hangsOnMore(experiment: number, least: number): SQL | undefined {
  return and(eq(experimentKeys.experiment_id, experiment), gt(experimentKeys.runs, least), isNull(tags.trashed_at));
}

const IS_VALUE_OF_KEY = and(
  eq(experimentValues.experiment_id, experimentKeys.experiment_id),
  eq(experimentValues.kind, experimentKeys.kind),
  eq(experimentValues.key, experimentKeys.key),
);

/** Tags that some run of the experiment has; those in the trash are not counted. */
export async function tagKeysOfExperiment(db: Db, experiment: number): Promise<string[]> {
  const rows = await db
    .select({ key: tags.key })
    .from(experimentKeys)
    .innerJoin(tags, IS_KEY_OF_TAG)
    .where(hangsOnMore(experiment, 0))
    .orderBy(asc(tags.key));
  return rows.map(({ key }) => key);
}
