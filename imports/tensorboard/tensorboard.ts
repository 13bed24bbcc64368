// imports/tensorboard/tensorboard.ts
// Purpose: reads a folder of TensorBoard's event files as an experiment with a run for each folder that holds some.
// Why: half of what people trained before they had a tracker lies in such folders.
// Relevant files: imports/tensorboard/runs-below.ts, imports/tensorboard/survey.ts, imports/tensorboard/points-of.ts, imports/records.ts

import { basename } from 'node:path';
import { record } from '../mlflow-common.ts';
import { SourceError, type Source, type SourceExperiment, type SourceRun } from '../records.ts';
import { Remarks } from '../remarks.ts';
import { pointsOf } from './points-of.ts';
import { runsBelow, type FoundRun } from './runs-below.ts';
import { Survey } from './survey.ts';

/** `location`: an absolute path, so that it has a name. */
export function openTensorboard(location: string): Source {
  const remarks = new Remarks();
  let listed: Promise<FoundRun[]> | undefined;
  const list = (): Promise<FoundRun[]> => (listed ??= listRuns(location, remarks));
  return {
    kind: 'TensorBoard folder',
    location,
    async count() {
      return { experiments: 1, runs: (await list()).length };
    },
    async *experiments() {
      yield experimentOf(location, await list(), remarks);
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

async function listRuns(location: string, remarks: Remarks): Promise<FoundRun[]> {
  const runs = await runsBelow(location, remarks);
  if (runs.length > 0) return runs;
  const why = remarks.skipped.map(({ what, why }) => `${what}: ${why}`)[0];
  throw new SourceError(`no event file in it has a value${why === undefined ? '' : ` (${why})`}`, location);
}

function experimentOf(location: string, runs: FoundRun[], remarks: Remarks): SourceExperiment {
  return {
    name: basename(location),
    description: '',
    created_at: runs[0]?.start ?? null,
    trashed_at: null,
    tags: {},
    async *runs() {
      for (const run of runs) yield await readRun(run, remarks);
    },
  };
}

async function readRun({ id, name, parentId, files }: FoundRun, remarks: Remarks): Promise<SourceRun> {
  const survey = new Survey(remarks);
  for (const file of files) await survey.read(file);
  return {
    id,
    name,
    status: survey.status,
    start_time: survey.start,
    end_time: survey.end,
    parent_id: parentId,
    notes: survey.notes,
    trashed_at: null,
    params: record(survey.params),
    tags: {},
    points: () => pointsOf(id, survey, remarks),
    async *artifacts() {
      // Event files have none that are worth a file of their own.
    },
  };
}
