// imports/tensorboard/damage.ts
// Purpose: what of an event file could not be read, and where: a cut end, wrong checksums, records that are no events.
// Why: each file is one line to the user, however many of its records are spoiled, and nothing is dropped in silence.
// Relevant files: imports/tensorboard/records-of.ts, imports/tensorboard/events-of.ts, imports/remarks.ts

import type { Remarks } from '../remarks.ts';

const IS_CUT =
  'the file ends inside a record: it is still being written, or its writer was killed. What came before is in';
const IS_LOST = "the checksum of a record's length does not fit, so no record can be found from there on";
const IS_LONG = 'a record of more than 64 MiB is not read';

export class Damage {
  #cut: number | undefined;
  #lost: number | undefined;
  readonly #spoiled = new Map<string, { first: number; count: number }>();

  /** The file ends inside the record at `offset`. */
  cut(offset: number): void {
    this.#cut = offset;
  }

  /** From `offset` on there is no telling where a record begins. */
  lose(offset: number): void {
    this.#lost = offset;
  }

  passOver(offset: number): void {
    this.spoil(offset, IS_LONG);
  }

  /** One record; the ones behind it are read. */
  spoil(offset: number, why: string): void {
    const known = this.#spoiled.get(why);
    if (known) known.count += 1;
    else this.#spoiled.set(why, { first: offset, count: 1 });
  }

  tell(file: string, remarks: Remarks): void {
    for (const [why, { first, count }] of this.#spoiled) {
      const what = count === 1 ? `the record at byte ${first}` : `${count} records, the first at byte ${first}`;
      remarks.skip(`${file}, ${what}`, why);
    }
    if (this.#cut !== undefined) remarks.skip(`${file}, byte ${this.#cut} to its end`, IS_CUT);
    if (this.#lost !== undefined) remarks.skip(`${file}, byte ${this.#lost} to its end`, IS_LOST);
  }
}
