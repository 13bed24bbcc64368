// shared/search/condition-sql.ts
// Purpose: a condition tree as SQL with bound values, for both engines.
// Why: each feature says where its fields are found; how a test becomes SQL is written once.
// Relevant files: shared/search/condition.ts, runs/search/run-fields.ts

import { sql, type SQL } from 'drizzle-orm';
import { folded, isOneOf, matches } from '../db/dialect.ts';
import type { Comparison, Condition, Test } from './condition.ts';

/** Where the value of a field is found. */
export interface Source {
  /** Null where there is none. */
  column: SQL;
  /** `table x where …`: its row, or rows, of the thing that is looked at. Without it the column is the thing's own. */
  from?: SQL;
  /** There may be several; one that passes is enough. */
  isMany?: boolean;
  /** Of a number that may be NaN: whether it is. Then `column` holds nothing that counts. */
  isNan?: SQL;
  /** A column of whole numbers, which PostgreSQL compares with such only. */
  isWhole?: boolean;
}

/** `wantsNumber`: it is compared with a number, for fields that are text and number. */
export type SourceOf<Field> = (field: Field, wantsNumber: boolean) => Source;

const TRUE = sql.raw('1 = 1');
const FALSE = sql.raw('1 = 0');

export interface Leaf<Field> {
  field: Field;
  test: Test;
}

/** One test as SQL. Most are `plainLeaf`; who knows a quicker way to say one says it. */
export type LeafSql<Field> = (leaf: Leaf<Field>) => SQL;

export function conditionSql<Field>(condition: Condition<Field>, sourceOf: SourceOf<Field>): SQL {
  return treeSql(condition, (leaf) => plainLeaf(leaf, sourceOf));
}

export function treeSql<Field>(condition: Condition<Field>, leafOf: LeafSql<Field>): SQL {
  const within = (one: Condition<Field>): SQL => treeSql(one, leafOf);
  if ('and' in condition) return joined(condition.and.map(within), sql` and `, TRUE);
  if ('or' in condition) return joined(withLists(condition.or).map(within), sql` or `, FALSE);
  if ('not' in condition) return sql`not ${within(condition.not)}`;
  return leafOf(condition);
}

export function plainLeaf<Field>({ field, test }: Leaf<Field>, sourceOf: SourceOf<Field>): SQL {
  const source = sourceOf(field, isNumeric(test));
  return leafSql(source, source.isWhole ? wholeTest(test) : test);
}

/** `x = a or x = b` is `x in (a, b)`: the field is looked up once. Not of what may be NaN or infinite. */
export function withLists<Field>(parts: readonly Condition<Field>[]): Condition<Field>[] {
  const lists = new Map<string, { field: Field; values: (string | number)[] }>();
  const others: Condition<Field>[] = [];
  for (const part of parts) {
    const isEqual = 'field' in part && part.test.op === '=' && !isSpecial(part.test.value);
    if (!isEqual || !('value' in part.test)) {
      others.push(part);
      continue;
    }
    const name = `${typeof part.test.value} ${JSON.stringify(part.field)}`;
    const list = lists.get(name) ?? { field: part.field, values: [] };
    list.values.push(part.test.value);
    lists.set(name, list);
  }
  const merged = [...lists.values()].map(({ field, values: [first = '', ...more] }): Condition<Field> => {
    return { field, test: more.length === 0 ? { op: '=', value: first } : { op: 'in', values: [first, ...more] } };
  });
  return [...merged, ...others];
}

function isSpecial(value: string | number): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

/** In halves: SQLite takes a thousand levels of brackets at most. */
function joined(parts: SQL[], by: SQL, none: SQL): SQL {
  if (parts.length <= 1) return parts[0] ?? none;
  const middle = parts.length >> 1;
  return sql`(${joined(parts.slice(0, middle), by, none)}${by}${joined(parts.slice(middle), by, none)})`;
}

function isNumeric(test: Test): boolean {
  if (test.op === 'in' || test.op === 'not in') return typeof test.values[0] === 'number';
  return 'value' in test && typeof test.value === 'number';
}

/** A subquery, not a join: the runs are gone through in the order that is asked for, and few of them are looked at. */
function leafSql({ column, from, isMany, isNan }: Source, test: Test): SQL {
  if (!from) return test.op === 'present' ? sql`(${column} is not null)` : presentAnd(column, testSql(column, test));
  if (test.op === 'present') {
    // The least of a series in which all is NaN is not there, though its row is.
    const isThere = isNan ? sql`(${column} is not null or ${isNan})` : sql`${column} is not null`;
    return sql`(exists (select 1 from ${from} and ${isThere}))`;
  }
  const passes = testSql(column, test, isNan);
  return isMany ? sql`(exists (select 1 from ${from} and ${passes}))` : sql`((select ${passes} from ${from}) is true)`;
}

function presentAnd(column: SQL, passes: SQL): SQL {
  return sql`(${column} is not null and ${passes})`;
}

function testSql(column: SQL, test: Test, isNan?: SQL): SQL {
  switch (test.op) {
    case 'present':
      return TRUE;
    case 'like':
      return matches(column, test.pattern);
    case 'ilike':
      return matches(folded(column), test.pattern, true);
    case 'contains':
      return sql`contains_ci(${column}, ${test.text.toLowerCase()})`;
    case 'nan':
      return isNan ?? FALSE;
    case 'in':
      return isNan ? sql`(not ${isNan} and ${isOneOf(column, test.values)})` : isOneOf(column, test.values);
    case 'not in':
      return sql`not ${isOneOf(column, test.values)}`;
    default:
      return compare(column, test.op, test.value, isNan);
  }
}

const SIGNS: Record<Comparison, SQL> = {
  '=': sql.raw('='),
  '!=': sql.raw('<>'),
  '<': sql.raw('<'),
  '<=': sql.raw('<='),
  '>': sql.raw('>'),
  '>=': sql.raw('>='),
};

/** NaN differs from every number, and passes no other test. */
function compare(column: SQL, op: Comparison, value: string | number, isNan?: SQL): SQL {
  const passes = sql`${column} ${SIGNS[op]} ${value}`;
  if (!isNan) return passes;
  return op === '!=' ? sql`(${isNan} or ${passes})` : sql`(not ${isNan} and ${passes})`;
}

/** The same test of whole numbers, with a whole number within ±2^53. */
function wholeTest(test: Test): Test {
  if (test.op === 'in')
    return {
      op: 'in',
      values: test.values.filter((value) => typeof value === 'string' || Number.isSafeInteger(value)),
    };
  if (!('value' in test) || typeof test.value !== 'number') return test;
  const { op, value } = test;
  if (Number.isSafeInteger(value)) return test;
  if (op === '=' || op === '!=') return op === '=' ? { op: 'in', values: [] } : { op: 'present' };
  const isMore = op === '>' || op === '>=';
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER)
    return value < 0 === isMore ? { op: 'present' } : { op: 'in', values: [] };
  return isMore ? { op: '>=', value: Math.ceil(value) } : { op: '<=', value: Math.floor(value) };
}
