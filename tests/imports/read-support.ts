// tests/imports/read-support.ts
// Purpose: reads a whole source into plain values, and copies fixtures to break them.
// Why: tests compare values; the stream is for the writer.
// Relevant files: imports/records.ts, tests/fixtures/mlflow/digits-truth.json.gz

import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSource } from '../../imports/detect.ts';
import { SourceError } from '../../imports/records.ts';
import type { Source, SourceExperiment, SourcePoint, SourceRun } from '../../imports/records.ts';

export const FIXTURES = join(import.meta.dirname, '../fixtures/mlflow');
export const DIGITS_PACK = join(import.meta.dirname, '../../imports/digits.pack');
export const DIGITS_ID = '837900164848496899';

export interface ReadRun extends Omit<SourceRun, 'points' | 'artifacts'> {
  points: SourcePoint[];
  batches: number[];
  /** Path → sha256 of the contents. */
  artifacts: Record<string, string>;
}

export interface ReadExperiment extends Omit<SourceExperiment, 'runs'> {
  runs: ReadRun[];
}

export async function readAll(source: Source): Promise<ReadExperiment[]> {
  const experiments: ReadExperiment[] = [];
  for await (const { runs, ...facts } of source.experiments()) {
    const experiment: ReadExperiment = { ...facts, runs: [] };
    experiments.push(experiment);
    for await (const run of runs()) experiment.runs.push(await readRun(run));
  }
  await source.close();
  return experiments;
}

async function readRun({ points, artifacts, ...facts }: SourceRun): Promise<ReadRun> {
  const run: ReadRun = { ...facts, points: [], batches: [], artifacts: {} };
  for await (const batch of points()) {
    run.batches.push(batch.length);
    run.points.push(...batch);
  }
  for await (const { path, file } of artifacts()) {
    const bytes = typeof file === 'string' ? await readFile(file) : file;
    run.artifacts[path] = createHash('sha256').update(bytes).digest('hex');
  }
  return run;
}

export function runNamed(experiments: ReadExperiment[], name: string): ReadRun {
  const run = experiments.flatMap(({ runs }) => runs).find((candidate) => candidate.name === name);
  if (!run) throw new Error(`no run named ${name}`);
  return run;
}

/** Values of one key as they came: [step, timestamp, value]. */
export function valuesOf(run: ReadRun, key: string): [number, number, number][] {
  return run.points.filter((point) => point.key === key).map(({ step, timestamp, value }) => [step, timestamp, value]);
}

export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'read test '));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of the fixtures (mlruns/, small.db, artifacts/) that a test may break. */
export async function copyOfFixtures(): Promise<string> {
  const folder = await emptyFolder();
  await cp(FIXTURES, folder, { recursive: true });
  return folder;
}

/** The SourceError that reading everything at `path` ends with. */
export async function errorOf(path: string): Promise<SourceError> {
  try {
    await readAll(await openSource(path));
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error(`${path} was read without an error`);
}
