// runs/query/parser.ts
// Purpose: the query language: a filter's text as a condition tree and an order. Recursive descent over the grammar below.
// Why: table, API, exports and command line mean the same runs by the same words; a mistake is pointed at.
// Relevant files: runs/query/tokens.ts, runs/query/field-reader.ts, runs/query/leaves.ts, runs/query/order-text.ts, runs/run-filter.ts
//
//   whole = [any] [ "order" "by" key { "," key } ]
//   any   = all { "or" all }
//   all   = one { ["and"] one }
//   one   = "not" one | "(" any ")" | test | free words
//   test  = field ( op value | ["not"] "in" "(" value { "," value } ")" | "between" value "and" value
//                 | "is" ["not"] ("null" | "nan" | "inf") | "has" ("nan" | "inf") ) | "tag:" key
//   op    = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~"
//   key   = field ["asc" | "desc"]

import { Cursor, show } from './cursor.ts';
import { isKeyed, noField, type Field, type KnownKeys } from './fields.ts';
import { readField, startsCall } from './field-reader.ts';
import { comparison, hasNonFinite, isNonFinite, presence, RANGED, words, type Operator, type Query } from './leaves.ts';
import { orderText } from './order-text.ts';
import { QueryError, type Token } from './tokens.ts';

export type { KnownKeys } from './fields.ts';
export type { Query } from './leaves.ts';

/** More would be a query nobody reads, and more brackets than SQLite takes. */
const DEPTH_MAX = 40;
const TESTS_MAX = 100;
const ORDER_MAX = 8;

export interface Filter {
  query: Query;
  /** As `order=` has them (`-metrics.val/accuracy`); none where the filter says no order. */
  order: string[];
  /** Where the order begins; the end of the text where there is none. */
  orderAt: number;
}

/** Throws a `QueryError`. An empty text is all runs. `now`: ms, what relative times are counted from. */
export function parseFilter(source: string, now: number, known?: KnownKeys): Filter {
  return new Parser(source, now, known).whole();
}

/** Its condition alone. */
export function parseQuery(source: string, now: number, known?: KnownKeys): Query {
  return parseFilter(source, now, known).query;
}

const OPERATORS = new Set(['=', '!=', '<', '<=', '>', '>=', '~', '!~']);

class Parser {
  readonly #at: Cursor;
  readonly #now: number;
  readonly #known: KnownKeys | undefined;
  #depth = 0;
  #tests = 0;

  constructor(source: string, now: number, known: KnownKeys | undefined) {
    this.#at = new Cursor(source);
    this.#now = now;
    this.#known = known;
  }

  whole(): Filter {
    const isBare = this.#at.peek().kind === 'end' || this.#startsOrder();
    const query: Query = isBare ? { and: [] } : this.#any();
    const orderAt = this.#at.peek().at;
    const order = this.#startsOrder() ? this.#order() : [];
    const rest = this.#at.peek();
    if (rest.kind === 'end') return { query, order, orderAt };
    throw new QueryError(rest.text === ')' ? 'this bracket was never opened' : `${show(rest)} is not expected here`, rest); // prettier-ignore
  }

