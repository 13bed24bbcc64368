// tests/exports/wrong-requests.test.ts
// Purpose: every wrong download gets its 4xx, with what is wrong and what there is instead.
// Why: a script must never save an error under the name of a table.
// Relevant files: exports/routes.ts, exports/request.ts, exports/schemas.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { trashExperiment } from '../../experiments/changes.ts';
import { trashRuns } from '../../runs/changes.ts';
import { useTracker } from '../support/use.ts';
import { addRun, exportRows } from './support.ts';

const tracker = useTracker();
let ids: Record<string, string>;

beforeAll(async () => {
  const kept = await addRun(tracker, { experiment: 'kept', name: 'kept' });
  const gone = await addRun(tracker, { experiment: 'kept', name: 'gone' });
  const below = await addRun(tracker, { experiment: 'trashed', name: 'below' });
  await tracker.app.store.write(async (tx) => {
    await trashRuns(tx, [gone.id], true, Date.now());
    await trashExperiment(tx, below.experiment_id, Date.now());
  });
  ids = { KEPT: kept.id, GONE: gone.id, BELOW: below.id };
});

const NOWHERE = '0'.repeat(32);

describe('a wrong download', () => {
  it.each([
    ['experiments.xml', 404, 'There is no experiments.xml; there is experiments.csv and experiments.json.'],
    ['experiments', 404, 'There is no experiments; there is experiments.csv and experiments.json.'],
    ['experiments/1.csv', 404, 'There is no experiments/1.csv; there is experiments/1.json.'],
    ['experiments/1/runs.ndjson', 404, 'there is experiments/1/runs.csv and experiments/1/runs.json.'],
    ['experiments/1/points.json', 404, 'there is experiments/1/points.csv and experiments/1/points.ndjson.'],
    ['runs/KEPT/points.CSV', 404, 'points.csv and'],
    ['runs.csv', 404, 'There are: experiments.csv|json, experiments/ID.json, experiments/ID/runs.csv|json'],
    ['a/b/c/d.csv', 404, 'There are: '],
    ['//evil.example/experiments.csv', 404, 'There are: '],
    ['experiments/9.json', 404, 'Experiment 9 does not exist.'],
    ['experiments/2.json', 404, 'Experiment trashed is in the trash: restore it first.'],
    ['experiments/2/runs.csv', 404, 'Experiment trashed is in the trash: restore it first.'],
    ['experiments/2/points.ndjson', 404, 'Experiment trashed is in the trash: restore it first.'],
    [`runs/${NOWHERE}.json`, 404, `Run ${NOWHERE} does not exist.`],
    ['runs/GONE.json', 409, 'is in the trash: restore it first.'],
    ['runs/BELOW/points.csv', 409, 'is in the trash with its experiment: restore it first.'],
    ['runs/KEPT/points.csv?key=none', 404, 'Metric "none" of run'],
    ['experiments/x/runs.csv', 400, 'id: must be a whole number'],
    ['experiments/1.5.json', 400, 'id: must be a whole number'],
    ['runs/xyz.json', 400, 'id: must be 32 hexadecimal digits'],
    ['experiments.csv?limit=5', 400, '?limit: is not a known field'],
    ['experiments.csv?order=size', 400, '?order'],
    ['experiments.csv?status=done', 400, '?status[0]'],
    ['experiments/1.json?key=loss', 400, '?key: is not a known field'],
    ['experiments/1/runs.csv?order=size', 400, '?order: must be one of'],
    ['experiments/1/runs.csv?status=done', 400, '?status[0]'],
    ['experiments/1/runs.csv?cursor=x', 400, '?cursor: is not a known field'],
    ['experiments/1/points.csv?key=', 400, '?key: must not be empty'],
    ['experiments/1/points.csv?q=a', 400, '?q: is not a known field'],
  ])('%s answers %i', async (path, status, detail) => {
    const known = path.replace(/KEPT|GONE|BELOW/, (name) => ids[name] ?? '');
    const answer = await tracker.api<{ detail: string }>('GET', `/exports/${known}`);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBeNull();
    expect(answer.body.detail).toContain(detail);
    expect(await exportRows(tracker)).toEqual([]);
  });

  it('is a page for a browser', async () => {
    const page = await tracker.get('/exports/experiments.xml');
    expect(page.status).toBe(404);
    expect(page.body).toContain('<h1>404');
  });
});

describe('OpenAPI', () => {
  it('names every download with its content type', async () => {
    type Paths = Record<string, { get: { tags: string[]; responses: { 200: { content: object } } } }>;
    const { body } = await tracker.api<{ paths: Paths }>('GET', '/openapi.json');
    const downloads = Object.entries(body.paths).filter(([, { get }]) => get?.tags.includes('exports'));
    const types = downloads.map(([path, { get }]) => [path, Object.keys(get.responses[200].content)[0]]);
    expect(Object.fromEntries(types)).toEqual({
      '/exports/experiments.csv': 'text/csv',
      '/exports/experiments.json': 'application/json',
      '/exports/experiments/{id}.json': 'application/json',
      '/exports/experiments/{id}/runs.csv': 'text/csv',
      '/exports/experiments/{id}/runs.json': 'application/json',
      '/exports/experiments/{id}/points.csv': 'text/csv',
      '/exports/experiments/{id}/points.ndjson': 'application/x-ndjson',
      '/exports/runs/{id}.json': 'application/json',
      '/exports/runs/{id}/points.csv': 'text/csv',
      '/exports/runs/{id}/points.ndjson': 'application/x-ndjson',
    });
  });
});
