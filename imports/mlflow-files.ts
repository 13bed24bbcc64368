// imports/mlflow-files.ts
// Purpose: reads an MLflow file store (mlruns/) run by run.
// Why: people move here with what they have; a broken file must be named, not guessed at.
// Relevant files: imports/records.ts, imports/mlflow-meta.ts, imports/mlflow-metric-file.ts, imports/mlflow-common.ts

import { dirname, join } from 'node:path';
import { artifactsOf } from './artifact-folder.ts';
import { entriesOf, filesBelow, IS_LINK, isFile, isLink, readText } from './folder.ts';
import { EMPTY_DEFAULT, experimentFacts, isKept, record, runFacts } from './mlflow-common.ts';
import { readMeta, type Meta } from './mlflow-meta.ts';
import { pointsOf } from './mlflow-metric-file.ts';
import { BATCH_POINTS, RUN_ID, SourceError } from './records.ts';
import type { Source, SourceArtifact, SourceExperiment, SourcePoint, SourceRun } from './records.ts';
import { Remarks } from './remarks.ts';

const META = 'meta.yaml';
const TRASH = '.trash';
/** Folders of an experiment that are no runs; the second word is what a user calls them. */
const NOT_RUNS = new Map<string, string | null>([
  ['tags', null],
  ['traces', 'traces'],
  ['models', 'logged models'],
  ['datasets', 'datasets'],
]);

interface Experiment {
  folder: string;
  meta: Meta;
  runs: { folder: string; meta: Meta }[];
}

/** `location` is the folder that holds the experiments' folders. Layout: <experiment>/<run>/{metrics,params,tags,artifacts}. */
export function openMlflowFiles(location: string): Source {
  const remarks = new Remarks();
  let listed: Promise<Experiment[]> | undefined;
  const list = (): Promise<Experiment[]> => (listed ??= listExperiments(location, remarks));
  return {
    kind: 'MLflow file store',
    location,
    async count() {
      const experiments = await list();
      return { experiments: experiments.length, runs: experiments.reduce((sum, { runs }) => sum + runs.length, 0) };
    },
    async *experiments() {
      for (const experiment of await list()) yield await readExperiment(experiment, location, remarks);
    },
    get notes() {
      return remarks.notes;
    },
    get skipped() {
      return remarks.skipped;
    },
    get skippedPoints() {
      return remarks.skippedPoints;
    },
    async close() {
      await listed?.catch(() => undefined);
    },
  };
}

/** Every meta.yaml is read before the first run is given: order needs the start times. */
async function listExperiments(root: string, remarks: Remarks): Promise<Experiment[]> {
  const found: Experiment[] = [];
  const trash = (await isLink(join(root, TRASH))) ? [] : [join(root, TRASH)];
  for (const parent of [root, ...trash]) {
    for (const entry of await entriesOf(parent)) {
      const folder = join(parent, entry.name);
      if (entry.isSymbolicLink()) remarks.skip(folder, IS_LINK);
      if (entry.name === TRASH || !entry.isDirectory()) continue;
      if (!/^\d+$/.test(entry.name)) {
        remarks.skip(folder, 'its name is not the number of an experiment');
        continue;
      }
      const runs = await listRuns(folder, remarks);
      if (!(await isFile(join(folder, META)))) {
        if (runs.length > 0) throw new SourceError('is missing, and the folder holds runs', join(folder, META));
        remarks.skip(folder, `it has no ${META} and no runs`);
        continue;
      }
      found.push({ folder, meta: await readMeta(join(folder, META)), runs });
    }
  }
  return found.filter((experiment) => isWorthBringing(experiment, remarks));
}

function isWorthBringing({ meta, runs }: Experiment, remarks: Remarks): boolean {
  if (meta.required('name') !== 'Default' || runs.length > 0) return true;
  remarks.note(EMPTY_DEFAULT);
  return false;
}

