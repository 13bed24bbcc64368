// imports/tensorboard/records-of.ts
// Purpose: the records of a TFRecord file, each with its checksums checked, in pieces of a bounded size.
// Why: event files are cut short by killed runs and damaged by disks; what is whole in them must come through.
// Relevant files: imports/tensorboard/crc32c.ts, imports/tensorboard/damage.ts, imports/tensorboard/events-of.ts

import { open, stat, type FileHandle } from 'node:fs/promises';
import { SourceError } from '../records.ts';
import { maskedCrc } from './crc32c.ts';
import type { Damage } from './damage.ts';

export interface TfRecord {
  /** Where it begins in the file. */
  offset: number;
  data: Uint8Array;
}

/** Eight bytes of length and four of its checksum; four of the data's checksum behind the data. */
const HEAD = 12;
const FOOT = 4;
const CHUNK = 256 * 1024;
/** A longer record is a graph or a film, not numbers: passed over. */
export const RECORD_BYTES_MAX = 64 * 1024 * 1024;

/** Until `end`, a size that the file had: it may be growing. Gives at least one list a chunk; each has its own memory. */
export async function* recordsOf(file: string, damage: Damage, end = Infinity): AsyncGenerator<TfRecord[]> {
  const handle = await open(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    let size = Math.min(end, (await handle.stat()).size);
    let offset = 0;
    let wanted = CHUNK;
    while (offset < size) {
      const asked = Math.min(wanted, size - offset);
      const chunk = await read(handle, file, offset, asked);
      // It has become shorter meanwhile: what is there no more would be waited for without end.
      if (chunk.length < asked) size = offset + chunk.length;
      const { records, used, needed } = split(chunk, offset, damage);
      if (records.length > 0) yield records;
      offset += used;
      if (needed === LOST) return damage.lose(offset);
      if (needed > size - offset) return offset < size ? damage.cut(offset) : undefined;
      if (needed > RECORD_BYTES_MAX) {
        damage.passOver(offset);
        offset += needed;
      }
      wanted = needed > RECORD_BYTES_MAX ? CHUNK : Math.max(CHUNK, needed);
    }
  } finally {
    await handle.close();
  }
}

export async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  return found.size;
}

/** What `needed` is when no record can be found any more. */
const LOST = -1;

interface Split {
  records: TfRecord[];
  /** Bytes of whole records. */
  used: number;
  /** Bytes of the record behind them. */
  needed: number;
}

function split(chunk: Buffer, offset: number, damage: Damage): Split {
  const records: TfRecord[] = [];
  let used = 0;
  while (chunk.length - used >= HEAD) {
    if (maskedCrc(chunk.subarray(used, used + 8)) !== chunk.readUInt32LE(used + 8))
      return { records, used, needed: LOST };
    const length = Number(chunk.readBigUInt64LE(used));
    const needed = HEAD + length + FOOT;
    if (needed > chunk.length - used) return { records, used, needed };
    const data = chunk.subarray(used + HEAD, used + HEAD + length);
    if (maskedCrc(data) === chunk.readUInt32LE(used + HEAD + length)) records.push({ offset: offset + used, data });
    else damage.spoil(offset + used, 'the checksum of its data does not fit');
    used += needed;
  }
  return { records, used, needed: HEAD };
}

async function read(handle: FileHandle, file: string, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  try {
    const { bytesRead } = await handle.read(buffer, 0, length, position);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): SourceError {
  return new SourceError(`cannot be read (${error instanceof Error ? error.message : String(error)})`, file);
}
