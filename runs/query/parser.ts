// runs/query/parser.ts
// Purpose: the query language: a filter's text as a condition tree. Recursive descent over the grammar below.
// Why: table, API, exports and command line mean the same runs by the same words; a mistake is pointed at.
// Relevant files: runs/query/tokens.ts, runs/query/leaves.ts, runs/query/fields.ts, runs/run-filter.ts
//
//   any   = all { "or" all }
//   all   = one { ["and"] one }
//   one   = "not" one | "(" any ")" | test | free words
//   test  = field ( op value | ["not"] "in" "(" value { "," value } ")" | "between" value "and" value
//                 | "is" ["not"] "null" | "has" ("nan" | "inf") ) | "tag:" key
//   field = "metrics." key | "params." key | "tags." key | attribute | aggregate "(" "metrics." key ")"
//         | "at" "(" "metrics." key "," step ")"
//   op    = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~"

import { directionOf, Direction } from '../metric-rules.ts';
import type { MetricValue, RunField } from '../search/run-fields.ts';
import { fieldNamed, isKeyed, suggestField, type Field } from './fields.ts';
import { comparison, hasNonFinite, presence, RANGED, words, type Operator, type Query } from './leaves.ts';
import { QueryError, tokensOf, type Token } from './tokens.ts';

export type { Query } from './leaves.ts';

/** More would be a query nobody reads, and more brackets than SQLite takes. */
const DEPTH_MAX = 40;
const TESTS_MAX = 100;

/** Keys that there are, for suggestions. */
export interface KnownKeys {
  metric: string[];
  param: string[];
}

/** Throws a `QueryError`. An empty text is all runs. `now`: ms, what relative times are counted from. */
export function parseQuery(source: string, now: number, known?: KnownKeys): Query {
  const parser = new Parser(tokensOf(source), now, known);
  return parser.whole();
}

const OPERATORS = new Set(['=', '!=', '<', '<=', '>', '>=', '~', '!~']);
const AGGREGATES = new Set(['last', 'first', 'min', 'max', 'mean', 'count', 'best']);

class Parser {
  readonly #tokens: Token[];
  readonly #now: number;
  readonly #known: KnownKeys | undefined;
  #place = 0;
  #depth = 0;
  #tests = 0;

  constructor(tokens: Token[], now: number, known: KnownKeys | undefined) {
    this.#tokens = tokens;
    this.#now = now;
    this.#known = known;
  }

