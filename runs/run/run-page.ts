// runs/run/run-page.ts
// Purpose: reads everything the page of one run shows: itself, its neighbours, params, metrics, curves, artifacts.
// Why: one function reads, one makes it ready; summaries and buckets only, so its cost is bounded.
// Relevant files: runs/pages.ts, runs/run/run-views.ts, runs/run/neighbours.ts, runs/curves/curves.ts

import { metricKeys, requireExperiment } from '../../experiments/queries.ts';
import type { ExperimentRow } from '../../experiments/models.ts';
import {
  describeLoggedModels,
  loggedModelsOfRun,
  modelsOfRuns,
  type LoggedModel,
} from '../../models/logged-queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { Problem } from '../../shared/errors.ts';
import { tagsOfRuns, type HungTag } from '../../tags/queries.ts';
import { readAttemptCurves } from '../attempts/attempt-curves.ts';
import { attemptsOf, type Attempt } from '../attempts/attempt-queries.ts';
import { isMedia, previewKind } from '../artifacts/artifact-kinds.ts';
import { previewArtifact, type Preview } from '../artifacts/artifact-preview.ts';
import type { Contents } from '../artifacts/contents.ts';
import { chartDefaultsOf } from '../curves/default-queries.ts';
import { pageSettings, type PageSettings } from '../curves/own-settings.ts';
import { rivalsOf, type Rival } from '../compare/baseline-queries.ts';
import { settingsFor } from '../curves/chart-views.ts';
import { readCurvesOf, type Curve } from '../curves/curves.ts';
import { datasetsOf, type RunDataset } from '../dataset-queries.ts';
import { byImportance, isProgress, mainMetric, telling } from '../metric-rules.ts';
import type { ArtifactRow, MetricRow, ParamRow, RunRow } from '../models.ts';
import { rulesOf, withCounted, type CountedMetric } from '../rules/rule-queries.ts';
import { directionsIn, type RuleBook } from '../rules/rule.ts';
import { readStanding, type Standing } from './neighbours.ts';
import type { RunPageQuery } from '../page-schemas.ts';
import { artifactsOf, childrenOf, paramsOf, runsById } from '../queries.ts';
import { metricPage, metricsOf } from '../metric-queries.ts';

/** Charts on the page without being asked for; the others are one click away. */
const CHARTS = 6;
const CHILDREN = 20;
/** Summaries shown; the others are found by their name. */
const METRICS = 200;
const PREVIEWS = 4;
const SHORT_BYTES = 8 * 1024;

export interface RunPageData {
  run: RunRow;
  experiment: ExperimentRow;
  parent: RunRow | undefined;
  children: { items: RunRow[]; total: number };
  params: ParamRow[];
  /** By key, at most 200 of them. */
  metrics: CountedMetric[];
  rules: RuleBook;
  metricTotal: number;
  points: number;
  tags: HungTag[];
  attempts: Attempt[];
  datasets: RunDataset[];
  /** Made or used by it, with the step of those made. */
  models: { model: LoggedModel; step: number | undefined; isInput: boolean }[];
  artifacts: { row: ArtifactRow; preview: Preview | null }[];
  /** Previews are missing that may be there when the page is asked for again. */
  isStorageAway: boolean;
  standing: Standing | null;
  charts: { key: string; curves: Curve[] }[];
  settings: PageSettings;
  rivals: Rival[];
  isBaseline: boolean;
  /** The first of them with what attempts overtook of it; empty where there is none. */
  overtaken: Curve[];
}

