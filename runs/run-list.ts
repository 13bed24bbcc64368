// runs/run-list.ts
// Purpose: all runs of an experiment as arrays of numbers: in which order, in which state, with which id.
// Why: of 100,000 runs it is 2.5 MB; as objects they were so much that nothing could be kept, and all was read for each page.
// Relevant files: runs/run-list-queries.ts, runs/text-column.ts, runs/groups/members.ts

import { RUN_STATUSES, RunStatus } from './models.ts';
import { firstFrom } from './seqs.ts';

export interface RunList {
  /** Ascending: in the order in which the runs came. */
  seqs: Float64Array;
  /** Places in RUN_STATUSES. */
  states: Uint8Array;
  /** Sixteen bytes each. */
  ids: Buffer;
}

export const ID_BYTES = 16;

export function idAt({ ids }: RunList, place: number): string {
  return ids.toString('hex', place * ID_BYTES, (place + 1) * ID_BYTES);
}

export function statusAt({ states }: RunList, place: number): RunStatus {
  return RUN_STATUSES[states[place] ?? 0] ?? RunStatus.Scheduled;
}

/** Where each of `seqs`, which ascend, stands in `all`, which do, too; −1: nowhere. */
export function placesIn(all: ArrayLike<number>, seqs: ArrayLike<number>): Int32Array {
  const places = new Int32Array(seqs.length);
  let at = 0;
  for (let place = 0; place < seqs.length; place += 1) {
    const seq = seqs[place] ?? 0;
    while (at < all.length && (all[at] ?? 0) < seq) at += 1;
    places[place] = all[at] === seq ? at : -1;
  }
  return places;
}

/** Those of the list at these places, which ascend. */
export function listOf({ seqs, states, ids }: RunList, places: Int32Array): RunList {
  const some = Buffer.alloc(places.length * ID_BYTES);
  for (const [place, from] of places.entries())
    ids.copy(some, place * ID_BYTES, from * ID_BYTES, (from + 1) * ID_BYTES);
  return {
    seqs: Float64Array.from(places, (place) => seqs[place] ?? 0),
    states: Uint8Array.from(places, (place) => states[place] ?? 0),
    ids: some,
  };
}

/** The list with these runs (`changed`, ascending) as they are in `now`, which has those of them that are in it. */
export function listWith(before: RunList, changed: readonly number[], now: RunList): RunList {
  const parts: { of: RunList; from: number; to: number }[] = [];
  let [from, next] = [0, 0];
  for (const seq of changed) {
    const to = firstFrom(before.seqs, seq);
    parts.push({ of: before, from, to });
    from = before.seqs[to] === seq ? to + 1 : to;
    if (now.seqs[next] === seq) parts.push({ of: now, from: next, to: (next += 1) });
  }
  parts.push({ of: before, from, to: before.seqs.length });
  const size = parts.reduce((sum, part) => sum + part.to - part.from, 0);
  const list = { seqs: new Float64Array(size), states: new Uint8Array(size), ids: Buffer.alloc(size * ID_BYTES) };
  let at = 0;
  for (const { of, from: start, to } of parts) {
    list.seqs.set(of.seqs.subarray(start, to), at);
    list.states.set(of.states.subarray(start, to), at);
    of.ids.copy(list.ids, at * ID_BYTES, start * ID_BYTES, to * ID_BYTES);
    at += to - start;
  }
  return list;
}

export function listBytes({ seqs, states, ids }: RunList): number {
  return seqs.byteLength + states.byteLength + ids.byteLength;
}
