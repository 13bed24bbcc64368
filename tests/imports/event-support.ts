// tests/imports/event-support.ts
// Purpose: writes event files record by record, as odd as a test needs them.
// Why: the real writers (tests/fixtures/tensorboard/make.py) write no broken files.
// Relevant files: imports/tensorboard/records-of.ts, imports/tensorboard/crc32c.ts, tests/imports/read-tensorboard.test.ts

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { maskedCrc } from '../../imports/tensorboard/crc32c.ts';

export const LOGS = join(import.meta.dirname, '../fixtures/tensorboard/logs');

/** 2023-11-14T22:13:20Z, in seconds. */
export const AT = 1_700_000_000;

/** One record: length, its checksum, the data, its checksum. */
export function frame(data: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, sum(length), data, sum(data)]);
}

function sum(bytes: Uint8Array): Buffer {
  const four = Buffer.alloc(4);
  four.writeUInt32LE(maskedCrc(bytes));
  return four;
}

/** A field of bytes, text or a message. */
export function bytes(field: number, value: Uint8Array | string): Buffer {
  const data = Buffer.from(value);
  return Buffer.concat([varint(field * 8 + 2), varint(data.length), data]);
}

export function varint(value: number | bigint): Buffer {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) out.push(Number(rest & 127n) + 128);
  return Buffer.from([...out, Number(rest)]);
}

export function whole(field: number, value: number | bigint): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

export function double(field: number, value: number): Buffer {
  const data = Buffer.alloc(8);
  data.writeDoubleLE(value);
  return Buffer.concat([varint(field * 8 + 1), data]);
}

export function float(field: number, value: number): Buffer {
  const data = Buffer.alloc(4);
  data.writeFloatLE(value);
  return Buffer.concat([varint(field * 8 + 5), data]);
}

/** An event with these fields besides its time and step. */
export function event(step: number | bigint, fields: Uint8Array[], seconds = AT + Number(step)): Buffer {
  return frame(Buffer.concat([double(1, seconds), whole(2, step), ...fields]));
}

/** The event every file begins with. */
export function version(seconds = AT): Buffer {
  return event(0, [bytes(3, 'brain.Event:2')], seconds);
}

export function scalar(tag: string, step: number | bigint, value: number, seconds?: number): Buffer {
  return event(step, [bytes(5, bytes(1, Buffer.concat([bytes(1, tag), float(2, value)])))], seconds);
}

/** A value of the HParams plugin. */
export function hparams(content: Uint8Array, seconds = AT): Buffer {
  const metadata = bytes(9, bytes(1, Buffer.concat([bytes(1, 'hparams'), bytes(2, content)])));
  return event(0, [bytes(5, bytes(1, Buffer.concat([bytes(1, '_hparams_/session'), metadata])))], seconds);
}

/** Files below `folder`: path → records. */
export async function writeEvents(folder: string, files: Record<string, Buffer[]>): Promise<void> {
  for (const [path, records] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), Buffer.concat(records));
  }
}
