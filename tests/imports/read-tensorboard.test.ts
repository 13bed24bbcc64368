// tests/imports/read-tensorboard.test.ts
// Purpose: event files of the real writers read as TensorBoard reads them; restarts, hparams, texts by the stated rules.
// Why: a reader of a binary format is right only beside the format's own reader.
// Relevant files: imports/tensorboard/tensorboard.ts, tests/fixtures/tensorboard/make.py, tests/imports/event-support.ts

import { cp, readFile, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openSource } from '../../imports/detect.ts';
import type { Source } from '../../imports/records.ts';
import { crc32c } from '../../imports/tensorboard/crc32c.ts';
import { RunStatus } from '../../runs/models.ts';
import { AT, bytes, double, event, hparams, LOGS, scalar, version, whole, writeEvents } from './event-support.ts';
import { DIGITS_PACK, emptyFolder, errorOf, readAll, runNamed, valuesOf } from './read-support.ts';
import type { ReadExperiment, ReadRun } from './read-support.ts';

/** Folder → metric → [step, seconds, value]; a value that is not finite is a text. Made by make.py with TensorBoard's reader. */
const truthShape = z.record(
  z.string(),
  z.record(z.string(), z.array(z.tuple([z.number(), z.number(), z.union([z.number(), z.string()])]))),
);
const PYTHON: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity };

let source: Source;
let read: ReadExperiment[];
let truth: z.infer<typeof truthShape>;

beforeAll(async () => {
  truth = truthShape.parse(JSON.parse(await readFile(join(LOGS, '../truth.json'), 'utf8')));
  source = await openSource(LOGS);
  read = await readAll(source);
});

/** Folders that add_hparams made, by the run above them. */
function hparamsFolders(run: string): string[] {
  return Object.keys(truth).filter((folder) => new RegExp(`^${run}/\\d{10}\\.\\d+$`).test(folder));
}

async function readEvents(files: Record<string, Buffer[]>): Promise<{ runs: ReadRun[]; source: Source; root: string }> {
  const root = join(await emptyFolder(), 'logs');
  await writeEvents(root, files);
  const opened = await openSource(root);
  const experiments = await readAll(opened);
  return { runs: experiments.flatMap(({ runs }) => runs), source: opened, root };
}

describe('event files of TensorFlow, tensorboardX and PyTorch', () => {
  it('are an experiment named as the folder, with a run for each folder below', () => {
    expect(read.map(({ name }) => name)).toEqual(['logs']);
    const names = ['tf/train', 'tf/validation', 'torch/diverged', 'x/restarted', 'x/sweep', 'x/whole'];
    const sweep = hparamsFolders('x/sweep');
    expect(sweep).toHaveLength(2);
    expect(read[0]?.runs.map(({ name }) => name).toSorted()).toEqual([...names, ...sweep].toSorted());
    for (const { start_time, end_time } of read[0]?.runs ?? [])
      expect(end_time).toBeGreaterThanOrEqual(start_time ?? NaN);
  });

  it("have the points of TensorBoard's own reader, to the bit", () => {
    let points = 0;
    const aside = hparamsFolders('x/whole');
    expect(aside).toHaveLength(1);
    for (const [folder, metrics] of Object.entries(truth)) {
      if (aside.includes(folder)) continue;
      const run = runNamed(read, folder);
      const added = folder === 'x/whole' ? Object.entries(truth[aside[0] ?? ''] ?? {}) : [];
      const keys = new Set<string>();
      for (const [key, values] of [...Object.entries(metrics), ...added]) if (values.length > 0) keys.add(key);
      expect(new Set(run.points.map(({ key }) => key))).toEqual(keys);
      for (const key of keys) {
        const both = [...(metrics[key] ?? []), ...(added.find(([one]) => one === key)?.[1] ?? [])];
        const expected = both.map(([step, seconds, value]) => {
          return [step, Math.round(seconds * 1000), typeof value === 'string' ? PYTHON[value] : value];
        });
        expect(valuesOf(run, key), `${folder} ${key}`).toEqual(expected);
        points += expected.length;
      }
    }
    expect(points).toBeGreaterThan(50);
  });

  it('have the values that the same run logged to MLflow, as 32-bit floats', async () => {
    const mlflow = runNamed(await readAll(await openSource(DIGITS_PACK)), 'diverged');
    const run = runNamed(read, 'torch/diverged');
    for (const key of ['train/loss', 'train/grad_norm', 'val/loss', 'val/accuracy']) {
      const expected = valuesOf(mlflow, key).map(([step, , value]) => [step, Math.fround(value)]);
      expect(valuesOf(run, key).map(([step, , value]) => [step, value])).toEqual(expected);
      expect(expected.length).toBeGreaterThan(0);
    }
    expect(run.params).toEqual({ lr: '1e+38', optimizer: 'sgd', seed: '0', width: '16' });
    for (const [key, value] of Object.entries(run.params)) expect(Number(mlflow.params[key])).toEqual(Number(value));
    expect([run.status, mlflow.status]).toEqual([RunStatus.Finished, RunStatus.Failed]);
  });

  it('have params from hparams, of any type, also from the folder that add_hparams makes', () => {
    expect(runNamed(read, 'tf/train').params).toEqual({
      activation: 'relu',
      bias: 'false',
      dropout: '0.25',
      units: '64',
    });
    expect(runNamed(read, 'x/whole').params).toEqual({
      lr: '0.00001',
      nesterov: 'true',
      optimizer: 'adam',
      width: '16',
    });
    const parent = runNamed(read, 'x/sweep').id;
    const sweep = hparamsFolders('x/sweep').map((folder) => runNamed(read, folder));
    expect(sweep.map(({ params }) => params['lr']).toSorted()).toEqual(['0.1', '0.2']);
    expect(sweep.map(({ parent_id }) => parent_id)).toEqual([parent, parent]);
  });

  it('have the last text of each tag as notes, and what is left out is said with its count', () => {
    expect(runNamed(read, 'x/whole').notes).toBe('### why\n\nto see whether **läuft**');
    expect(runNamed(read, 'tf/train').notes).toBe('### note\n\nwords');
    expect(source.notes.toSorted()).toEqual([
      '1 earlier text left out: of each tag the last text went into the notes.',
      '1 value of another kind not brought over: only scalars, texts and hparams are.',
      '2 histograms not brought over: only scalars, texts and hparams are.',
      '2 images not brought over: only scalars, texts and hparams are.',
      '4 points left out: the run was started again from an earlier step, and their steps were logged anew.',
    ]);
    expect(source.skipped).toEqual([]);
    expect(source.skippedPoints).toBe(4);
  });
});

