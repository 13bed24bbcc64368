// shared/db/paging.ts
// Purpose: pages of a list by any order: null last, the id as tie-break, an opaque cursor for the next page.
// Why: a cursor costs the same on page 1 and page 10,000, and rows that arrive meanwhile shift nothing.
// Relevant files: experiments/queries.ts, runs/list-queries.ts, shared/schemas.ts

import { asc, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { badField, type Problem } from '../errors.ts';

/** An expression; null sorts last in both directions. */
export interface OrderKey {
  by: SQL;
  descending: boolean;
}

/** What a list is ordered by: an expression, further ones among equal rows, and an id that is unique. */
export interface Order extends OrderKey {
  id: SQL;
  then?: readonly OrderKey[];
}

/** A list's page: `after` a row (API) or `offset` rows in (pages with numbers). */
export interface Page {
  limit: number;
  offset?: number | undefined;
  cursor?: string | undefined;
}

/** JSON has no Infinity; `{"endless": -1}` is -Infinity. */
const endless = z.strictObject({ endless: z.literal([1, -1]) }).transform((value) => value.endless * Infinity);
const cursorValue = z.union([z.string(), z.number(), z.null(), endless]);
/** The value of the first key, the id, the values of the further keys. */
const cursorSchema = z.tuple([cursorValue, z.union([z.string(), z.number()])], cursorValue);

/** The further keys as columns, to be selected as `order_then` beside `order_value`. */
export function thenColumns({ then = [] }: Order): Record<string, SQL.Aliased> {
  return Object.fromEntries(then.map(({ by }, place) => [thenName(place), by.as(thenName(place))]));
}

function thenName(place: number): string {
  return `order_then_${place}`;
}

/** For a query that selects `by.as('order_value')`: said by its name, what is not a column is computed once for each row. */
export function orderBy({ id, descending, then = [] }: Order): SQL[] {
  // Not `by is null, by`: an index on `by` would be of no use.
  const named = (name: string, down: boolean): SQL =>
    sql`${sql.raw(name)} ${sql.raw(down ? 'desc' : 'asc')} nulls last`;
  return [
    named('order_value', descending),
    ...then.map((key, place) => named(thenName(place), key.descending)),
    asc(id),
  ];
}

/** The condition "comes after the cursor's row", or undefined without a cursor. */
export function afterCursor({ by, id, descending, then = [] }: Order, cursor: string | undefined): SQL | undefined {
  if (!cursor) return undefined;
  const [value, lastId, ...more] = decode(cursor);
  if (more.length !== then.length) throw notOfThisList();
  const keys = [{ by, descending }, ...then].map((key, place) => ({ ...key, value: [value, ...more][place] ?? null }));
  // From the last key to the first: beyond it, or equal in it and after in what follows.
  return keys.reduceRight((tie, key) => behind(key, tie), sql`${id} > ${lastId}`);
}

function behind({ by, descending, value }: OrderKey & { value: string | number | null }, tie: SQL): SQL {
  if (value === null) return sql`(${by}) is null and ${tie}`;
  const beyond = descending ? sql`(${by}) < ${value}` : sql`(${by}) > ${value}`;
  return sql`(${beyond} or ((${by}) = ${value} and ${tie}) or (${by}) is null)`;
}

/** `rows` holds one more than the page asked for, if there is one: the n + 1st row says that there is a next page. */
export function pageOf<T extends { order_value: unknown; order_then?: Record<string, unknown> }>(
  rows: T[],
  limit: number,
  idOf: (row: T) => string | number,
): { items: T[]; next_cursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (!last || rows.length <= limit) return { items, next_cursor: null };
  const more = Object.values(last.order_then ?? {});
  return { items, next_cursor: encode([last.order_value, idOf(last), ...more]) };
}

function encode(values: unknown[]): string {
  const known = values.map((value) =>
    value === Infinity || value === -Infinity ? { endless: Math.sign(value) } : value,
  );
  return Buffer.from(JSON.stringify(known)).toString('base64url');
}

function decode(cursor: string): z.infer<typeof cursorSchema> {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw notOfThisList();
  }
}

function notOfThisList(): Problem {
  return badField('?cursor', 'is not a cursor of this list');
}

/** `-start_time`: descending by start_time. */
export function parseOrder(order: string): { field: string; descending: boolean } {
  return order.startsWith('-') ? { field: order.slice(1), descending: true } : { field: order, descending: false };
}