  #startsOrder(): boolean {
    return this.#at.isWord('order') && this.#at.isWord('by', 1);
  }

  #order(): string[] {
    this.#at.next();
    this.#at.next();
    const keys: string[] = [];
    do {
      const token = this.#at.peek();
      if (keys.length === ORDER_MAX) throw new QueryError(`an order has at most ${ORDER_MAX} keys`, token);
      const field = readField(this.#at);
      if (!field) throw token.kind === 'end' ? new QueryError('a field is missing at the end', token) : noField(token, this.#known); // prettier-ignore
      if (field.field.of === 'dataset') throw new QueryError('a run may have several data sets: they give no order', token); // prettier-ignore
      const isDown = this.#at.takeWord('desc');
      if (!isDown) this.#at.takeWord('asc');
      keys.push(`${isDown ? '-' : ''}${orderText(field.field)}`);
    } while (this.#at.takeSign(','));
    return keys;
  }

  #any(): Query {
    const parts = [this.#all()];
    while (this.#at.takeWord('or')) parts.push(this.#all());
    return one(parts, (some) => ({ or: some }));
  }

  #all(): Query {
    const parts = [this.#one()];
    while (this.#at.takeWord('and') || this.#startsOne()) parts.push(this.#one());
    return one(parts, (some) => ({ and: some }));
  }

  /** What stands beside a test without a word between is joined by `and`. */
  #startsOne(): boolean {
    const { kind, text } = this.#at.peek();
    if (kind === 'sign') return text === '(';
    return kind !== 'end' && !this.#at.isWord('or') && !this.#startsOrder();
  }

  #one(): Query {
    const token = this.#at.peek();
    if (++this.#depth > DEPTH_MAX) throw new QueryError(`brackets and "not" go deeper than ${DEPTH_MAX} levels`, token);
    try {
      if (this.#at.takeWord('not')) return { not: this.#one() };
      return this.#at.takeSign('(') ? this.#bracket(token) : this.#testOrWords();
    } finally {
      this.#depth -= 1;
    }
  }

  #bracket(opened: Token): Query {
    const query = this.#any();
    if (!this.#at.takeSign(')')) throw new QueryError('this bracket is never closed', opened);
    return query;
  }

  #testOrWords(): Query {
    const token = this.#at.peek();
    if (++this.#tests > TESTS_MAX) throw new QueryError(`a filter has at most ${TESTS_MAX} tests`, token);
    const field = this.#field();
    if (field) return this.#test(field, token);
    this.#refuseMisplaced(token);
    this.#at.next();
    if (this.#startsTest()) throw noField(token, this.#known);
    return words(token.text);
  }

  #refuseMisplaced(token: Token): void {
    if (token.kind === 'end') throw new QueryError('something is missing at the end', token);
    const isJoin = token.kind === 'word' && /^(and|or)$/i.test(token.text);
    if (token.kind === 'sign' || isJoin || this.#startsOrder())
      throw new QueryError(`${show(token)} is not expected here`, token);
  }

  /** A field at this place, when what follows makes it one: a bare `name` alone is a word to look for. */
  #field(): Field | undefined {
    const { kind, text } = this.#at.peek();
    const isBare = kind === 'word' && !isKeyed(text) && !startsCall(this.#at);
    return isBare && !this.#startsTest(1) ? undefined : readField(this.#at);
  }

  /** What follows at `ahead` makes a field of what stands before it. */
  #startsTest(ahead = 0): boolean {
    const [token, next, third] = [this.#at.peek(ahead), this.#at.peek(ahead + 1), this.#at.peek(ahead + 2)];
    if (token.kind === 'sign') return OPERATORS.has(token.text);
    if (token.kind !== 'word') return false;
    switch (token.text.toLowerCase()) {
      case 'in':
        return next.text === '(';
      case 'not':
        return /^in$/i.test(next.text) && third.text === '(';
      case 'between':
        return this.#at.isWord('and', ahead + 2);
      case 'is':
        return /^(null|nan|inf|not)$/i.test(next.text);
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
    const token = this.#at.next();
    if (token.kind === 'sign') return comparison(field, token.text as Operator, this.#value(), this.#now);
    switch (token.text.toLowerCase()) {
      case 'in':
        return this.#oneOf(field);
      case 'not':
        this.#at.next();
        return { and: [presence(field, true), { not: this.#oneOf(field) }] };
      case 'between':
        return this.#between(field, token);
      case 'is':
        return this.#is(field);
      default:
        return hasNonFinite(field, this.#at.next());
    }
  }

  #is(field: Field): Query {
    const isNot = this.#at.takeWord('not');
    if (this.#at.takeWord('null')) return presence(field, isNot);
    const token = this.#at.next();
    const word = token.text.toLowerCase();
    if (word !== 'nan' && word !== 'inf') throw new QueryError('"is" goes with null, nan or inf, or with not', token);
    const isIt = isNonFinite(field, word, token);
    return isNot ? { and: [presence(field, true), { not: isIt }] } : isIt;
  }

  #oneOf(field: Field): Query {
    const opened = this.#at.next();
    const parts: Query[] = [];
    do {
      if (++this.#tests > TESTS_MAX) throw new QueryError(`a filter has at most ${TESTS_MAX} tests`, this.#at.peek());
      parts.push(comparison(field, '=', this.#value(), this.#now));
    } while (this.#at.takeSign(','));
    if (!this.#at.takeSign(')')) throw new QueryError('this bracket is never closed', opened);
    return { or: parts };
  }

  #between(field: Field, at: Token): Query {
    if (!RANGED.includes(field.kind)) throw new QueryError(`${field.label} has no order: use = or in (…)`, at);
    const from = comparison(field, '>=', this.#value(), this.#now);
    this.#at.takeWord('and');
    return { and: [from, comparison(field, '<=', this.#value(), this.#now)] };
  }

  #value(): Token {
    const token = this.#at.next();
    if (token.kind === 'word' || token.kind === 'text') return token;
    throw new QueryError(token.kind === 'end' ? 'a value is missing at the end' : `a value is missing before ${show(token)}`, token); // prettier-ignore
  }
}

function one(parts: Query[], join: (parts: Query[]) => Query): Query {
  return parts.length === 1 && parts[0] ? parts[0] : join(parts);
}
