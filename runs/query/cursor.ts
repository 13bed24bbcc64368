// runs/query/cursor.ts
// Purpose: a place among the tokens of a filter: look ahead, go on, take a word or a sign where it stands.
// Why: the grammar and the reader of fields walk the same tokens.
// Relevant files: runs/query/tokens.ts, runs/query/parser.ts, runs/query/field-reader.ts

import { tokensOf, type Token } from './tokens.ts';

export class Cursor {
  readonly #tokens: Token[];
  #place = 0;

  constructor(source: string) {
    this.#tokens = tokensOf(source);
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#place + ahead, this.#tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#place += 1;
    return token;
  }

  /** In any case of letters; never one in quotes. */
  isWord(word: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    return kind === 'word' && text.toLowerCase() === word;
  }

  isSign(sign: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    return kind === 'sign' && text === sign;
  }

  takeWord(word: string): boolean {
    const isIt = this.isWord(word);
    if (isIt) this.#place += 1;
    return isIt;
  }

  takeSign(sign: string): boolean {
    const isIt = this.isSign(sign);
    if (isIt) this.#place += 1;
    return isIt;
  }
}

/** As messages name it. */
export function show({ text, kind }: Token): string {
  return kind === 'end' ? 'the end' : JSON.stringify(text);
}
