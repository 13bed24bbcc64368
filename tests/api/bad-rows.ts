// tests/api/bad-rows.ts
// Purpose: the table of wrong requests to the API: what is sent, the status, and the field that must be named.
// Why: one row for each way to be wrong; the test that runs them is short.
// Relevant files: tests/api/bad-requests.test.ts, tests/api/bad-page-rows.ts

import { RunStatus } from '../../runs/models.ts';

/** In paths and bodies, `{run}` and the like stand for what the test made. */
export interface BadRow {
  method: string;
  path: string;
  /** JSON when it is an object, form fields when `form` says so, else text as it is. */
  body?: object | string;
  form?: Record<string, string | string[]>;
  headers?: Record<string, string>;
  status: number;
  /** A place in `errors`; null where no field is to blame, then the detail must hold `says`. */
  field: string | null;
  says?: string;
}

type Extra = Partial<Pick<BadRow, 'body' | 'headers' | 'says'>>;

export function bad(method: string, path: string, status: number, field: string | null, extra: Extra = {}): BadRow {
  return { method, path, status, field, ...extra };
}

const LONG = 'x'.repeat(501);
const JSON_TYPE = { 'content-type': 'application/json' };
const NOBODY = '0'.repeat(32);
const GONE = { says: 'does not exist' };
const IN_TRASH = { says: 'restore it first' };

const experiments: BadRow[] = [
  bad('POST', '/api/experiments', 400, 'body', { body: '' }),
  bad('POST', '/api/experiments', 400, 'body', { body: '[1]', headers: JSON_TYPE }),
  bad('POST', '/api/experiments', 400, 'body', { body: '{"name": "x"', headers: JSON_TYPE, says: 'not valid JSON' }),
  bad('POST', '/api/experiments', 400, 'body', { body: '{"name": NaN}', headers: JSON_TYPE, says: '"NaN"' }),
  bad('POST', '/api/experiments', 400, 'body', { body: '{"__proto__": {"x": 1}}', headers: JSON_TYPE }),
  bad('POST', '/api/experiments', 415, null, { body: 'x', headers: { 'content-type': 'image/png' }, says: 'Media' }),
  bad('POST', '/api/experiments', 400, 'name', { body: {} }),
  bad('POST', '/api/experiments', 400, 'name', { body: { name: '  ' } }),
  bad('POST', '/api/experiments', 400, 'name', { body: { name: 7 } }),
  bad('POST', '/api/experiments', 400, 'name', { body: { name: LONG }, says: '500' }),
  bad('POST', '/api/experiments', 400, 'name', { body: { name: 'two\nlines' } }),
  bad('POST', '/api/experiments', 400, 'name', { body: { name: 'nul\0' } }),
  bad('POST', '/api/experiments', 400, 'name', { body: '{"name": "\\ud800"}', headers: JSON_TYPE }),
  bad('POST', '/api/experiments', 400, 'colour', { body: { name: 'x', colour: 'red' } }),
  bad('POST', '/api/experiments', 400, 'status', { body: { name: 'x', status: 'open' } }),
  bad('POST', '/api/experiments', 400, 'tags.t', { body: { name: 'x', tags: { t: 1 } } }),
  bad('POST', '/api/experiments', 409, 'name', { body: { name: 'first' } }),
  bad('GET', '/api/experiments/abc', 400, 'id'),
  bad('GET', '/api/experiments/-1', 400, 'id'),
  bad('GET', '/api/experiments/999', 404, null, GONE),
  bad('GET', '/api/experiments/{gone}', 404, null, IN_TRASH),
  bad('PATCH', '/api/experiments/{exp}', 400, 'body', { body: {} }),
  bad('PATCH', '/api/experiments/{exp}', 400, 'id', { body: { id: 5 } }),
  bad('PATCH', '/api/experiments/{exp}', 409, 'name', { body: { name: 'archive' } }),
  bad('PATCH', '/api/experiments/999', 404, null, { body: { name: 'x' }, ...GONE }),
  bad('DELETE', '/api/experiments/999', 404, null, GONE),
  bad('POST', '/api/experiments/999/restore', 404, null, GONE),
  bad('GET', '/api/experiments?limit=0', 400, '?limit'),
  bad('GET', '/api/experiments?limit=1001', 400, '?limit', { says: '1000' }),
  bad('GET', '/api/experiments?order=size', 400, '?order'),
  bad('GET', '/api/experiments?status=running', 400, '?status[0]'),
  bad('GET', '/api/experiments?cursor=%7B%7D', 400, '?cursor'),
  bad('GET', '/api/experiments?page=2', 400, '?page'),
];

