// tests/api/bad-page-rows.ts
// Purpose: the table of wrong requests to tags, comparison, exports and pages.
// Why: one row for each way to be wrong; the test that runs them is short.
// Relevant files: tests/api/bad-requests.test.ts, tests/api/bad-rows.ts

import { bad, type BadRow } from './bad-rows.ts';

const GONE = { says: 'does not exist' };
const NOBODY = '0'.repeat(32);

const tags: BadRow[] = [
  bad('POST', '/api/tags', 400, 'key', { body: {} }),
  bad('POST', '/api/tags', 400, 'key', { body: { key: '' } }),
  bad('POST', '/api/tags', 400, 'color', { body: { key: 'x', color: 'red' } }),
  bad('POST', '/api/tags', 409, 'key', { body: { key: 'model' } }),
  bad('PATCH', '/api/tags/{tag}', 400, 'body', { body: {} }),
  bad('PATCH', '/api/tags/{tag}', 400, 'name', { body: { name: 'x' } }),
  bad('PATCH', '/api/tags/{tag}', 409, 'key', { body: { key: 'other' } }),
  bad('PATCH', '/api/tags/999', 404, null, { body: { key: 'x' }, ...GONE }),
  bad('GET', '/api/tags/abc', 400, 'id'),
  bad('DELETE', '/api/tags/999', 404, null, GONE),
  bad('POST', '/api/tags/{tag}/merge', 400, 'into', { body: {} }),
  bad('POST', '/api/tags/{tag}/merge', 400, 'into', { body: '{"into": {tag}}', headers: { 'content-type': 'application/json' } }),
  bad('POST', '/api/tags/{tag}/merge', 400, 'into', { body: { into: 999 } }),
  bad('PUT', '/api/runs/{run}/tags/k', 400, 'value', { body: { value: 5 } }),
  bad('PUT', `/api/runs/${NOBODY}/tags/k`, 404, null, { body: { value: 'v' }, ...GONE }),
  bad('PUT', '/api/runs/{trash}/tags/k', 409, 'id', { body: { value: 'v' } }),
  bad('PUT', `/api/runs/{run}/tags/${'x'.repeat(501)}`, 400, 'key', { body: { value: 'v' } }),
  bad('PUT', '/api/runs/{run}/tags/__proto__', 400, 'key', { body: { value: 'v' } }),
  bad('PUT', '/api/experiments/999/tags/k', 404, null, { body: { value: 'v' }, ...GONE }),
  bad('DELETE', `/api/runs/${NOBODY}/tags/k`, 404, null, GONE),
]; // prettier-ignore

const compare: BadRow[] = [
  bad('GET', '/api/compare', 400, '?run'),
  bad('GET', '/api/compare?run={run}', 400, '?run'),
  bad('GET', '/api/compare?run={run}&run=abc', 400, '?run[1]'),
  bad('GET', `/api/compare?run={run}&run=${NOBODY}`, 404, null, GONE),
  bad('GET', '/api/compare?run={run}&run={ended}&nope=1', 400, '?nope'),
];

const exports: BadRow[] = [
  bad('GET', '/exports/experiments.xlsx', 404, null, { says: 'xlsx' }),
  bad('GET', '/exports/experiments/999.json', 404, null, GONE),
  bad('GET', '/exports/experiments/abc/runs.csv', 400, 'id'),
  bad('GET', `/exports/runs/${NOBODY}/points.csv`, 404, null, GONE),
  bad('GET', '/exports/runs/{trash}.json', 409, 'id'),
  bad('GET', '/exports/experiments/{exp}/points.csv?step=1', 400, '?step'),
];

const HTML = { accept: 'text/html' };
const page = (method: string, path: string, status: number, says: string): BadRow =>
  bad(method, path, status, null, { headers: HTML, says });
const form = (path: string, fields: Record<string, string>, says: string, status = 400): BadRow => ({
  ...bad('POST', path, status, null, { headers: HTML, says }),
  form: fields,
});

const pages: BadRow[] = [
  page('GET', '/nothing-here', 404, 'There is nothing at'),
  page('GET', '/experiments/999', 404, 'does not exist'),
  page('GET', '/experiments/abc', 400, 'must be a whole number'),
  page('GET', '/experiments?order=size', 400, '?order'),
  page('GET', '/experiments?page=0', 400, '?page'),
  page('GET', `/runs/${NOBODY}`, 404, 'does not exist'),
  page('GET', '/runs/xyz', 400, '32 hexadecimal digits'),
  page('GET', '/runs?order=nope', 400, '?order'),
  bad('GET', '/runs/%zz', 400, null, { says: 'not a valid url' }),
  page('GET', '/runs/{run}/artifacts/none', 404, 'does not exist'),
  page('GET', '/compare?run=abc', 400, '?run'),
  page('GET', '/exports?page=x', 400, '?page'),
  form('/experiments', { name: '' }, 'id="e-name"'),
  form('/experiments', { name: 'first' }, 'id="e-name"'),
  form('/experiments/{exp}', { name: 'archive' }, 'id="e-name"'),
  form('/experiments/999', { name: 'x' }, 'does not exist', 404),
  form('/experiments/999/trash', {}, 'does not exist', 404),
  form('/runs/{run}', { name: '' }, 'id="e-name"'),
  form(`/runs/${NOBODY}`, { name: 'x' }, 'does not exist', 404),
  form('/runs/{run}/reopen', {}, 'only a run that has ended', 409),
  form(`/runs/${NOBODY}/trash`, {}, 'does not exist', 404),
  form('/runs/tag', { run: 'abc', tags: 'x', back: '/runs' }, 'run'),
  form('/runs/trash', { run: NOBODY, confirm: 'yes', back: '/runs' }, 'does not exist', 404),
];

export const PAGE_ROWS: BadRow[] = [...tags, ...compare, ...exports, ...pages];
