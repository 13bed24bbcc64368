// runs/view/view-query.ts
// Purpose: a view as the text behind the `?`: read as a page would read it, refused where the page would refuse it, compared.
// Why: a view that is saved must open, and a page must know whether it still shows the view it was opened with.
// Relevant files: runs/page-schemas.ts, runs/view/saved-api.ts

import type { z } from 'zod';
import { badField, Problem } from '../../shared/errors.ts';
import { ViewPage } from '../models.ts';
import {
  comparePageQuery,
  groupsQuery,
  pivotQuery,
  tableQuery,
  type GroupsQuery,
  type PivotQuery,
  type TableQuery,
} from '../page-schemas.ts';
import { pictureQuery, type PictureQuery } from '../pictures/picture-schemas.ts';
import { readWhere } from '../query/where.ts';
import { runOrder } from '../run-filter.ts';

/** The arguments of a query as a request would have them. */
export function argumentsOf(text: string): Record<string, string | string[]> {
  const search = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(search.keys())].map((one) => {
      const values = search.getAll(one);
      return [one, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

/** The same, checked and with what is usual filled in. */
export function readTableQuery(text: string): TableQuery {
  return read(tableQuery, text);
}

export function readGroupsQuery(text: string): GroupsQuery {
  return read(groupsQuery, text);
}

/** With two sides, as the page has it. */
export function readPivotQuery(text: string): PivotQuery {
  const query = read(pivotQuery, text);
  if (query.rows !== undefined && query.rows === query.cols)
    throw badField('query', 'cols: must be another key than the rows');
  return query;
}

export function readPictureQuery(text: string): PictureQuery {
  return read(pictureQuery, text);
}

const READERS: Record<ViewPage, (text: string) => { where?: string | undefined }> = {
  [ViewPage.Table]: (text) => {
    const query = readTableQuery(text);
    runOrder(query.order);
    return query;
  },
  [ViewPage.Groups]: readGroupsQuery,
  [ViewPage.Pivot]: readPivotQuery,
  [ViewPage.Pictures]: readPictureQuery,
  [ViewPage.Compare]: (text) => {
    const query = read(comparePageQuery, text);
    if (query.run.length === 0 && !query.group?.length && query.experiment === undefined)
      throw badField('query', 'name what is compared: run, group or experiment');
    return query;
  },
};

/** A 400 that names `query` where the page would not open. */
export function requireOpens(page: ViewPage, text: string, now: number): void {
  try {
    const { where } = READERS[page](text);
    if (where !== undefined) readWhere(where, now);
  } catch (error) {
    if (error instanceof Problem) throw badField('query', error.message);
    throw error;
  }
}

function read<T extends z.ZodType>(schema: T, text: string): z.output<T> {
  const { data, error } = schema.safeParse(argumentsOf(text));
  const issue = error?.issues[0];
  if (issue) throw badField('query', `${issue.path.join('.')}: ${issue.message}`);
  return data as z.output<T>;
}

/** Whether two texts are the same view: the order of different arguments does not matter, that of equal ones does. */
export function isSameView(a: string, b: string): boolean {
  return sorted(a) === sorted(b);
}

function sorted(text: string): string {
  const search = new URLSearchParams(text);
  search.delete('page');
  search.delete('view');
  search.delete('tick');
  search.sort();
  return search.toString();
}