export async function readRunPage(db: Db, contents: Contents, run: RunRow, query: RunPageQuery): Promise<RunPageData> {
  const experiment = await requireExperiment(db, run.experiment_id);
  const page = await metricPage(db, run.id, { find: query.find, limit: METRICS });
  const rules = await rulesOf(db, experiment.id);
  const isPart = page.items.length < page.total || query.find !== undefined;
  const asked = await metricsOf(db, [run.id], query.metric ?? (isPart ? await tellingKeys(db, experiment, rules) : [experiment.main_metric ?? ''])); // prettier-ignore
  const read = [...new Map([...page.items, ...asked].map((metric) => [metric.key, metric])).values()];
  const known = await withCounted(db, rules, read);
  const metrics = known.slice(0, page.items.length);
  const main = mainMetric(
    known.map((metric) => metric.key),
    experiment.main_metric,
    directionsIn(rules),
  );
  const settings = pageSettings(query, await chartDefaultsOf(db, [run]));
  const curves = await readCurvesOf(db, [run], chartKeys(known, main, rules, query.metric ?? []), (key) =>
    settingsFor(settings.of(key), 'normal'),
  );
  const attempts = await attemptsOf(db, run);
  const parent = run.parent_id ? (await runsById(db, [run.parent_id]))[0] : undefined;
  const [first] = [...curves.values()].flat();
  return {
    run,
    experiment,
    parent,
    ...(await rivalsOf(db, run, experiment, { parent, main })),
    children: await childrenOf(db, run.id, CHILDREN),
    params: await paramsOf(db, [run.id]),
    metrics,
    rules,
    metricTotal: page.total,
    points: page.points,
    tags: (await tagsOfRuns(db, [run.id])).get(run.id) ?? [],
    attempts,
    overtaken: await readAttemptCurves(db, run, attempts, first, settingsFor(settings.of(first?.key ?? ''), 'normal')),
    datasets: (await datasetsOf(db, [run.id])).get(run.id) ?? [],
    models: await modelsOf(db, run.id),
    ...(await withPreviews(contents, await artifactsOf(db, [run.id]))),
    standing: await readStanding(db, experiment, run, known, main, rules),
    charts: [...curves].map(([key, some]) => ({ key, curves: some })),
    settings,
  };
}

/** Of a run with hundreds of metrics the page has a part: what matters most may be none of it. */
async function tellingKeys(db: Db, experiment: ExperimentRow, rules: RuleBook): Promise<string[]> {
  const keys = await metricKeys(db, experiment.id);
  const wayOf = directionsIn(rules);
  const main = mainMetric(keys, experiment.main_metric, wayOf);
  return [...(main === null ? [] : [main]), ...telling(keys, main, wayOf).slice(0, 4 * CHARTS)];
}

async function modelsOf(db: Db, id: string): Promise<RunPageData['models']> {
  const models = await describeLoggedModels(db, await loggedModelsOfRun(db, id));
  if (models.length === 0) return [];
  const { inputs, outputs } = (await modelsOfRuns(db, [id])).get(id) ?? { inputs: [], outputs: [] };
  return models.map((model) => ({
    model,
    step: outputs.find(({ model_id }) => model_id === model.id)?.step,
    isInput: inputs.some(({ model_id }) => model_id === model.id),
  }));
}

/** The metrics asked for, else the most important ones that are curves (more than one point). */
function chartKeys(metrics: MetricRow[], main: string | null, rules: RuleBook, asked: string[]): string[] {
  if (asked.length > 0) return asked.filter((key) => metrics.some((metric) => metric.key === key));
  const curves = metrics.filter((metric) => metric.count > 1).map((metric) => metric.key);
  return byImportance(
    curves.filter((key) => !isProgress(key)),
    main,
    directionsIn(rules),
  ).slice(0, CHARTS);
}

/** Pictures, then short texts are shown in place, a few of them; everything has a page of its own. */
async function withPreviews(
  contents: Contents,
  rows: ArtifactRow[],
): Promise<Pick<RunPageData, 'artifacts' | 'isStorageAway'>> {
  const shown = new Map<ArtifactRow, Preview>();
  let isStorageAway = false;
  const isPicture = (row: ArtifactRow): boolean => isMedia(previewKind(row.path));
  const short = rows.filter((row) => row.size > 0 && (isPicture(row) || row.size <= SHORT_BYTES));
  for (const row of [...short.filter(isPicture), ...short.filter((row) => !isPicture(row))]) {
    if (shown.size === PREVIEWS || isStorageAway) break;
    const preview = await previewIfThere(contents, row);
    if (preview === 'away') isStorageAway = true;
    else if (preview !== null && preview.kind !== 'none') shown.set(row, preview);
  }
  return { artifacts: rows.map((row) => ({ row, preview: shown.get(row) ?? null })), isStorageAway };
}

/** A storage that does not answer takes the previews from the page, not the page; and is not asked again for each. */
async function previewIfThere(contents: Contents, row: ArtifactRow): Promise<Preview | 'away' | null> {
  return previewArtifact(contents, row).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error;
    return error.status >= 500 ? 'away' : null;
  });
}
