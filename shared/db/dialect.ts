// shared/db/dialect.ts
// Purpose: the few expressions that the two engines spell differently.
// Why: queries are written once; what cannot be said in SQL that both understand is here, and nowhere else.
// Relevant files: shared/db/columns.ts, shared/db/sqlite.ts, shared/db/migrations/postgres, runs/run-filter.ts, runs/buckets.ts

import { sql, type SQL } from 'drizzle-orm';
import { CasingCache } from 'drizzle-orm/casing';
import { engine } from './columns.ts';
import { Engine } from './engine.ts';
import { fold } from './functions.ts';

export const onPostgres = engine === Engine.Postgres;

/** Orders by the number, where there is none by the text, texts after numbers. SQLite orders so by itself. */
export function mixedOrder(number: SQL, text: SQL): SQL {
  return onPostgres ? sql`mixed_order(${number}, ${text})` : sql`coalesce(${number}, ${text})`;
}

/** The column has the text in it, letter by letter: for columns kept in lower case. In SQLite ten times as fast as contains_ci. */
export function contains(column: unknown, text: string): SQL {
  return onPostgres ? sql`strpos(${column}, ${text}) > 0` : sql`instr(${column}, ${text}) > 0`;
}

/**
 * A text matches a pattern of LIKE, case and all: `%` any text, `_` one character, nothing escapes them. SQLite's own
 * LIKE folds the letters A to Z, its GLOB none. `folds`: the column is folded, and the pattern is to be.
 */
export function matches(column: SQL, pattern: string, folds = false): SQL {
  if (!onPostgres) return sql`${column} glob ${globOf(folds ? fold(pattern) : pattern)}`;
  return folds ? sql`${column} like fold(${pattern}) escape ''` : sql`${column} like ${pattern} escape ''`;
}

const GLOB: Record<string, string> = { '%': '*', _: '?', '*': '[*]', '?': '[?]', '[': '[[]' };

function globOf(pattern: string): string {
  return pattern.replace(/[%_*?[]/g, (char) => GLOB[char] ?? char);
}

/** In lower case, in any alphabet. */
export function folded(column: SQL): SQL {
  return sql`fold(${column})`;
}

/** The column has one of the values, all of them texts or all numbers. One bound value, however many there are. */
export function isOneOf(column: SQL, values: readonly (string | number)[]): SQL {
  if (!onPostgres) return sql`${column} in (select value from json_each(${JSON.stringify(values)}))`;
  const numbers = values.every(Number.isSafeInteger) ? 'bigint[]' : 'double precision[]';
  const type = sql.raw(typeof values[0] === 'number' ? numbers : 'text[]');
  return values.length === 0 ? sql.raw('1 = 0') : sql`${column} = any(cast(${sql.param(values)} as ${type}))`;
}

/** Keys and texts of all rows as the text of one JSON object; null where there is no row. */
export function jsonObject(key: SQL, value: SQL): SQL {
  return onPostgres ? sql`cast(json_object_agg(${key}, ${value}) as text)` : sql`json_group_object(${key}, ${value})`;
}

/** Pairs of whole numbers as a table `s` with the columns `a` and `b`, from one bound value or two. */
export function pairs(all: readonly (readonly [number, number])[]): SQL {
  if (!onPostgres) return sql`(select value ->> 0 as a, value ->> 1 as b from json_each(${JSON.stringify(all)})) s`;
  const side = (place: 0 | 1): SQL => sql`cast(${sql.param(all.map((pair) => pair[place]))} as bigint[])`;
  return sql`unnest(${side(0)}, ${side(1)}) s(a, b)`;
}

/** The runs (`seq`) whose notes have all of these three characters somewhere, by the index that each engine has of them. */
export function hasGrams(grams: readonly string[]): SQL {
  if (onPostgres) return sql`select seq from run_notes where grams @> cast(${sql.param(grams)} as text[])`;
  const all = grams.map((gram) => `"${gram.replaceAll('"', '""')}"`).join(' AND ');
  return sql`select rowid as seq from run_notes where run_notes match ${all}`;
}

/** A query's text and the values bound to it, for `Db.execute`, which keeps what it has prepared. */
export function bound(query: SQL): [text: string, values: unknown[]] {
  const { sql: text, params } = query.toQuery(TEXT);
  return [text, params];
}

const TEXT = {
  casing: new CasingCache(),
  escapeName: (name: string) => `"${name}"`,
  escapeParam: () => '?',
  escapeString: (text: string) => `'${text.replaceAll("'", "''")}'`,
};

/** The sum of a few doubles without rounding at each step; SQLite sums so by itself. The way by decimals is too slow for many. */
export function exactSum(value: string): string {
  return onPostgres ? `cast(sum(cast(cast(${value} as text) as numeric)) as double precision)` : `sum(${value})`;
}
