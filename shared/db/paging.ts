// shared/db/paging.ts
// Purpose: pages of a list by any order: null last, the id as tie-break, an opaque cursor for the next page.
// Why: a cursor costs the same on page 1 and page 10,000, and rows that arrive meanwhile shift nothing.
// Relevant files: experiments/queries.ts, runs/queries.ts, shared/schemas.ts

import { asc, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { badField } from '../errors.ts';

/** What a list is ordered by: an expression (null sorts last in both directions) and an id that is unique. */
export interface Order {
  by: SQL;
  id: SQL;
  descending: boolean;
}

/** A list's page: `after` a row (API) or `offset` rows in (pages with numbers). */
export interface Page {
  limit: number;
  offset?: number | undefined;
  cursor?: string | undefined;
}

/** JSON has no Infinity; `{"endless": -1}` is -Infinity. */
const endless = z.strictObject({ endless: z.literal([1, -1]) }).transform((value) => value.endless * Infinity);
const cursorSchema = z.tuple([z.union([z.string(), z.number(), z.null(), endless]), z.union([z.string(), z.number()])]);

/** For a query that selects `by.as('order_value')`: said by its name, what is not a column is computed once for each row. */
export function orderBy({ id, descending }: Order): SQL[] {
  // Not `by is null, by`: an index on `by` would be of no use.
  return [descending ? sql`order_value desc nulls last` : sql`order_value asc nulls last`, asc(id)];
}

/** The condition "comes after the cursor's row", or undefined without a cursor. */
export function afterCursor({ by, id, descending }: Order, cursor: string | undefined): SQL | undefined {
  if (!cursor) return undefined;
  const [value, lastId] = decode(cursor);
  const tie = sql`${id} > ${lastId}`;
  if (value === null) return sql`(${by}) is null and ${tie}`;
  const beyond = descending ? sql`(${by}) < ${value}` : sql`(${by}) > ${value}`;
  return sql`(${beyond} or ((${by}) = ${value} and ${tie}) or (${by}) is null)`;
}

/** `rows` holds one more than the page asked for, if there is one: the n + 1st row says that there is a next page. */
export function pageOf<T extends { order_value: unknown }>(
  rows: T[],
  limit: number,
  idOf: (row: T) => string | number,
): { items: T[]; next_cursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (!last || rows.length <= limit) return { items, next_cursor: null };
  return { items, next_cursor: encode(last.order_value, idOf(last)) };
}

function encode(value: unknown, id: string | number): string {
  const isEndless = value === Infinity || value === -Infinity;
  return Buffer.from(JSON.stringify([isEndless ? { endless: Math.sign(value) } : value, id])).toString('base64url');
}

function decode(cursor: string): z.infer<typeof cursorSchema> {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw badField('?cursor', 'is not a cursor of this list');
  }
}

/** `-start_time`: descending by start_time. */
export function parseOrder(order: string): { field: string; descending: boolean } {
  return order.startsWith('-') ? { field: order.slice(1), descending: true } : { field: order, descending: false };
}
