// imports/detect.ts
// Purpose: finds out what a path is and opens the reader for it.
// Why: `import SOURCE` takes one path; two stores in one folder are asked about, never chosen between.
// Relevant files: imports/mlflow-files.ts, imports/mlflow-sqlite.ts, imports/tensorboard/tensorboard.ts, imports/pack.ts

import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { entriesOf, isFile } from './folder.ts';
import { openMlflowFiles } from './mlflow-files.ts';
import { openMlflowSqlite } from './mlflow-sqlite.ts';
import { openPack } from './pack.ts';
import { SourceError, type Source } from './records.ts';
import { holdsEvents, isEventFile } from './tensorboard/runs-below.ts';
import { openTensorboard } from './tensorboard/tensorboard.ts';

const FORMATS =
  'Give an MLflow folder (mlruns), an MLflow SQLite file (.db, .sqlite, .sqlite3), a folder of TensorBoard event files ' +
  'or a .pack file.';

/** Errors: SourceError that says what was looked for. */
export async function openSource(path: string): Promise<Source> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new SourceError(`there is no such file or folder. ${FORMATS}`, path);
  if (found.isDirectory()) return openFolder(path);
  if (/\.pack$/i.test(path)) return openPack(path);
  if (/\.(db|sqlite3?)$/i.test(path)) return openMlflowSqlite(path);
  if (isEventFile(path)) throw new SourceError('is one file of a run: give the folder that holds it.', path);
  throw new SourceError(`is in no known format. ${FORMATS}`, path);
}

async function openFolder(path: string): Promise<Source> {
  if (await holdsExperiments(path)) return openMlflowFiles(path);
  if (await isFile(join(path, 'meta.yaml'))) {
    throw new SourceError('is one experiment or run of an MLflow store: give the folder that holds the store.', path);
  }
  const files = join(path, 'mlruns');
  const database = join(path, 'mlflow.db');
  const hasFiles = await holdsExperiments(files);
  const hasDatabase = await isFile(database);
  if (hasFiles && hasDatabase) {
    throw new SourceError(`holds two stores. Import ${files} or ${database}, or one after the other.`, path);
  }
  if (hasFiles) return openMlflowFiles(files);
  if (hasDatabase) return openMlflowSqlite(database);
  // Last: event files may be artifacts of an MLflow store, and there may be a lot to look through.
  if (await holdsEvents(path)) return openTensorboard(resolve(path));
  throw new SourceError(`has no event files, no experiments, no mlruns and no mlflow.db in it. ${FORMATS}`, path);
}

/** A meta.yaml two or three folders down: `<experiment>/meta.yaml`, or `<experiment>/<run>/meta.yaml` where that is lost. */
async function holdsExperiments(root: string): Promise<boolean> {
  for (const parent of [root, join(root, '.trash')]) {
    for (const entry of (await stat(parent).catch(() => null)) ? await entriesOf(parent) : []) {
      if (!entry.isDirectory() || !/^\d+$/.test(entry.name)) continue;
      if (await isFile(join(parent, entry.name, 'meta.yaml'))) return true;
      for (const run of await entriesOf(join(parent, entry.name))) {
        if (await isFile(join(parent, entry.name, run.name, 'meta.yaml'))) return true;
      }
    }
  }
  return false;
}