const runs: BadRow[] = [
  bad('POST', '/api/runs', 400, 'experiment', { body: { experiment: 5 }, says: 'experiment_id' }),
  bad('POST', '/api/runs', 400, 'experiment_id', { body: {} }),
  bad('POST', '/api/runs', 400, 'experiment_id', { body: { experiment_id: 1, experiment: 'first' } }),
  bad('POST', '/api/runs', 400, 'experiment_id', { body: { experiment_id: 999 } }),
  bad('POST', '/api/runs', 400, 'experiment_id', { body: { experiment_id: '1' } }),
  bad('POST', '/api/runs', 400, 'experiment_id', { body: '{"experiment_id": {gone}}', headers: JSON_TYPE }),
  bad('POST', '/api/runs', 409, 'experiment_id', { body: { experiment: 'archive' }, says: 'archived' }),
  bad('POST', '/api/runs', 400, 'experiment', { body: { experiment: '' } }),
  bad('POST', '/api/runs', 400, 'id', { body: { experiment: 'first', id: 'ABC' } }),
  bad('POST', '/api/runs', 409, 'id', { body: { experiment: 'new one', id: '{run}' }, says: 'belongs to' }),
  bad('POST', '/api/runs', 409, 'id', { body: { experiment: 'first', id: '{trash}' }, says: 'trash' }),
  bad('POST', '/api/runs', 409, 'params.lr', { body: { experiment: 'first', id: '{run}', params: { lr: 2 } } }),
  bad('POST', '/api/runs', 400, 'status', { body: { experiment: 'first', status: 'done' } }),
  bad('POST', '/api/runs', 400, 'start_time', { body: { experiment: 'first', start_time: '2026-01-01' } }),
  bad('POST', '/api/runs', 400, 'start_time', { body: { experiment: 'first', start_time: 1.5 } }),
  bad('POST', '/api/runs', 400, 'start_time', { body: { experiment: 'first', start_time: 9e15 } }),
  bad('POST', '/api/runs', 400, 'parent_id', { body: { experiment: 'new two', parent_id: NOBODY } }),
  bad('POST', '/api/runs', 400, 'params.lr', { body: { experiment: 'first', params: { lr: [1] } } }),
  bad('POST', '/api/runs', 400, 'params', { body: { experiment: 'first', params: [] } }),
  bad('POST', '/api/runs', 400, 'tags.x', { body: { experiment: 'first', tags: { x: null } } }),
  bad('POST', '/api/runs', 400, 'metrics', { body: { experiment: 'first', metrics: [] } }),
  bad('GET', '/api/runs?experiment=abc', 400, '?experiment'),
  bad('GET', '/api/runs?status=active', 400, '?status[0]'),
  bad('GET', '/api/runs?order=loss', 400, '?order', { says: 'metrics.KEY' }),
  bad('GET', '/api/runs?limit=ten', 400, '?limit'),
  bad('GET', '/api/runs?limit=1&limit=2', 400, '?limit'),
  bad('GET', '/api/runs?cursor=WzFd', 400, '?cursor'),
  bad('GET', `/api/runs?q=${'x'.repeat(1001)}`, 400, '?q', { says: '1,000' }),
  bad('GET', '/api/runs?q=%00', 400, '?q'),
  bad('GET', '/api/runs/123', 400, 'id'),
  bad('GET', '/api/runs/%zz', 400, null, { says: 'not a valid url' }),
  bad('GET', `/api/runs/${NOBODY}`, 404, null, GONE),
  bad('PATCH', '/api/runs/{run}', 400, 'body', { body: {} }),
  bad('PATCH', '/api/runs/{run}', 400, 'experiment_id', { body: { experiment_id: 2 } }),
  bad('PATCH', '/api/runs/{run}', 400, 'end_time', { body: { end_time: -8.64e15 } }),
  bad('PATCH', '/api/runs/{run}', 400, 'parent_id', { body: { parent_id: '{run}' } }),
  bad('PATCH', '/api/runs/{run}', 400, 'notes', { body: { notes: 'x'.repeat(200_001) }, says: '200,000' }),
  bad('PATCH', '/api/runs/{ended}', 409, 'status', { body: { status: RunStatus.Running }, says: 'Reopen' }),
  bad('PATCH', '/api/runs/{trash}', 409, 'id', { body: { name: 'x' }, ...IN_TRASH }),
  bad('PATCH', '/api/runs/{lost}', 409, 'id', { body: { name: 'x' }, says: 'with its experiment' }),
  bad('DELETE', `/api/runs/${NOBODY}`, 404, null, GONE),
  bad('POST', '/api/runs/{run}/reopen', 409, 'status'),
  bad('POST', `/api/runs/${NOBODY}/restore`, 404, null, GONE),
  bad('POST', '/api/runs/{lost}/restore', 409, 'id', { says: 'with its experiment' }),
];

