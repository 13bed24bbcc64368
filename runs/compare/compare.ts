// runs/compare/compare.ts
// Purpose: what differs between runs: params, tags, facts, metrics with the best of each; what is equal apart.
// Why: one function reads for the page and the API; summaries only.
// Relevant files: runs/compare/compare-routes.ts, runs/compare/compare-views.ts, runs/compare/summary-cells.ts, runs/metric-rules.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import { experimentsById } from '../../experiments/queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { grouped } from '../../shared/grouped.ts';
import { tagsOfRuns } from '../../tags/queries.ts';
import { byImportance, mainMetric, type Direction } from '../metric-rules.ts';
import type { RunRow } from '../models.ts';
import { metricsOf } from '../metric-queries.ts';
import { paramsOf } from '../queries.ts';
import { rulesOfMany, withCounted } from '../rules/rule-queries.ts';
import { directionsIn, NO_RULES, ruleFor, Takes, type Counted, type MetricRule } from '../rules/rule.ts';
import { sharedRules, type SharedRules } from '../rules/shared-rules.ts';
import { bestPlaces } from './best-places.ts';
import { leadMetric, type Had } from './lead-metric.ts';
import { lastOf, summaryCells, type SummaryCells } from './summary-cells.ts';

/** One thing of every run, in the order of the runs; null where a run does not have it. */
export interface Line {
  key: string;
  values: (string | null)[];
}

export interface MetricLine {
  key: string;
  direction: Direction | null;
  rule: MetricRule;
  /** The rules of the runs' experiments differ: last values are compared. */
  isMixed: boolean;
  cells: (SummaryCells | null)[];
  /** By the rule; null where the run has none. */
  values: (Counted | null)[];
  /** Places (0 …) of the runs with the best finite value; empty without a direction, where one run only has a value, or where all are equal. */
  best: number[];
}

export interface Comparison {
  runs: RunRow[];
  experiments: Map<number, ExperimentRow>;
  params: { differ: Line[]; equal: Line[] };
  tags: { differ: Line[]; equal: Line[] };
  /** Most telling first. */
  metrics: MetricLine[];
  /** What it leads with: at least two of the runs have a finite value of it. */
  main: string | null;
}

export async function readComparison(db: Db, runs: RunRow[]): Promise<Comparison> {
  const ids = runs.map((run) => run.id);
  const tags = await tagsOfRuns(db, ids);
  const tagRows = [...tags].flatMap(([run_id, hung]) => hung.map(({ key, value }) => ({ run_id, key, value })));
  const experiments = await experimentsById(db, [...new Set(runs.map((run) => run.experiment_id))]);
  const rules = sharedRules(await rulesOfMany(db, [...experiments.keys()]));
  const { metrics, main } = await readMetricLines(db, runs, [...experiments.values()], rules);
  return {
    runs,
    experiments,
    params: splitLines(linesOf(ids, await paramsOf(db, ids))),
    tags: splitLines(linesOf(ids, tagRows)),
    metrics,
    main,
  };
}

/** The main metric that the experiments of the runs have chosen, if they agree. */
function chosenMetric(experiments: readonly ExperimentRow[]): string | null {
  const chosen = new Set(experiments.map(({ main_metric }) => main_metric));
  return chosen.size === 1 ? ([...chosen][0] ?? null) : null;
}

function linesOf(ids: string[], rows: { run_id: string; key: string; value: string }[]): Line[] {
  const place = new Map(ids.map((id, index) => [id, index]));
  const lines = new Map<string, Line>();
  for (const { run_id, key, value } of rows) {
    const line = lines.get(key) ?? { key, values: ids.map(() => null) };
    line.values[place.get(run_id) ?? 0] = value;
    lines.set(key, line);
  }
  return [...lines.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function splitLines(lines: Line[]): { differ: Line[]; equal: Line[] } {
  const isEqual = ({ values }: Line): boolean => values.every((value) => value === values[0]);
  return { differ: lines.filter((line) => !isEqual(line)), equal: lines.filter(isEqual) };
}

async function readMetricLines(
  db: Db,
  runs: RunRow[],
  experiments: ExperimentRow[],
  { shared, mixed, own }: SharedRules,
): Promise<Pick<Comparison, 'metrics' | 'main'>> {
  const place = new Map(runs.map(({ seq }, index) => [seq, index]));
  const rows = await summaryCells(db, [...place.keys()]);
  const lines = new Map<string, Pick<MetricLine, 'cells' | 'values'>>();
  const ruled = new Set<string>();
  for (const cells of rows) {
    const [seq, key, experiment] = cells;
    let line = lines.get(key);
    if (!line) lines.set(key, (line = { cells: runs.map(() => null), values: runs.map(() => null) }));
    const index = place.get(seq) ?? 0;
    line.cells[index] = cells;
    if (ruleFor(own.get(experiment) ?? NO_RULES, key).takes === Takes.Last) line.values[index] = lastOf(cells);
    else ruled.add(key);
  }
  await readRuled(db, runs, lines, { keys: [...ruled], own });
  const wayOf = directionsIn(shared);
  const keys = [...lines.keys()];
  const main = leadMetric(
    [...lines].map(([key, line]) => hadBy(runs, key, line)),
    experiments,
    wayOf,
  );
  // Where nothing can be compared, the order is that of the metrics by themselves.
  const first = main ?? mainMetric(keys, chosenMetric(experiments), wayOf);
  const metrics = byImportance(keys, first, wayOf).map((key) => {
    const { cells, values } = lines.get(key) ?? { cells: [], values: [] };
    const rule = ruleFor(shared, key);
    const { direction } = rule;
    return {
      key,
      direction,
      rule,
      isMixed: mixed.has(key),
      cells,
      values,
      best: bestPlaces(
        values.map((one) => one?.value),
        direction,
      ),
    };
  });
  return { metrics, main };
}

function hadBy(runs: readonly RunRow[], key: string, { cells, values }: Pick<MetricLine, 'cells' | 'values'>): Had {
  return {
    key,
    n: values.filter((one) => one !== null && Number.isFinite(one.value)).length,
    experiments: new Set(runs.flatMap((run, place) => (cells[place] ? [run.experiment_id] : []))),
  };
}

/** Metrics of which another value than the last counts: they are few. */
async function readRuled(
  db: Db,
  runs: RunRow[],
  lines: ReadonlyMap<string, Pick<MetricLine, 'values'>>,
  { keys, own }: { keys: string[] } & Pick<SharedRules, 'own'>,
): Promise<void> {
  if (keys.length === 0) return;
  const place = new Map(runs.map(({ id }, index) => [id, index]));
  const rows = grouped(await metricsOf(db, [...place.keys()], keys), (row) => row.experiment_id);
  for (const [experiment, some] of rows) {
    for (const row of await withCounted(db, own.get(experiment) ?? NO_RULES, some)) {
      const line = lines.get(row.key);
      if (line) line.values[place.get(row.run_id) ?? 0] = row.counts;
    }
  }
}
