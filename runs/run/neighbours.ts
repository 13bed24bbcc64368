// runs/run/neighbours.ts
// Purpose: where a run stands in its experiment: its rank by the main metric, and the run most like it.
// Why: the first questions about a run are how good it is and what made the difference.
// Relevant files: runs/run/run-page.ts, runs/standing-queries.ts, runs/rank-count-queries.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { Direction } from '../metric-rules.ts';
import type { RunRow } from '../models.ts';
import { withCounted, type CountedMetric } from '../rules/rule-queries.ts';
import { ruleFor, type RuleBook } from '../rules/rule.ts';
import { findMetric } from '../metric-queries.ts';
import { paramsOf, runsById } from '../queries.ts';
import { countBetter } from '../ranking-queries.ts';
import { nearestRun } from '../standing-queries.ts';

export interface Standing {
  key: string;
  rank: number;
  /** Runs with a finite value of the main metric. */
  among: number;
  nearest: { run: RunRow; differs: ParamChange[]; metric: CountedMetric | undefined } | null;
}

export interface ParamChange {
  key: string;
  /** undefined: not set */
  here: string | undefined;
  there: string | undefined;
}

/** null where the run has no finite value of a metric whose direction is known. */
export async function readStanding(
  db: Db,
  experiment: ExperimentRow,
  run: RunRow,
  metrics: CountedMetric[],
  main: string | null,
  rules: RuleBook,
): Promise<Standing | null> {
  const metric = metrics.find(({ key }) => key === main);
  const direction = metric && ruleFor(rules, metric.key).direction;
  const value = metric?.counts?.value ?? NaN;
  if (!metric || !direction || !Number.isFinite(value)) return null;
  const { better, among } = await countBetter(
    db,
    experiment.id,
    metric.key,
    value,
    direction === Direction.Max,
    experiment,
  );
  return {
    key: metric.key,
    rank: better + 1,
    among,
    nearest: await readNearest(db, experiment, run, metric.key, rules),
  };
}

async function readNearest(
  db: Db,
  experiment: ExperimentRow,
  run: RunRow,
  key: string,
  rules: RuleBook,
): Promise<Standing['nearest']> {
  const id = await nearestRun(db, experiment, run, key);
  const [other] = id === undefined ? [] : await runsById(db, [id]);
  if (!other) return null;
  const metric = await findMetric(db, other.id, key);
  return {
    run: other,
    differs: differences(await paramsOf(db, [run.id, other.id]), run.id),
    metric: metric && (await withCounted(db, rules, [metric]))[0],
  };
}

/** Params in which two runs differ, by key. `params`: those of both. */
function differences(params: { run_id: string; key: string; value: string }[], here: string): ParamChange[] {
  const changes = new Map<string, ParamChange>();
  for (const { run_id, key, value } of params) {
    const change = changes.get(key) ?? { key, here: undefined, there: undefined };
    changes.set(key, run_id === here ? { ...change, here: value } : { ...change, there: value });
  }
  return [...changes.values()].filter((change) => change.here !== change.there);
}