const attempts: BadRow[] = [
  bad('GET', `/api/runs/${NOBODY}/attempts`, 404, null, GONE),
  bad('GET', '/api/runs/{trash}/attempts', 409, 'id', IN_TRASH),
  bad('POST', `/api/runs/${NOBODY}/attempts`, 404, null, { body: {}, ...GONE }),
  bad('POST', '/api/runs/{run}/attempts', 400, 'id', { body: { id: 'second' } }),
  bad('POST', '/api/runs/{run}/attempts', 400, 'start_time', { body: { start_time: 'now' } }),
  bad('POST', '/api/runs/{run}/attempts', 400, 'host', { body: { host: LONG } }),
  bad('POST', '/api/runs/{run}/attempts', 400, 'pid', { body: { pid: 1.5 } }),
  bad('POST', '/api/runs/{run}/attempts', 400, 'number', { body: { number: 2 } }),
  bad('PATCH', `/api/runs/{run}/attempts/${NOBODY}`, 404, null, { body: { status: RunStatus.Failed }, ...GONE }),
  bad('PATCH', '/api/runs/{run}/attempts/2', 400, 'attempt', { body: { status: RunStatus.Failed } }),
  bad('PATCH', `/api/runs/{run}/attempts/${NOBODY}`, 400, 'status', { body: { status: RunStatus.Scheduled } }),
  bad('GET', '/api/runs/{run}/points?key=loss&attempt=0', 400, '?attempt'),
  bad('POST', '/api/runs/{run}/log?attempt=2', 400, '?attempt', { body: {} }),
];