describe('a run that was started again', () => {
  it('has the later history of the steps that a later file logs again, and the rest of the earlier one', async () => {
    const first = [0, 1, 2, 3, 4, 5].map((step) => scalar('loss', step, step));
    const again = [2, 3].map((step) => scalar('loss', step, 10 + step, AT + 100 + step));
    const { runs, source } = await readEvents({
      'run/events.out.tfevents.9.vm': [version(), ...first, scalar('only', 3, 1)],
      'run/events.out.tfevents.10.vm': [version(AT + 100), ...again],
    });
    expect(valuesOf(runs[0] as ReadRun, 'loss').map(([step, , value]) => [step, value])).toEqual([
      [0, 0],
      [1, 1],
      [4, 4],
      [5, 5],
      [2, 12],
      [3, 13],
    ]);
    expect(valuesOf(runs[0] as ReadRun, 'only')).toHaveLength(1);
    expect(source.skippedPoints).toBe(2);
  });

  it('with the step from which it takes back all before it has only what came after', async () => {
    const { runs } = await readEvents({
      'events.out.tfevents.1.vm': [
        ...[0, 1, 2, 3].flatMap((step) => [scalar('loss', step, step), scalar('other', step, step)]),
        event(2, [bytes(7, whole(1, 1))]),
        scalar('loss', 2, 7),
      ],
    });
    expect(valuesOf(runs[0] as ReadRun, 'loss').map(([step, , value]) => [step, value])).toEqual([
      [0, 0],
      [1, 1],
      [2, 7],
    ]);
    expect(valuesOf(runs[0] as ReadRun, 'other').map(([step]) => step)).toEqual([0, 1]);
  });

  it('keeps late and repeated steps of one file', async () => {
    const { runs } = await readEvents({
      'events.out.tfevents.1.vm': [scalar('loss', 5, 1), scalar('loss', 0, 2), scalar('loss', 5, 3)],
    });
    expect(valuesOf(runs[0] as ReadRun, 'loss').map(([step, , value]) => [step, value])).toEqual([
      [5, 1],
      [0, 2],
      [5, 3],
    ]);
  });
});

describe('hparams', () => {
  it.each([
    [1, RunStatus.Finished, (AT + 60) * 1000],
    [2, RunStatus.Failed, (AT + 60) * 1000],
    [3, RunStatus.Running, null],
  ])('with status %i and times', async (status, expected, end) => {
    const session = bytes(4, Buffer.concat([whole(1, status), double(2, AT + 60)]));
    const { runs } = await readEvents({
      'a/events.out.tfevents.1.vm': [
        version(),
        hparams(bytes(3, double(5, AT - 60))),
        scalar('loss', 1, 1),
        hparams(session),
      ],
    });
    expect(runs).toMatchObject([{ status: expected, start_time: (AT - 60) * 1000, end_time: end }]);
  });
});

