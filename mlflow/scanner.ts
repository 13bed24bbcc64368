// mlflow/scanner.ts
// Purpose: goes through a text piece by piece, and says where something else was expected.
// Why: filters and orders are small languages; an error that names the place is one that a person can mend.
// Relevant files: mlflow/filter.ts, mlflow/order-by.ts

import { invalid, type MlflowError } from './errors.ts';

const SPACE = /\s*/y;

export class Scanner {
  readonly #text: string;
  readonly #what: string;
  #at = 0;

  /** `what`: the field's name, for messages. */
  constructor(text: string, what: string) {
    this.#text = text;
    this.#what = what;
  }

  /** What the (sticky) expression finds here, after any space; `directly`: without. */
  take(expression: RegExp, { directly = false } = {}): RegExpExecArray | undefined {
    const start = directly ? this.#at : this.#afterSpace();
    expression.lastIndex = start;
    const found = expression.exec(this.#text);
    if (!found) return undefined;
    this.#at = start + found[0].length;
    return found;
  }

  /** Takes a word in any case, if it stands here. */
  word(word: string): boolean {
    return this.take(new RegExp(`${word}(?![\\p{L}\\p{N}_])`, 'iuy')) !== undefined;
  }

  isAtEnd(): boolean {
    return this.#afterSpace() === this.#text.length;
  }

  place(): number {
    return this.#afterSpace();
  }

  since(place: number): string {
    return this.#text.slice(place, this.#at);
  }

  expected(what: string): MlflowError {
    const rest = this.#text.slice(this.#afterSpace());
    const found = rest === '' ? 'its end' : `'${rest.length > 40 ? `${rest.slice(0, 40)}…` : rest}'`;
    return invalid(`Invalid ${this.#what}: expected ${what} instead of ${found}.`);
  }

  #afterSpace(): number {
    SPACE.lastIndex = this.#at;
    return this.#at + (SPACE.exec(this.#text)?.[0].length ?? 0);
  }
}