const point = (more: object): object => ({ metrics: [{ key: 'loss', value: 1, step: 99, ...more }] });
const logging: BadRow[] = [
  bad('POST', '/api/runs/{run}/log', 400, 'body', { body: '' }),
  bad('POST', '/api/runs/{run}/log', 400, 'body', { body: '{"metrics": [{"key": "a", "value": NaN}]}', headers: JSON_TYPE, says: '"NaN"' }),
  bad('POST', '/api/runs/{run}/log', 400, 'body', { body: '{"metrics": [{"key": "a", "value": -Infinity}]}', headers: JSON_TYPE, says: '"-Infinity"' }),
  bad('POST', '/api/runs/{run}/log', 400, 'metrics', { body: { metrics: {} } }),
  bad('POST', '/api/runs/{run}/log', 400, 'metrics', { body: { metrics: Array(50_001).fill({ key: 'a', value: 1 }) }, says: '50000' }),
  bad('POST', '/api/runs/{run}/log', 400, 'metrics[0].key', { body: { metrics: [{ value: 1 }] } }),
  bad('POST', '/api/runs/{run}/log', 400, 'metrics[0].value', { body: { metrics: [{ key: 'a' }] } }),
  bad('POST', '/api/runs/{run}/log', 422, 'metrics[0].value', { body: point({ value: null }) }),
  bad('POST', '/api/runs/{run}/log', 400, 'metrics[0].epoch', { body: point({ epoch: 1 }) }),
  bad('POST', '/api/runs/{run}/log', 400, 'metrics[0].step', { body: point({ step: '1' }) }),
  bad('POST', '/api/runs/{run}/log', 400, 'artifacts', { body: { artifacts: [] } }),
  bad('POST', '/api/runs/{run}/log', 400, 'params.a', { body: { params: { a: {} } } }),
  bad('POST', '/api/runs/{run}/log', 400, 'tags.a', { body: { tags: { a: 'x'.repeat(10_001) } }, says: '10,000' }),
  bad('POST', '/api/runs/{run}/log', 422, 'metrics[0].value', { body: point({ value: 'high' }) }),
  bad('POST', '/api/runs/{run}/log', 422, 'metrics[0].value', { body: point({ value: '0x10' }) }),
  bad('POST', '/api/runs/{run}/log', 422, 'metrics[0].step', { body: point({ step: 0.5 }) }),
  bad('POST', '/api/runs/{run}/log', 422, 'metrics[0].step', { body: point({ step: 2 ** 53 }) }),
  bad('POST', '/api/runs/{run}/log', 422, 'metrics[0].timestamp', { body: point({ timestamp: 1e300 }) }),
  bad('POST', '/api/runs/{run}/log', 422, 'metrics[0].key', { body: point({ key: LONG }), says: '500' }),
  bad('POST', '/api/runs/{run}/log', 422, 'metrics[0].key', { body: point({ key: '__proto__' }) }),
  bad('POST', '/api/runs/{run}/log', 422, 'params.lr', { body: { params: { lr: 'other' } }, says: 'written once' }),
  bad('POST', '/api/runs/{run}/log', 413, null, { body: `"${'x'.repeat(16 * 1024 * 1024)}"`, headers: JSON_TYPE, says: '16777216' }),
  bad('POST', '/api/runs/{run}/log', 400, null, { body: 'no gzip', headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, says: 'decompress' }),
  bad('POST', '/api/runs/{trash}/log', 409, 'id', { body: point({}), ...IN_TRASH }),
  bad('POST', `/api/runs/${NOBODY}/log`, 404, null, { body: point({}), ...GONE }),
  bad('GET', '/api/runs/{trash}/metrics', 409, 'id', IN_TRASH),
  bad('GET', '/api/runs/{run}/points', 400, '?key'),
  bad('GET', '/api/runs/{run}/points?key=loss&limit=10001', 400, '?limit'),
  bad('GET', '/api/runs/{run}/points?key=loss&cursor=x', 400, '?cursor'),
  bad('GET', '/api/runs/{run}/points?key=none', 404, null, GONE),
  bad('GET', '/api/runs/{run}/curve?key=loss&buckets=0', 400, '?buckets'),
  bad('GET', '/api/runs/{run}/curve?key=loss&from=', 400, '?from'),
  bad('GET', '/api/runs/{run}/curve?key=loss&from=5&to=4', 400, '?from'),
  bad('GET', '/api/runs/{run}/curve?key=none', 404, null, GONE),
]; // prettier-ignore

