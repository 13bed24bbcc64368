// imports/remarks.ts
// Purpose: collects what a reader changed or left out, each thing once with its count.
// Why: a million points with the same fault are one line to the user, and nothing is dropped in silence.
// Relevant files: imports/records.ts, imports/mlflow-common.ts

import type { Skipped } from './records.ts';

/** Gives the sentence for `count` cases. The function itself is the key: declare it once, at the top of a file. */
export type Note = (count: number) => string;

export class Remarks {
  skippedPoints = 0;
  readonly #notes = new Map<Note, number>();
  readonly #skipped = new Map<string, Skipped & { count: number }>();

  note(note: Note): void {
    this.#notes.set(note, (this.#notes.get(note) ?? 0) + 1);
  }

  skip(what: string, why: string): void {
    const key = JSON.stringify([what, why]);
    const known = this.#skipped.get(key);
    if (known) known.count += 1;
    else this.#skipped.set(key, { what, why, count: 1 });
  }

  get notes(): string[] {
    return [...this.#notes].map(([note, count]) => note(count));
  }

  get skipped(): Skipped[] {
    return [...this.#skipped.values()].map(({ what, why, count }) => ({
      what: count === 1 ? what : `${what} (${count} times)`,
      why,
    }));
  }
}
