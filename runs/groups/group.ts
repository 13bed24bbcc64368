// runs/groups/group.ts
// Purpose: one group: what its runs are equal in, which they are, what each metric came to in them.
// Why: of 100,000 runs only those that are looked at become objects; the others are numbers in arrays.
// Relevant files: runs/groups/groups.ts, runs/groups/grouping.ts, runs/run-list.ts

import { RunStatus } from '../models.ts';
import { idAt, statusAt, type RunList } from '../run-list.ts';
import type { Stats } from './group-stats.ts';

export interface Member {
  seq: number;
  id: string;
  status: RunStatus;
}

export interface MetricOfGroup {
  stats: Stats | null;
  /** By run, in the order of members; null: it is not counted. */
  readonly values: (number | null)[];
  /** Members that have ended without a finite value. */
  without: number;
}

export interface Group {
  /** In the order of `RunGroups.by`; null: the run has none. */
  values: (string | null)[];
  /** How many runs. */
  runs: number;
  /** Made when they are first asked for: to count them, take `runs`. */
  readonly members: Member[];
  /** Ascending. */
  seqs: Float64Array;
  /** Members that have not finished: they count nowhere. */
  unfinished: number;
  metrics: Map<string, MetricOfGroup>;
}

export class GroupOfRuns implements Group {
  readonly metrics = new Map<string, MetricOfGroup>();
  readonly runs: number;
  readonly unfinished: number;
  #members: Member[] | undefined;

  readonly values: (string | null)[];
  readonly list: RunList;
  /** Of its runs in the list. */
  readonly places: Uint32Array;

  constructor(values: (string | null)[], list: RunList, places: Uint32Array) {
    this.values = values;
    this.list = list;
    this.places = places;
    this.runs = places.length;
    this.unfinished = places.reduce((n, place) => n + Number(statusAt(list, place) !== RunStatus.Finished), 0);
  }

  get seqs(): Float64Array {
    return Float64Array.from(this.places, (place) => this.list.seqs[place] ?? 0);
  }

  get members(): Member[] {
    const { list, places } = this;
    this.#members ??= Array.from(places, (place) => ({
      seq: list.seqs[place] ?? 0,
      id: idAt(list, place),
      status: statusAt(list, place),
    }));
    return this.#members;
  }
}

/** A metric of a group: `ends` has of each run of the list what counts, NaN where nothing does. */
export class MetricOfRuns implements MetricOfGroup {
  readonly stats: Stats | null;
  readonly without: number;
  readonly #places: Uint32Array;
  readonly #ends: Float64Array;
  #values: (number | null)[] | undefined;

  constructor(stats: Stats | null, without: number, places: Uint32Array, ends: Float64Array) {
    this.stats = stats;
    this.without = without;
    this.#places = places;
    this.#ends = ends;
  }

  get values(): (number | null)[] {
    this.#values ??= Array.from(this.#places, (place) => {
      const value = this.#ends[place] ?? NaN;
      return Number.isNaN(value) ? null : value;
    });
    return this.#values;
  }
}
