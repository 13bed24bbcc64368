// tests/imports/read-event-damage.test.ts
// Purpose: event files that are cut short or damaged anywhere give what is whole in them, and say where they are broken.
// Why: killed runs and failing disks leave such files; no number may come from them that was never logged.
// Relevant files: imports/tensorboard/records-of.ts, imports/tensorboard/damage.ts, tests/imports/event-support.ts

import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../imports/detect.ts';
import { randomOf } from '../../imports/random.ts';
import { SourceError, type Skipped } from '../../imports/records.ts';
import { Remarks } from '../../imports/remarks.ts';
import { Damage } from '../../imports/tensorboard/damage.ts';
import { RECORD_BYTES_MAX, recordsOf } from '../../imports/tensorboard/records-of.ts';
import { bytes, event, frame, hparams, LOGS, scalar, varint, version, whole, writeEvents } from './event-support.ts';
import { emptyFolder, readAll, type ReadRun } from './read-support.ts';

const NAME = 'events.out.tfevents.1.vm';

interface Outcome {
  run: ReadRun | undefined;
  skipped: readonly Skipped[];
  file: string;
}

async function readFileOf(contents: Buffer): Promise<Outcome> {
  const folder = await emptyFolder();
  const file = join(folder, NAME);
  await writeFile(file, contents);
  const source = await openSource(folder);
  const [experiment] = await readAll(source);
  return { run: experiment?.runs[0], skipped: source.skipped, file };
}

const STEPS = [0, 1, 2, 3];
const RECORDS = [version(), ...STEPS.map((step) => scalar('loss', step, step))];
const WHOLE = Buffer.concat(RECORDS);
/** Where each record begins. */
const STARTS = RECORDS.map((_, i) => Buffer.concat(RECORDS.slice(0, i)).length);

function stepsOf(run: ReadRun | undefined): number[] | undefined {
  return run?.points.map(({ step }) => step);
}

describe('an event file', () => {
  it.each([1, 11, 12, 20, 40])('cut %i bytes into its last record has what came before', async (more) => {
    const at = STARTS[4] ?? 0;
    const { run, skipped, file } = await readFileOf(WHOLE.subarray(0, at + more));
    expect(stepsOf(run)).toEqual([0, 1, 2]);
    expect(skipped).toEqual([
      {
        what: `${file}, byte ${at} to its end`,
        why: expect.stringMatching(/^the file ends inside a record/) as string,
      },
    ]);
  });

  it('that a power cut left with zeros at its end has what came before', async () => {
    const { run, skipped, file } = await readFileOf(Buffer.concat([WHOLE, Buffer.alloc(5000)]));
    expect(stepsOf(run)).toEqual(STEPS);
    expect(skipped).toEqual([
      { what: `${file}, byte ${WHOLE.length} to its end`, why: expect.stringMatching(/length does not fit/) as string },
    ]);
  });

  it('with a record whose data are damaged has all others', async () => {
    const damaged = Buffer.from(WHOLE);
    const at = STARTS[2] ?? 0;
    damaged[at + 20] = (damaged[at + 20] ?? 0) ^ 1;
    const { run, skipped, file } = await readFileOf(damaged);
    expect(stepsOf(run)).toEqual([0, 2, 3]);
    expect(skipped).toEqual([
      { what: `${file}, the record at byte ${at}`, why: 'the checksum of its data does not fit' },
    ]);
  });

  it.each([
    ['a field beyond the end', Buffer.from([9, 1, 2])],
    ['a number beyond the end', Buffer.from([16, 255])],
    ['a field of wire type 3', Buffer.from([11])],
    ['a field without a number', Buffer.from([0, 0])],
    ['field 1 of wire type 0 instead of 1', whole(1, 7)],
    ['a number of more than ten bytes', Buffer.concat([Buffer.from([16]), Buffer.alloc(11, 255)])],
    ['a field beyond the end', Buffer.concat([varint(8 * 3 + 2), varint(2n ** 63n)])],
  ])('with records that are no events (%s) names the first and counts them', async (why, data) => {
    const records = [...RECORDS.slice(0, 3), frame(data), frame(data), ...RECORDS.slice(3)];
    const { run, skipped, file } = await readFileOf(Buffer.concat(records));
    expect(stepsOf(run)).toEqual(STEPS);
    expect(skipped).toEqual([
      { what: `${file}, 2 records, the first at byte ${STARTS[3]}`, why: `it is no event (${why})` },
    ]);
  });

  it('with a tensor that is none names its record', async () => {
    const plugin = bytes(9, bytes(1, bytes(1, 'scalars')));
    const odd = event(7, [bytes(5, bytes(1, Buffer.concat([bytes(1, 'odd'), plugin, bytes(8, Buffer.from([255]))])))]);
    const { run, skipped, file } = await readFileOf(Buffer.concat([WHOLE, odd]));
    expect(stepsOf(run)).toEqual(STEPS);
    expect(skipped).toMatchObject([{ what: `${file}, the record at byte ${WHOLE.length}` }]);
  });

  it('made to break its reader does not', async () => {
    let deep = bytes(3, 'x');
    for (let i = 0; i < 60; i += 1) deep = bytes(6, bytes(1, deep));
    const nested = hparams(bytes(3, bytes(1, Buffer.concat([bytes(1, 'deep'), bytes(2, deep)]))));
    const wide = event(9, [bytes(5, Buffer.concat(Array.from({ length: 300_000 }, () => bytes(1, ''))))]);
    const { run, skipped } = await readFileOf(Buffer.concat([WHOLE, nested, wide]));
    expect(stepsOf(run)).toEqual(STEPS);
    expect(run?.params).toEqual({});
    expect(skipped.map(({ why }) => why)).toEqual(['it is no event (a value in more than 50 others)']);
  });

  it('with a record that is longer than what is read has all others', async () => {
    const long = frame(Buffer.alloc(RECORD_BYTES_MAX + 1));
    const { run, skipped } = await readFileOf(Buffer.concat([WHOLE, long, scalar('loss', 9, 1)]));
    expect(stepsOf(run)).toEqual([...STEPS, 9]);
    expect(skipped.map(({ why }) => why)).toEqual(['a record of more than 64 MiB is not read']);
  });

  it('with records that are longer than a piece of reading has them whole', async () => {
    const text = 'x'.repeat(400_000);
    const note = event(0, [bytes(6, text), bytes(5, bytes(1, Buffer.concat([bytes(1, 'after'), whole(99, 1)])))]);
    const { run, skipped } = await readFileOf(Buffer.concat([WHOLE, note, scalar('loss', 9, 1)]));
    expect(stepsOf(run)).toEqual([...STEPS, 9]);
    expect(skipped).toEqual([]);
  });

  it('that is no event file at all is an error that says where', async () => {
    await expect(readFileOf(Buffer.from('<html>'.repeat(100)))).rejects.toThrow(/no event file in it has a value/);
  });

  it('that is empty beside a sound one is nothing', async () => {
    const folder = await emptyFolder();
    await writeEvents(folder, { [NAME]: RECORDS, 'events.out.tfevents.2.vm': [] });
    const source = await openSource(folder);
    const [experiment] = await readAll(source);
    expect([stepsOf(experiment?.runs[0]), source.skipped]).toEqual([STEPS, []]);
  });
});