it('hparams of any type are texts as JSON writes them', async () => {
  const values: [string, Buffer][] = [
    ['none', whole(1, 0)],
    ['text', bytes(3, 'läuft')],
    ['list', bytes(6, Buffer.concat([bytes(1, double(2, 0.5)), bytes(1, whole(4, 1))]))],
    ['struct', bytes(5, bytes(1, Buffer.concat([bytes(1, 'a'), bytes(2, bytes(3, 'b'))])))],
    ['nan', double(2, NaN)],
  ];
  const params = values.map(([key, value]) => bytes(1, Buffer.concat([bytes(1, key), bytes(2, value)])));
  const { runs } = await readEvents({ 'events.out.tfevents.1.vm': [hparams(bytes(3, Buffer.concat(params)))] });
  expect(runs[0]?.params).toEqual({
    none: 'null',
    text: 'läuft',
    list: '[0.5,true]',
    struct: '{"a":"b"}',
    nan: 'NaN',
  });
});

describe('a run', () => {
  it('keeps its id when it goes on, and has another where its folder is another', async () => {
    const begun = [version(), scalar('loss', 0, 1)];
    const before = await readEvents({ 'a/events.out.tfevents.1.vm': begun, 'b/events.out.tfevents.1.vm': begun });
    const after = await readEvents({
      'a/events.out.tfevents.1.vm': [...begun, scalar('loss', 1, 2)],
      'a/events.out.tfevents.2.vm': [version(), scalar('loss', 2, 3)],
    });
    expect(before.runs[0]?.id).toMatch(/^[0-9a-f]{32}$/);
    expect(after.runs[0]?.id).toBe(before.runs[0]?.id);
    expect(before.runs[1]?.id).not.toBe(before.runs[0]?.id);
  });

  it('with steps or times that no number keeps says so, and has the rest', async () => {
    const { runs, source } = await readEvents({
      'a/events.out.tfevents.1.vm': [
        scalar('loss', 2n ** 53n, 1, AT),
        scalar('loss', -3, 1, AT),
        scalar('loss', 1, 1, NaN),
      ],
    });
    expect(valuesOf(runs[0] as ReadRun, 'loss')).toEqual([[-3, AT * 1000, 1]]);
    expect(source.skippedPoints).toBe(2);
    expect(source.skipped.map(({ what }) => what)).toEqual([
      `a point of metric "loss" of run ${runs[0]?.id} (2 times)`,
    ]);
  });

  it('comes in lists of at most 1000 points', async () => {
    const many = Array.from({ length: 2500 }, (_, step) => scalar('loss', step, step));
    const { runs } = await readEvents({ 'a/events.out.tfevents.1.vm': many });
    expect(runs[0]?.batches).toEqual([1000, 1000, 500]);
  });
});

describe('a folder', () => {
  it('that is one run is named as it', async () => {
    const folder = join(LOGS, 'torch/diverged');
    const [experiment] = await readAll(await openSource(folder));
    expect([experiment?.name, experiment?.runs.map(({ name }) => name)]).toEqual(['diverged', ['diverged']]);
  });

  it('that is a link is left out by name', async () => {
    const root = join(await emptyFolder(), 'logs');
    await cp(LOGS, root, { recursive: true });
    await symlink(join(root, 'torch'), join(root, 'latest'));
    const opened = await openSource(root);
    expect((await readAll(opened)).flatMap(({ runs }) => runs)).toHaveLength(8);
    expect(opened.skipped).toEqual([
      { what: join(root, 'latest'), why: expect.stringMatching(/^it is a symbolic link/) as string },
    ]);
  });

  it('in which nothing was logged is left out by name, and alone it is an error', async () => {
    const { runs, source, root } = await readEvents({
      'empty/events.out.tfevents.1.vm': [version()],
      'run/events.out.tfevents.1.vm': [scalar('loss', 0, 1)],
    });
    expect(runs.map(({ name }) => name)).toEqual(['run']);
    expect(source.skipped).toEqual([{ what: join(root, 'empty'), why: 'its event files have no values in them' }]);
    expect((await errorOf(join(root, 'empty'))).message).toMatch(/no event file in it has a value/);
  });

  it('is asked for where one file is given', async () => {
    const file = join(LOGS, 'torch/diverged/events.out.tfevents.1795424436.vm.5791.48');
    expect((await errorOf(file)).message).toBe(`${file}: is one file of a run: give the folder that holds it.`);
    expect(basename(file)).toContain('tfevents');
  });
});

it('CRC-32C is that of RFC 3720', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
});
