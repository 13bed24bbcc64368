// runs/table/experiment-page.ts
// Purpose: reads everything the page of one experiment shows: itself, its counts, the run table, the chart of the main metric.
// Why: one function reads, one makes it ready; the page's cost is bounded by what is shown.
// Relevant files: runs/pages.ts, runs/table/experiment-views.ts, runs/table/table.ts, runs/curves/curves.ts

import type { DecisionRow } from '../../decisions/models.ts';
import { countDecisions, latestDecisions } from '../../decisions/queries.ts';
import { splitTrash } from '../../shared/http/list-view.ts';
import type { ExperimentRow } from '../../experiments/models.ts';
import { runCounts, type RunCounts } from '../../experiments/run-count-queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { tagsOfExperiments, type HungTag } from '../../tags/queries.ts';
import { settingsOf } from '../curves/chart-settings.ts';
import { settingsFor } from '../curves/chart-views.ts';
import { readCurves, type Curve } from '../curves/curves.ts';
import { keptFact, keptLive, keptRules } from '../kept-facts.ts';
import type { TableQuery } from '../page-schemas.ts';
import { STALLED_AFTER_MS } from '../status.ts';
import { countRuns } from '../list-queries.ts';
import { knownKeys } from '../query/known-queries.ts';
import { tableFilter } from '../view/table-filter.ts';
import { whereOf } from './filter-views.ts';
import { readRunTable, type RunTable } from './table.ts';
import { hasChildren } from './tree-queries.ts';

/** Runs drawn in the small chart of the main metric. */
const CHART_RUNS = 10;

/** Decisions in lines on the page; the others are a link away. */
const DECISIONS_SHOWN = 3;

export interface ExperimentPageData {
  experiment: ExperimentRow;
  tags: HungTag[];
  counts: RunCounts;
  trashed: number;
  table: RunTable;
  /** It has runs that may stand below others. */
  hasTree: boolean;
  curves: Curve[];
  decisions: { latest: DecisionRow[]; total: number };
}

export async function readExperimentPage(
  db: Db,
  experiment: ExperimentRow,
  query: TableQuery,
  now: number,
): Promise<ExperimentPageData> {
  const { where, isWrong } = whereOf(query, now);
  const { trashed } = splitTrash(query.status);
  const filter = tableFilter(experiment.id, { ...query, where });
  const [table, standing] = await Promise.all([
    readRunTable(db, experiment, filter, query),
    readStanding(db, experiment, now),
  ]);
  // What may have been meant.
  if (isWrong) table.paramKeys = [...(await knownKeys(db, experiment.id)).param];
  const withMain = table.rows
    .filter(({ metrics }) => table.main !== null && metrics.has(table.main))
    .slice(0, CHART_RUNS);
  return {
    experiment,
    ...standing,
    table,
    hasTree: !trashed && standing.hasTree,
    curves:
      table.main === null || trashed
        ? []
        : await readCurves(
            db,
            withMain.map(({ run }) => run),
            table.main,
            settingsFor(settingsOf(query), 'small'),
            await keptRules(db, experiment),
          ),
  };
}

type Of = Omit<ExperimentPageData, 'experiment' | 'table' | 'curves'>;

/** What the page says whatever is filtered. */
async function readStanding(db: Db, experiment: ExperimentRow, now: number): Promise<Of> {
  const { id } = experiment;
  const [tags, counts, trashed, hasTree, latest, total] = await Promise.all([
    keptFact(db, experiment, 'tags', async () => (await tagsOfExperiments(db, [id])).get(id) ?? []),
    keptLive(
      db,
      experiment,
      `counts ${now}`,
      async () => (await runCounts(db, [id], now - STALLED_AFTER_MS)).get(id) ?? {},
    ),
    keptFact(db, experiment, 'trashed', () => countRuns(db, { experiment: id, trashed: true })),
    keptFact(db, experiment, 'tree', () => hasChildren(db, id)),
    keptFact(db, experiment, 'decisions', () => latestDecisions(db, id, DECISIONS_SHOWN)),
    keptFact(db, experiment, 'decided', () => countDecisions(db, id)),
  ]);
  return { tags, counts, trashed, hasTree, decisions: { latest, total } };
}