describe('files of real writers, damaged anywhere', () => {
  const FILES = [
    'torch/diverged/events.out.tfevents.1795424436.vm.5791.48',
    'torch/diverged/events.out.tfevents.1795424436.vm.5791.49',
  ];
  const ways: [string, (file: Buffer, random: () => number) => Buffer][] = [
    ['cut', (file, random) => file.subarray(0, Math.floor(random() * file.length))],
    ['with a byte changed', changed],
    ['with many bytes changed', (file, random) => [...Array(20).keys()].reduce((all) => changed(all, random), file)],
    ['with bytes taken out', takenOut],
    ['with bytes put in', putIn],
  ];

  it.each(ways)('%s give only points that were logged, and never a crash', async (_, spoil) => {
    const random = randomOf(7);
    const files = await Promise.all(FILES.map((path) => readFile(join(LOGS, path))));
    const before = new Set((await pointsOf(files))?.map((point) => keyOf(point)));
    expect(before.size).toBeGreaterThan(200);
    for (let round = 0; round < 12; round += 1) {
      const spoiled = files.map((file, i) => (round % 2 === i ? spoil(file, random) : file));
      for (const point of (await pointsOf(spoiled)) ?? []) expect(before).toContain(keyOf(point));
    }
  });

  it('cut anywhere have every point before the cut', async () => {
    for (let end = STARTS[1] ?? 0; end <= WHOLE.length; end += 3) {
      const points = (await pointsOf([WHOLE.subarray(0, end)])) ?? [];
      expect(points).toHaveLength(STARTS.slice(1).filter((_, i) => end >= (STARTS[i + 2] ?? WHOLE.length)).length);
    }
  });
});

it('a file that is cut while it is read ends there', async () => {
  const record = frame(Buffer.alloc(1000));
  const file = join(await emptyFolder(), 'events.out.tfevents.1.vm');
  // What was read before the cut stays; an end inside a record is said, one between two is an end.
  const first = Math.floor((256 * 1024) / record.length);
  const ends = [400.5, 400, 100].map((kept) => [kept, Math.max(first, Math.floor(kept))] as const);
  for (const [kept, read] of ends) {
    await writeFile(file, Buffer.concat(Array.from({ length: 1000 }, () => record)));
    const [damage, remarks] = [new Damage(), new Remarks()];
    let records = 0;
    for await (const some of recordsOf(file, damage)) {
      if (records === 0) await truncate(file, kept * record.length);
      records += some.length;
    }
    damage.tell('file', remarks);
    const said = Number.isInteger(kept) ? undefined : `file, byte ${read * record.length} to its end`;
    expect([records, remarks.skipped[0]?.what]).toEqual([read, said]);
  }
});

/** Undefined where the import says that nothing can be read. */
async function pointsOf(files: Buffer[]): Promise<ReadRun['points'] | undefined> {
  const folder = await emptyFolder();
  await writeEvents(folder, Object.fromEntries(files.map((file, i) => [`events.out.tfevents.${i}.vm`, [file]])));
  try {
    return (await readAll(await openSource(folder))).flatMap(({ runs }) => runs)[0]?.points;
  } catch (error) {
    expect(error).toBeInstanceOf(SourceError);
    return undefined;
  }
}

function keyOf({ key, step, timestamp, value }: ReadRun['points'][number]): string {
  return [key, step, timestamp, value].join(' ');
}

function changed(file: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(file);
  const at = Math.floor(random() * copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 + Math.floor(random() * 255));
  return copy;
}

function takenOut(file: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * file.length);
  return Buffer.concat([file.subarray(0, at), file.subarray(at + 1 + Math.floor(random() * 200))]);
}

function putIn(file: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * file.length);
  const more = Buffer.from(Array.from({ length: 1 + Math.floor(random() * 50) }, () => Math.floor(random() * 256)));
  return Buffer.concat([file.subarray(0, at), more, file.subarray(at)]);
}
