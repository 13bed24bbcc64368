// experiments/list-page.ts
// Purpose: reads what the list of experiments shows: rows, run counts, tags, the best value of the main metric.
// Why: the best value is kept in memory until the experiment's version moves, so the list costs little however many runs there are.
// Relevant files: experiments/pages.ts, experiments/views.ts, runs/queries.ts, runs/metric-rules.ts

import { splitTrash } from '../shared/http/list-view.ts';
import { Direction, mainMetric } from '../runs/metric-rules.ts';
import { countRuns } from '../runs/list-queries.ts';
import { bestRun } from '../runs/ranking-queries.ts';
import { rulesOf } from '../runs/rules/rule-queries.ts';
import { directionsIn } from '../runs/rules/rule.ts';
import { STALLED_AFTER_MS } from '../runs/status.ts';
import { memo } from '../shared/db/memo.ts';
import type { Db } from '../shared/db/store.ts';
import { tagsOfExperiments, type HungTag } from '../tags/queries.ts';
import { type ExperimentRow } from './models.ts';
import type { ExperimentsPageQuery } from './schemas.ts';
import { countRunning, runCounts, type RunCounts } from './run-count-queries.ts';
import { listExperiments } from './list-queries.ts';
import { metricKeys } from './queries.ts';

export const PAGE_SIZE = 50;

export interface BestValue {
  key: string;
  value: number;
  runId: string;
  runName: string;
}

export interface ExperimentsPageData {
  rows: { experiment: ExperimentRow; counts: RunCounts; tags: HungTag[]; best: BestValue | null }[];
  total: number;
  totals: { experiments: number; runs: number; running: number; trashed: number };
}

export async function readExperimentsPage(
  db: Db,
  query: ExperimentsPageQuery,
  now: number,
): Promise<ExperimentsPageData> {
  const { page, status, ...rest } = query;
  const { trashed, states } = splitTrash(status);
  const { items, total } = await listExperiments(
    db,
    { ...rest, status: states, trashed },
    { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE },
  );
  const ids = items.map((row) => row.id);
  const [counts, tags] = [await runCounts(db, ids, now - STALLED_AFTER_MS), await tagsOfExperiments(db, ids)];
  const rows: ExperimentsPageData['rows'] = [];
  for (const experiment of items) {
    rows.push({
      experiment,
      counts: counts.get(experiment.id) ?? {},
      tags: tags.get(experiment.id) ?? [],
      best: trashed ? null : await bestOf(db, experiment),
    });
  }
  return { rows, total, totals: await readTotals(db, now) };
}

async function readTotals(db: Db, now: number): Promise<ExperimentsPageData['totals']> {
  const all = { order: 'name' };
  const [kept, trash] = [
    await listExperiments(db, all, { limit: 1 }),
    await listExperiments(db, { ...all, trashed: true }, { limit: 1 }),
  ];
  return {
    experiments: kept.total,
    trashed: trash.total,
    runs: await countRuns(db, {}),
    running: await countRunning(db, now - STALLED_AFTER_MS),
  };
}

function bestOf(db: Db, { id, version, main_metric }: ExperimentRow): Promise<BestValue | null> {
  return memo(db, `main best ${id}`, version, async () => {
    const wayOf = directionsIn(await rulesOf(db, id));
    const key = mainMetric(await metricKeys(db, id), main_metric, wayOf);
    const best = key === null ? undefined : await bestRun(db, { experiment: id }, key, wayOf(key) ?? Direction.Max, 1);
    return best && key !== null ? { key, value: best.counts.value, runId: best.run.id, runName: best.run.name } : null;
  });
}
