// exports/request.ts
// Purpose: a path such as `experiments/3/runs.csv?status=failed` as an entry of the catalogue, checked.
// Why: the command line, the list of past exports and wrong paths are read as the routes read theirs.
// Relevant files: exports/catalogue.ts, exports/command.ts, exports/pages.ts, shared/http/problems.ts

import { parse as parseQuery } from 'node:querystring';
import { Problem } from '../shared/errors.ts';
import { invalid, zodErrors } from '../shared/http/field-errors.ts';
import { CATALOGUE, type ExportKind } from './catalogue.ts';
import type { Format } from './writers.ts';

export const PREFIX = '/exports/';

export interface ExportRequest {
  kind: ExportKind;
  format: Format;
  params: unknown;
  query: unknown;
  /** Path and query that make it again. */
  url: string;
}

/** `experiments.csv|json`, `experiments/:id/runs.csv|json` … */
function whatThereIs(): string[] {
  return CATALOGUE.map(({ path, formats }) => `${path.replace(':id', 'ID')}.${formats.join('|')}`);
}

/** `path` with or without /exports/ in front. A `Problem` says what there is, or which field is wrong. */
export function readRequest(path: string): ExportRequest {
  const { pathname, search } = new URL(PREFIX + path.replace(/^\/?(exports\/)?/, ''), 'http://tracker');
  const [, stem = '', ending = ''] = /^\/exports\/(.*)\.([^./]*)$/.exec(pathname) ?? [
    '',
    pathname.slice(PREFIX.length),
  ];
  for (const kind of CATALOGUE) {
    const params = paramsIn(stem, kind.path);
    if (!params) continue;
    const format = kind.formats.find((one) => one === ending);
    if (!format) throw noSuchFormat(kind, stem, ending);
    const checkedParams = kind.params.safeParse(params);
    if (!checkedParams.success) throw invalid(zodErrors(checkedParams.error, 'params'));
    const checkedQuery = kind.query.safeParse({ ...parseQuery(search.slice(1)) });
    if (!checkedQuery.success) throw invalid(zodErrors(checkedQuery.error, 'querystring'));
    return { kind, format, params: checkedParams.data, query: checkedQuery.data, url: pathname + search };
  }
  throw new Problem(404, `There is no export ${JSON.stringify(path)}. There are: ${whatThereIs().join(', ')}.`);
}

function paramsIn(stem: string, pattern: string): Record<string, string> | undefined {
  const parts = stem.split('/');
  const names = pattern.split('/');
  if (parts.length !== names.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = parts[index] ?? '';
    if (name.startsWith(':')) params[name.slice(1)] = part;
    else if (name !== part) return undefined;
  }
  return params;
}

function noSuchFormat({ formats }: ExportKind, stem: string, ending: string): Problem {
  const there = formats.map((format) => `${stem}.${format}`).join(' and ');
  return new Problem(404, `There is no ${ending === '' ? stem : `${stem}.${ending}`}; there is ${there}.`);
}