  whole(): Query {
    if (this.#peek().kind === 'end') return { and: [] };
    const query = this.#any();
    const rest = this.#peek();
    if (rest.kind === 'end') return query;
    throw new QueryError(rest.text === ')' ? 'this bracket was never opened' : `${show(rest)} is not expected here`, rest); // prettier-ignore
  }

  #any(): Query {
    const parts = [this.#all()];
    while (this.#takeWord('or')) parts.push(this.#all());
    return one(parts, (some) => ({ or: some }));
  }

  #all(): Query {
    const parts = [this.#one()];
    while (this.#takeWord('and') || this.#startsOne()) parts.push(this.#one());
    return one(parts, (some) => ({ and: some }));
  }

  /** What stands beside a test without a word between is joined by `and`. */
  #startsOne(): boolean {
    const { kind, text } = this.#peek();
    if (kind === 'sign') return text === '(';
    return kind !== 'end' && !(kind === 'word' && /^or$/i.test(text));
  }

  #one(): Query {
    const token = this.#peek();
    if (++this.#depth > DEPTH_MAX) throw new QueryError(`brackets and "not" go deeper than ${DEPTH_MAX} levels`, token);
    try {
      if (this.#takeWord('not')) return { not: this.#one() };
      return this.#takeSign('(') ? this.#bracket(token) : this.#testOrWords();
    } finally {
      this.#depth -= 1;
    }
  }

  #bracket(opened: Token): Query {
    const query = this.#any();
    if (!this.#takeSign(')')) throw new QueryError('this bracket is never closed', opened);
    return query;
  }

  #testOrWords(): Query {
    const token = this.#peek();
    if (++this.#tests > TESTS_MAX) throw new QueryError(`a filter has at most ${TESTS_MAX} tests`, token);
    const field = this.#field();
    if (field) return this.#test(field, token);
    this.#refuseMisplaced(token);
    this.#next();
    if (this.#startsTest()) throw noField(token, this.#known);
    return words(token.text);
  }

  #refuseMisplaced(token: Token): void {
    if (token.kind === 'end') throw new QueryError('something is missing at the end', token);
    const isJoin = token.kind === 'word' && /^(and|or)$/i.test(token.text);
    if (token.kind === 'sign' || isJoin) throw new QueryError(`${show(token)} is not expected here`, token);
  }

  /** A field at this place, when what follows makes it one: a bare `name` alone is a word to look for. */
  #field(): Field | undefined {
    const token = this.#peek();
    if (token.kind !== 'word') return undefined;
    const called = this.#call(token);
    if (called) return called;
    const field = fieldNamed(token.text, labelOf(token));
    if (!field || !(isKeyed(token.text) || this.#startsTest(1))) return undefined;
    this.#next();
    return field;
  }

  /** `min(metrics.loss)`, `at(metrics.loss, 100)`; only with its bracket right behind it. */
  #call(name: Token): Field | undefined {
    const word = name.text.toLowerCase();
    const opened = this.#peek(1);
    const isCall = (AGGREGATES.has(word) || word === 'at') && opened.text === '(' && opened.kind === 'sign';
    if (!isCall || opened.at !== name.end) return undefined;
    this.#next();
    this.#next();
    const inner = this.#next();
    const metric = inner.kind === 'word' ? fieldNamed(inner.text)?.field : undefined;
    if (metric?.of !== 'metric') throw new QueryError(`${word}(…) needs a metric`, inner, 'metrics.loss');
    const field: RunField =
      word === 'at'
        ? { of: 'metric', key: metric.key, value: 'at', step: this.#step() }
        : { of: 'metric', key: metric.key, value: valueOf(word, metric.key) };
    const closed = this.#next();
    if (closed.kind !== 'sign' || closed.text !== ')') throw new QueryError('a closing bracket is missing', closed);
    return { field, kind: 'metric', label: `${word}(${inner.text})` };
  }

  #step(): number {
    const comma = this.#next();
    if (comma.text !== ',') throw new QueryError('at(…) needs a metric and a step, as in at(metrics.loss, 100)', comma);
    const token = this.#next();
    if (!/^-?\d+$/.test(token.text) || !Number.isSafeInteger(Number(token.text)))
      throw new QueryError('a step is a whole number', token);
    return Number(token.text);
  }

  /** What follows at `ahead` makes a field of what stands before it. */
  #startsTest(ahead = 0): boolean {
    const [token, next, third] = [this.#peek(ahead), this.#peek(ahead + 1), this.#peek(ahead + 2)];
    if (token.kind === 'sign') return OPERATORS.has(token.text);
    if (token.kind !== 'word') return false;
    switch (token.text.toLowerCase()) {
      case 'in':
        return next.text === '(';
      case 'not':
        return /^in$/i.test(next.text) && third.text === '(';
      case 'between':
        return /^and$/i.test(this.#peek(ahead + 2).text);
      case 'is':
        return /^(null|not)$/i.test(next.text);
      case 'has':
        return /^(nan|inf|nonfinite)$/i.test(next.text);
      default:
        return false;
    }
  }

  #test(field: Field, named: Token): Query {
    if (!this.#startsTest()) {
      if (field.field.of === 'tag') return presence(field, true);
      throw new QueryError(`${field.label} stands without a comparison`, named, `${field.label} is not null`);
    }
    const token = this.#next();
    if (token.kind === 'sign') return comparison(field, token.text as Operator, this.#value(), this.#now);
    switch (token.text.toLowerCase()) {
      case 'in':
        return this.#oneOf(field);
      case 'not':
        this.#next();
        return { and: [presence(field, true), { not: this.#oneOf(field) }] };
      case 'between':
        return this.#between(field, token);
      case 'is': {
        const isThere = this.#takeWord('not');
        if (!this.#takeWord('null')) throw new QueryError('"is" goes with "null" or "not null"', this.#peek());
        return presence(field, isThere);
      }
      default:
        return hasNonFinite(field, this.#next());
    }
  }

  #oneOf(field: Field): Query {
    const opened = this.#next();
    const parts: Query[] = [];
    do {
      if (++this.#tests > TESTS_MAX) throw new QueryError(`a filter has at most ${TESTS_MAX} tests`, this.#peek());
      parts.push(comparison(field, '=', this.#value(), this.#now));
    } while (this.#takeSign(','));
    if (!this.#takeSign(')')) throw new QueryError('this bracket is never closed', opened);
    return { or: parts };
  }

  #between(field: Field, at: Token): Query {
    if (!RANGED.includes(field.kind)) throw new QueryError(`${field.label} has no order: use = or in (…)`, at);
    const from = comparison(field, '>=', this.#value(), this.#now);
    this.#takeWord('and');
    return { and: [from, comparison(field, '<=', this.#value(), this.#now)] };
  }

  #value(): Token {
    const token = this.#next();
    if (token.kind === 'word' || token.kind === 'text') return token;
    throw new QueryError(token.kind === 'end' ? 'a value is missing at the end' : `a value is missing before ${show(token)}`, token); // prettier-ignore
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#place + ahead, this.#tokens.length - 1)] as Token;
  }

  #next(): Token {
    const token = this.#peek();
    this.#place += 1;
    return token;
  }

  #takeWord(word: string): boolean {
    const { kind, text } = this.#peek();
    const isIt = kind === 'word' && text.toLowerCase() === word;
    if (isIt) this.#place += 1;
    return isIt;
  }

  #takeSign(sign: string): boolean {
    const { kind, text } = this.#peek();
    const isIt = kind === 'sign' && text === sign;
    if (isIt) this.#place += 1;
    return isIt;
  }
}

function one(parts: Query[], join: (parts: Query[]) => Query): Query {
  return parts.length === 1 && parts[0] ? parts[0] : join(parts);
}

/** `best` by the direction that the metric's name says; where it says none, the last value counts. */
function valueOf(aggregate: string, key: string): MetricValue {
  if (aggregate !== 'best') return aggregate as MetricValue;
  const direction = directionOf(key);
  return direction === null ? 'last' : direction === Direction.Max ? 'max' : 'min';
}

function noField(token: Token, known: KnownKeys | undefined): QueryError {
  const prefix = known?.param.includes(token.text) ? 'params' : known?.metric.includes(token.text) ? 'metrics' : null;
  const near = prefix === null ? suggestField(token.text) : `${prefix}.${token.text}`;
  const hint = near === undefined ? `; metrics and params are written metrics.${token.text}, params.${token.text}` : '';
  return new QueryError(`there is no field ${JSON.stringify(token.text)}${hint}`, token, near);
}

function show({ text, kind }: Token): string {
  return kind === 'end' ? 'the end' : JSON.stringify(text);
}

function labelOf({ text, bare }: Token): string {
  return bare === undefined ? text : `${text.slice(0, bare)}${JSON.stringify(text.slice(bare))}`;
}
