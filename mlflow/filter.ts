// mlflow/filter.ts
// Purpose: reads MLflow's filters: `metrics.loss < 0.5 AND params.p LIKE 'a%' AND run_id IN ('…')`, as clauses.
// Why: the grammar is one for runs, experiments, models and versions; which keys and tests there are each call says itself.
// Relevant files: mlflow/filter-tests.ts, mlflow/run-filter.ts, mlflow/order-by.ts

import { invalid } from './errors.ts';
import { Scanner } from './scanner.ts';

export type Comparator =
  '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'ILIKE' | 'IN' | 'NOT IN' | 'IS NULL' | 'IS NOT NULL';

/** `metrics.loss`: prefix and key; `status`: a key alone. */
export interface Identifier {
  prefix: string | undefined;
  key: string;
}

/** A number, a text, a list of texts; none after IS NULL. */
export type Value = number | string | string[] | undefined;

export interface Clause extends Identifier {
  comparator: Comparator;
  value: Value;
  /** As it was written, for messages. */
  text: string;
}

/** More would be more than the databases take. */
const CLAUSES_MAX = 200;

/** Empty: everything is meant. */
export function parseFilter(filter: string): Clause[] {
  const scanner = new Scanner(filter, 'filter');
  const clauses: Clause[] = [];
  if (scanner.isAtEnd()) return clauses;
  do {
    if (clauses.length === CLAUSES_MAX) throw invalid(`A filter has ${CLAUSES_MAX} clauses at most.`);
    clauses.push(clauseAt(scanner));
  } while (scanner.word('AND'));
  if (!scanner.isAtEnd()) throw scanner.expected('AND, or the end');
  return clauses;
}

function clauseAt(scanner: Scanner): Clause {
  const start = scanner.place();
  const identifier = identifierAt(scanner);
  const comparator = comparatorAt(scanner);
  const value = valueAt(scanner, comparator);
  return { ...identifier, comparator, value, text: scanner.since(start) };
}

const PLAIN = /[\p{L}\p{N}_]+/uy;
/** Dots included; whatever else is in a key goes in quotes. */
const PLAIN_KEY = /[\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)*/uy;
const QUOTED = /`([^`]*)`|"([^"]*)"/y;
/** After the dot of `params.'a'` it cannot be a value. */
const KEY = /`([^`]*)`|"([^"]*)"|'([^']*)'/y;

export function identifierAt(scanner: Scanner): Identifier {
  const first = scanner.take(PLAIN)?.[0] ?? quotedAt(scanner, QUOTED);
  if (first === undefined) throw scanner.expected('a key such as metrics.loss, params.`learning rate` or status');
  if (!scanner.take(/\./y, { directly: true })) return { prefix: undefined, key: first };
  const key = scanner.take(PLAIN_KEY, { directly: true })?.[0] ?? quotedAt(scanner, KEY, { directly: true });
  if (key === undefined) throw scanner.expected('a key after the dot');
  return { prefix: first, key };
}

function quotedAt(scanner: Scanner, quoted: RegExp, options?: { directly: boolean }): string | undefined {
  return scanner
    .take(quoted, options)
    ?.slice(1)
    .find((key) => key !== undefined);
}

const SIGN = /[<>=~!]+/y;
const SIGNS = new Set(['=', '!=', '<', '<=', '>', '>=']);

function comparatorAt(scanner: Scanner): Comparator {
  const sign = scanner.take(SIGN)?.[0];
  if (sign !== undefined && !SIGNS.has(sign)) throw invalid(`Invalid comparator '${sign}' in the filter.`);
  if (sign !== undefined) return sign as Comparator;
  if (scanner.word('LIKE')) return 'LIKE';
  if (scanner.word('ILIKE')) return 'ILIKE';
  if (scanner.word('IN')) return 'IN';
  if (scanner.word('NOT') && scanner.word('IN')) return 'NOT IN';
  if (scanner.word('IS')) {
    const isNot = scanner.word('NOT');
    if (scanner.word('NULL')) return isNot ? 'IS NOT NULL' : 'IS NULL';
  }
  throw scanner.expected('one of = != < <= > >= LIKE, ILIKE, IN, NOT IN, IS NULL, IS NOT NULL');
}

function valueAt(scanner: Scanner, comparator: Comparator): Value {
  if (comparator === 'IS NULL' || comparator === 'IS NOT NULL') return undefined;
  if (comparator === 'IN' || comparator === 'NOT IN') return listAt(scanner);
  const value = numberAt(scanner) ?? textAt(scanner);
  if (value === undefined) throw scanner.expected('a number or a text in quotes');
  return value;
}

/** `1`, `-2`, `.5`, `1e-3`; not followed by what would make it something else. */
const NUMBER = /-?(?:\d+(?:\.\d+)?[eE]-?\d+|\d+\.\d*|\.\d+|\d+)(?![\p{L}\p{N}_.])/uy;

function numberAt(scanner: Scanner): number | undefined {
  const found = scanner.take(NUMBER)?.[0];
  return found === undefined ? undefined : Number(found);
}

/** Without escapes: what is between the quotes is the text; two quotes in a row, or one after \, do not end it. */
const TEXT = /'((?:''|\\'|[^'])*)'|"((?:""|\\"|[^"])*)"/y;

function textAt(scanner: Scanner): string | undefined {
  const found = scanner.take(TEXT);
  return found?.[1] ?? found?.[2];
}

function listAt(scanner: Scanner): string[] {
  if (!scanner.take(/\(/y)) throw scanner.expected("a list such as ('a', 'b')");
  const texts: string[] = [];
  do {
    const text = textAt(scanner);
    if (text === undefined && texts.length > 0) break;
    if (text === undefined) throw scanner.expected('a text in quotes');
    texts.push(text);
  } while (scanner.take(/,/y));
  if (!scanner.take(/\)/y)) throw scanner.expected(', or ) in the list');
  return texts;
}
