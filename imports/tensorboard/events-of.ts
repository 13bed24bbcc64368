// imports/tensorboard/events-of.ts
// Purpose: the events of a file, in lists; records that are none are noted as damage.
// Why: three readers go over event files (what runs there are, a run's facts, its points) and must see the same.
// Relevant files: imports/tensorboard/records-of.ts, imports/tensorboard/event.ts, imports/tensorboard/runs-below.ts

import type { Damage } from './damage.ts';
import { decodeEvent, type TfEvent } from './event.ts';
import { recordsOf, type TfRecord } from './records-of.ts';
import { WireError } from './wire.ts';

export interface FoundEvent extends TfRecord {
  event: TfEvent;
}

export async function* eventsOf(file: string, damage: Damage, end?: number): AsyncGenerator<FoundEvent[]> {
  for await (const records of recordsOf(file, damage, end)) {
    yield records.flatMap((record) => {
      const event = readable(() => decodeEvent(record.data), record.offset, damage);
      return event ? [{ ...record, event }] : [];
    });
  }
}

/** What `decode` gives; where the bytes are no message, undefined, and the record is noted. */
export function readable<T>(decode: () => T, offset: number, damage: Damage): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    damage.spoil(offset, `it is no event (${error.message})`);
    return undefined;
  }
}