async function listRuns(experiment: string, remarks: Remarks): Promise<Experiment['runs']> {
  const runs: Experiment['runs'] = [];
  for (const entry of await entriesOf(experiment)) {
    const folder = join(experiment, entry.name);
    // A link in place of the tags is told when they are read.
    if (entry.isSymbolicLink() && entry.name !== 'tags') remarks.skip(folder, IS_LINK);
    if (!entry.isDirectory() || !(await isRun(folder, entry.name, remarks))) continue;
    const meta = await readMeta(join(folder, META));
    const id = meta.required('run_id', 'run_uuid');
    if (id !== entry.name) throw new SourceError(`is of run "${id}", not of this folder's`, meta.file);
    runs.push({ folder, meta });
  }
  return runs.sort((a, b) => (a.meta.time('start_time') ?? 0) - (b.meta.time('start_time') ?? 0));
}

async function isRun(folder: string, name: string, remarks: Remarks): Promise<boolean> {
  const other = NOT_RUNS.get(name);
  if (other) remarks.skip(`${other} (${folder})`, 'only runs are imported');
  if (NOT_RUNS.has(name)) return false;
  if (!RUN_ID.test(name)) remarks.skip(folder, 'its name is not a run id (32 hex digits)');
  if (!RUN_ID.test(name)) return false;
  if (await isFile(join(folder, META))) return true;
  const inside = (await entriesOf(folder)).map((entry) => entry.name);
  if (['metrics', 'params', 'tags'].some((part) => inside.includes(part))) {
    throw new SourceError('is missing, and the folder holds a run', join(folder, META));
  }
  remarks.skip(folder, `it has no ${META} and nothing logged`);
  return false;
}

async function readExperiment(found: Experiment, root: string, remarks: Remarks): Promise<SourceExperiment> {
  const { folder, meta, runs } = found;
  const facts = experimentFacts({
    name: meta.required('name'),
    workspace: meta.text('workspace'),
    deleted: meta.deleted || dirname(folder) === join(root, TRASH),
    creation_time: meta.time('creation_time'),
    last_update_time: meta.time('last_update_time'),
    tags: await readTexts(join(folder, 'tags'), remarks),
  });
  return {
    ...facts,
    async *runs() {
      for (const run of runs) yield await readRun(run.folder, run.meta, root, remarks);
    },
  };
}

async function readRun(folder: string, meta: Meta, root: string, remarks: Remarks): Promise<SourceRun> {
  const id = meta.required('run_id', 'run_uuid');
  const facts = runFacts({
    id,
    run_name: meta.text('run_name'),
    status: meta.status(),
    deleted: meta.deleted,
    deleted_time: meta.time('deleted_time'),
    start_time: meta.time('start_time'),
    end_time: meta.time('end_time'),
    params: await readTexts(join(folder, 'params'), remarks),
    tags: await readTexts(join(folder, 'tags'), remarks),
  });
  const place = {
    runId: id,
    experimentId: meta.text('experiment_id') ?? '',
    uri: meta.text('artifact_uri'),
    base: dirname(root),
  };
  return {
    ...facts,
    points: (): AsyncIterable<SourcePoint[]> => batches(folder, id, remarks),
    artifacts: (): AsyncIterable<SourceArtifact> => artifactsOf(place, remarks, [join(folder, 'artifacts')]),
  };
}

/** One file a key, folders are the slashes of the key, the contents are the value: newlines included. */
async function readTexts(folder: string, remarks: Remarks): Promise<Record<string, string>> {
  const texts: [string, string][] = [];
  for await (const { path, file } of filesBelow(folder, remarks)) texts.push([path, await readText(file)]);
  return record(texts);
}

async function* batches(run: string, runId: string, remarks: Remarks): AsyncGenerator<SourcePoint[]> {
  let batch: SourcePoint[] = [];
  for await (const { path, file } of filesBelow(join(run, 'metrics'), remarks)) {
    for await (const point of pointsOf(file, path)) {
      if (!isKept(point, runId, remarks)) continue;
      batch.push(point);
      if (batch.length < BATCH_POINTS) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
