// imports/pack.ts
// Purpose: a compact file of experiments and runs: written from any source, read back as one.
// Why: the seed's real runs travel with the repository and go in the same way as a user's import.
// Relevant files: imports/pack-lines.ts, imports/records.ts, imports/digits.pack

/**
 * The format, version 1: Brotli over UTF-8 JSON lines.
 *
 *   {"format":"runs-pack","version":1,"experiments":1,"runs":27}
 *   {"type":"experiment", name, description, created_at, trashed_at, tags}
 *   {"type":"run", id, name, status, start_time, end_time, parent_id, notes, trashed_at, params, tags}
 *   {"type":"points", key, "steps":[…], "timestamps":[…], "values":[…]}
 *   {"type":"artifact", path, "base64":"…"}
 *
 * A run belongs to the experiment before it; points and artifacts to the run before them. `steps` and `timestamps`
 * (ms) are differences to the one before, from 0. `values` are exact: shortest digits that give the same double,
 * and the strings "NaN", "Infinity", "-Infinity", "-0". A key may have several lines. Read and written whole, in memory: for seed data.
 *
 * digits.pack holds the 27 runs of an MLflow file store, packed by packSource with a description added.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { z } from 'zod';
import { bodyLine, headLine, toBatches, toLines } from './pack-lines.ts';
import type { ArtifactLine, ExperimentLine, PointsLine, RunLine } from './pack-lines.ts';
import { SourceError, type Source, type SourceArtifact, type SourcePoint, type SourceRun } from './records.ts';

/** Unpacked bytes; a file that unpacks to more is refused. */
const PACK_BYTES_MAX = 256 * 1024 * 1024;

interface PackedRun {
  facts: RunLine;
  points: PointsLine[];
  artifacts: ArtifactLine[];
}

interface PackedExperiment {
  facts: ExperimentLine;
  runs: PackedRun[];
}

/** `descriptions`, by experiment name, replace empty ones. Gives the file's size in bytes. */
export async function packSource(
  source: Source,
  file: string,
  descriptions: Record<string, string> = {},
): Promise<number> {
  const lines: string[] = [];
  const counted = { experiments: 0, runs: 0 };
  for await (const { runs, ...facts } of source.experiments()) {
    counted.experiments += 1;
    const description = facts.description || (descriptions[facts.name] ?? '');
    lines.push(JSON.stringify({ type: 'experiment', ...facts, description } satisfies ExperimentLine));
    for await (const run of runs()) {
      counted.runs += 1;
      lines.push(...(await runLines(run)));
    }
  }
  lines.unshift(JSON.stringify({ format: 'runs-pack', version: 1, ...counted }));
  const text = Buffer.from(lines.join('\n') + '\n');
  const bytes = brotliCompressSync(text, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  await writeFile(file, bytes);
  return bytes.length;
}

async function runLines({ points, artifacts, ...facts }: SourceRun): Promise<string[]> {
  const lines = [JSON.stringify({ type: 'run', ...facts } satisfies RunLine)];
  const all: SourcePoint[] = [];
  for await (const batch of points()) all.push(...batch);
  for (const line of toLines(all)) lines.push(JSON.stringify(line));
  for await (const { path, file } of artifacts()) {
    const bytes = typeof file === 'string' ? await readFile(file) : Buffer.from(file);
    lines.push(JSON.stringify({ type: 'artifact', path, base64: bytes.toString('base64') } satisfies ArtifactLine));
  }
  return lines;
}

/** Errors: SourceError with the line, also for a file that is cut short. */
export async function openPack(file: string): Promise<Source> {
  const experiments = unpack(unzip(await readFile(file), file), file);
  const runs = experiments.reduce((sum, experiment) => sum + experiment.runs.length, 0);
  return {
    kind: 'packed runs',
    location: file,
    count: () => Promise.resolve({ experiments: experiments.length, runs }),
    async *experiments() {
      for (const { facts, runs } of experiments) {
        const { type: _, ...experiment } = facts;
        yield await Promise.resolve({ ...experiment, runs: () => each(runs.map(toRun)) });
      }
    },
    notes: [],
    skipped: [],
    close: () => Promise.resolve(),
  };
}

function toRun({ facts, points, artifacts }: PackedRun): SourceRun {
  const { type: _, ...run } = facts;
  const files = artifacts.map(({ path, base64 }): SourceArtifact => ({ path, file: Buffer.from(base64, 'base64') }));
  return { ...run, points: () => each(toBatches(points)), artifacts: () => each(files) };
}

async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

function unzip(bytes: Buffer, file: string): string[] {
  try {
    const text = brotliDecompressSync(bytes, { maxOutputLength: PACK_BYTES_MAX }).toString('utf8');
    return text.split('\n').filter((line) => line !== '');
  } catch (error) {
    throw new SourceError(`is not a .pack file (${error instanceof Error ? error.message : String(error)})`, file);
  }
}

function unpack([first = '', ...rest]: string[], file: string): PackedExperiment[] {
  const head = parse(headLine, first, file, 1);
  const experiments: PackedExperiment[] = [];
  for (const [i, text] of rest.entries()) {
    const line = parse(bodyLine, text, file, i + 2);
    const experiment = experiments.at(-1);
    const run = experiment?.runs.at(-1);
    if (line.type === 'experiment') experiments.push({ facts: line, runs: [] });
    else if (line.type === 'run' && experiment) experiment.runs.push({ facts: line, points: [], artifacts: [] });
    else if (line.type === 'points' && run) run.points.push(line);
    else if (line.type === 'artifact' && run) run.artifacts.push(line);
    else throw new SourceError(`${line.type} before what it belongs to`, file, i + 2);
  }
  const runs = experiments.reduce((sum, experiment) => sum + experiment.runs.length, 0);
  if (experiments.length === head.experiments && runs === head.runs) return experiments;
  throw new SourceError(`is cut short: ${runs} of ${head.runs} runs`, file, rest.length + 1);
}

function parse<T>(shape: z.ZodType<T>, text: string, file: string, line: number): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SourceError('is not JSON', file, line);
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new SourceError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong shape'}`, file, line);
}