const at = (name: string, run = '{run}'): string => `/api/runs/${run}/artifacts/${name}`;
const file = { body: 'contents' };
const artifacts: BadRow[] = [
  bad('PUT', at(''), 400, 'path', file),
  bad('PUT', at('/etc/passwd'), 400, 'path', file),
  bad('PUT', at('../up'), 400, 'path', file),
  bad('PUT', at('a/%2e%2e/%2e%2e/up'), 400, 'path', file),
  bad('PUT', at('a%2F..%2Fb'), 400, 'path', file),
  bad('PUT', at('a//b'), 400, 'path', file),
  bad('PUT', at('a/'), 400, 'path', file),
  bad('PUT', at('./a'), 400, 'path', file),
  bad('PUT', at('a%5Cb'), 400, 'path', { ...file, says: 'backslash' }),
  bad('PUT', at('C:%5Cwindows'), 400, 'path', file),
  bad('PUT', at('a%00b'), 400, 'path', { ...file, says: 'NUL' }),
  bad('GET', at('a%00b'), 400, 'path'),
  bad('DELETE', at('a%00b'), 400, 'path'),
  bad('PUT', at(LONG), 400, 'path', { ...file, says: '500' }),
  bad('PUT', at('kept.txt/below'), 409, 'path', file),
  bad('PUT', at('folder'), 409, 'path', file),
  bad('PUT', at('x', '{trash}'), 409, 'id', { ...file, ...IN_TRASH }),
  bad('PUT', at('x', NOBODY), 404, null, { ...file, ...GONE }),
  bad('PUT', at('x', 'short'), 400, 'id', file),
  bad('PUT', at('big'), 413, null, { headers: { 'content-length': '5368709121' }, says: '5368709120' }),
  bad('GET', at('none.txt'), 404, null, GONE),
  bad('GET', at('../../../../etc/passwd'), 400, 'path'),
  bad('GET', at('kept.txt?inline=1'), 400, '?inline'),
  bad('GET', at('kept.txt'), 416, null, { headers: { range: 'bytes=999-' }, says: 'range' }),
  bad('GET', at('kept.txt', '{trash}'), 409, 'id', IN_TRASH),
  bad('DELETE', at('..'), 400, 'path'),
  bad('DELETE', at('kept.txt', NOBODY), 404, null, GONE),
  bad('GET', `/api/runs/${NOBODY}/artifacts`, 404, null, GONE),
];

/** More about tags: tests/api/bad-page-rows.ts. */
const tags: BadRow[] = [
  bad('GET', '/api/tags?limit=0', 400, '?limit'),
  bad('GET', '/api/tags?limit=1001', 400, '?limit', { says: '1000' }),
  bad('GET', '/api/tags?status=gone', 400, '?status'),
  bad('GET', '/api/tags?cursor=WzFd', 400, '?cursor'),
  bad('GET', '/api/tags?colour=c1', 400, '?colour'),
  bad('GET', `/api/tags?q=${'x'.repeat(1001)}`, 400, '?q', { says: '1,000' }),
  bad('POST', '/api/tags/abc/restore', 400, 'id'),
  bad('POST', '/api/tags/999/restore', 404, null, GONE),
  bad('POST', '/api/tags/{reused}/restore', 409, 'key', { says: 'already a tag' }),
  bad('DELETE', '/api/experiments/abc/tags/model', 400, 'id'),
  bad('DELETE', '/api/experiments/999/tags/model', 404, null, GONE),
  bad('DELETE', '/api/experiments/{gone}/tags/model', 404, null, IN_TRASH),
  bad('DELETE', '/api/experiments/{exp}/tags/none', 404, null, GONE),
  bad('DELETE', '/api/experiments/{exp}/tags/nul%00', 400, 'key'),
  bad('DELETE', `/api/experiments/{exp}/tags/${LONG}`, 400, 'key', { says: '500' }),
];

const FOREIGN = { says: 'another site' };
const foreign: BadRow[] = [
  bad('POST', '/api/experiments', 403, null, { body: { name: 'x' }, headers: { origin: 'https://evil.example' }, ...FOREIGN }),
  bad('POST', '/api/runs', 403, null, { body: { experiment: 'x' }, headers: { 'sec-fetch-site': 'cross-site' }, ...FOREIGN }),
  bad('DELETE', '/api/runs/{run}', 403, null, { headers: { 'sec-fetch-site': 'same-site' }, ...FOREIGN }),
  bad('PUT', at('x'), 403, null, { ...file, headers: { origin: 'null' }, ...FOREIGN }),
]; // prettier-ignore

export const API_ROWS: BadRow[] = [...experiments, ...runs, ...attempts, ...logging, ...artifacts, ...tags, ...foreign];
