// runs/query/tokens.ts
// Purpose: a filter's text as tokens, each with its place; what is wrong with a filter, with its place.
// Why: a mistake is pointed at where it is, and nothing after this looks at single characters.
// Relevant files: runs/query/parser.ts, runs/query/fields.ts

export interface Token {
  /** `word`: as it stands; `text`: what stood in quotes; `sign`: brackets, commas, comparisons; `end`: there is no more. */
  kind: 'word' | 'text' | 'sign' | 'end';
  text: string;
  /** Place of its first character, and the one after its last. */
  at: number;
  end: number;
  /** Of a word: how much of it stood before a quote (`metrics.` of `metrics."val acc"`). Undefined where none did. */
  bare?: number;
}

/** Why a filter cannot be read. */
export class QueryError extends Error {
  readonly at: number;
  readonly end: number;
  /** What may have been meant. */
  readonly suggestion: string | undefined;

  constructor(message: string, { at, end }: Pick<Token, 'at' | 'end'>, suggestion?: string) {
    super(message);
    this.at = at;
    this.end = Math.max(end, at + 1);
    this.suggestion = suggestion;
  }
}

const SPACE = /\s+/y;
const SIGN = /\(|\)|,|==?|!=|!~|<>|<=?|>=?|~/y;
const WORD = /[^\s()"'`,=<>!~]+/y;
const SAME: Record<string, string> = { '==': '=', '<>': '!=' };

export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  while (at < source.length) {
    const space = take(SPACE);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const token = quoted(source, at) ?? signOrWord(source, at, take);
    tokens.push(token);
    at = token.end;
  }
  return [...tokens, { kind: 'end', text: '', at: source.length, end: source.length }];
}

function signOrWord(source: string, at: number, take: (pattern: RegExp) => string | undefined): Token {
  const sign = take(SIGN);
  if (sign !== undefined) return { kind: 'sign', text: SAME[sign] ?? sign, at, end: at + sign.length };
  const word = take(WORD);
  if (word === undefined) throw new QueryError('"!" stands only in != and !~', { at, end: at + 1 }, 'not');
  const end = at + word.length;
  // A key in quotes: metrics."val acc", tag:"my label".
  const key = /[.:]$/.test(word) ? quoted(source, end) : undefined;
  return key
    ? { kind: 'word', text: word + key.text, at, end: key.end, bare: word.length }
    : { kind: 'word', text: word, at, end };
}

/** Any of the three quotes; doubled inside, it stands for itself. */
function quoted(source: string, at: number): Token | undefined {
  const mark = source[at] ?? '';
  if (!/["'`]/.test(mark)) return undefined;
  let text = '';
  for (let i = at + 1; i < source.length; i++) {
    if (source[i] !== mark) text += source[i];
    else if (source[i + 1] === mark) text += source[++i];
    else return { kind: 'text', text, at, end: i + 1 };
  }
  throw new QueryError(`there is no closing ${mark}`, { at, end: source.length });
}
