// runs/compare/group-numbers.ts
// Purpose: what the groups of a comparison come to: mean, standard deviation, n and extremes of each metric over their finished runs.
// Why: page, JSON and decisions say the same of groups as the groups page and the conclusions; a crashed run's last value is no result.
// Relevant files: runs/compare/whole-groups.ts, runs/compare/group-ends.ts, runs/compare/compare-json.ts, shared/stats/moments.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import { experimentsById } from '../../experiments/queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { grouped } from '../../shared/grouped.ts';
import { statsOf, type Stats } from '../../shared/stats/moments.ts';
import { keptKeys } from '../kept-facts.ts';
import { byImportance, mainMetric } from '../metric-rules.ts';
import { RunStatus } from '../models.ts';
import { metricsOf } from '../metric-queries.ts';
import { rulesOfMany, withCounted } from '../rules/rule-queries.ts';
import { directionsIn, NO_RULES, ruleFor, type MetricRule, type RuleBook } from '../rules/rule.ts';
import { sharedRules } from '../rules/shared-rules.ts';
import { bestPlaces } from './best-places.ts';
import { leadMetric } from './lead-metric.ts';
import { valuesOfRest, valuesReader, type WholeGroup } from './whole-groups.ts';

export interface GroupLine {
  key: string;
  rule: MetricRule;
  /** The rules of the runs' experiments differ: last values count. */
  isMixed: boolean;
  /** In the order of the groups; null: no member has a finite value. */
  stats: (Stats | null)[];
  /** Finished members without a finite value, in the same order. */
  without: number[];
  /** Places (0 …) of the groups with the best mean: `bestPlaces`. */
  best: number[];
}

/** Of the values that count and are finite, of all finished runs; most telling metric first. What only others have is a line without stats. */
export async function groupNumbers(db: Db, all: readonly WholeGroup[]): Promise<GroupLine[]> {
  if (all.length === 0) return [];
  const ids = all.flatMap(({ experiment, runs }) => (runs.length > 0 ? [experiment] : []));
  const experiments = await experimentsById(db, [...new Set(ids)]);
  const { shared, mixed, own } = sharedRules(await rulesOfMany(db, [...experiments.keys()]));
  const { ends, loggedIn } = await readSummaries(db, all, own);
  await addOtherKeys(db, all, experiments, ends);
  const groups = all.map((group) => ({ ...group, runs: group.runs.filter(({ status }) => status === RunStatus.Finished) }));
  const read = valuesReader(db);
  const numbers = new Map<string, number[][]>();
  for (const [key, byRun] of ends) {
    const values: number[][] = [];
    for (const { runs, experiment, rest: others } of groups) {
      const row = experiments.get(experiment);
      // By its own rule: how far a rule that was just changed is counted is another matter in each experiment.
      const rule = { rule: ruleFor(own.get(experiment) ?? NO_RULES, key), isMixed: mixed.has(key) };
      const more = row ? await valuesOfRest(read, row, rule, others) : [];
      if (more.length > 0) noteLogged(loggedIn, key, experiment);
      values.push([...finiteOf(runs.map(({ id }) => byRun.get(id))), ...more]);
    }
    if (byRun.size > 0 || values.some((some) => some.length > 0)) numbers.set(key, values);
  }
  const wayOf = directionsIn(shared);
  const keys = [...numbers.keys()];
  const had = keys.map((key) => ({
    key,
    n: numbers.get(key)?.filter((some) => some.length > 0).length ?? 0,
    experiments: loggedIn.get(key) ?? new Set<number>(),
  }));
  const main = leadMetric(had, experiments.values(), wayOf);
  return byImportance(keys, main ?? mainMetric(keys, null, wayOf), wayOf).map((key) => {
    const values = numbers.get(key) ?? [];
    const stats = values.map((some) => statsOf(some));
    const rule = ruleFor(shared, key);
    const best = bestPlaces(stats.map((one) => one?.mean), rule.direction); // prettier-ignore
    const without = groups.map(({ runs, rest }, place) => runs.length + rest.length - (values[place]?.length ?? 0));
    return { key, rule, isMixed: mixed.has(key), stats, best, without };
  });
} // prettier-ignore

interface Summaries {
  /** Of each metric the value that counts, by the run's id. */
  ends: Map<string, Map<string, number>>;
  /** Experiments in which a metric is logged. */
  loggedIn: Map<string, Set<number>>;
}

/** Of the runs that are named. */
async function readSummaries(db: Db, all: readonly WholeGroup[], own: Map<number, RuleBook>): Promise<Summaries> {
  const ends: Summaries['ends'] = new Map();
  const loggedIn: Summaries['loggedIn'] = new Map();
  const ids = [...new Set(all.flatMap((group) => group.runs.map(({ id }) => id)))];
  for (const [experiment, some] of grouped(await metricsOf(db, ids), (row) => row.experiment_id))
    for (const row of await withCounted(db, own.get(experiment) ?? NO_RULES, some)) {
      const of = ends.get(row.key) ?? new Map<string, number>();
      ends.set(row.key, of.set(row.run_id, row.counts?.value ?? NaN));
      noteLogged(loggedIn, row.key, experiment);
    }
  return { ends, loggedIn };
}

function noteLogged(loggedIn: Summaries['loggedIn'], key: string, experiment: number): void {
  loggedIn.set(key, (loggedIn.get(key) ?? new Set<number>()).add(experiment));
}

/** Metrics that only members have which are not named. */
async function addOtherKeys(
  db: Db,
  all: readonly WholeGroup[],
  experiments: ReadonlyMap<number, ExperimentRow>,
  ends: Summaries['ends'],
): Promise<void> {
  for (const id of new Set(all.flatMap(({ experiment, rest }) => (rest.length > 0 ? [experiment] : [])))) {
    const row = experiments.get(id);
    for (const key of row ? await keptKeys(db, row) : []) if (!ends.has(key)) ends.set(key, new Map());
  }
}

function finiteOf(values: (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
}
