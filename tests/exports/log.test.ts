// tests/exports/log.test.ts
// Purpose: each export leaves a row that says what was handed out; HEAD, wrong requests and crashes leave no false one.
// Why: rows, bytes and sha256 are what a file is checked by.
// Relevant files: exports/produce.ts, exports/changes.ts, exports/routes.ts

import { createHash } from 'node:crypto';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { get } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { beginExport } from '../../exports/changes.ts';
import { ExportState } from '../../exports/models.ts';
import type { RunRow } from '../../runs/models.ts';
import { freshFolder, startTracker } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';
import { addRun, download, exportRows, lastExport, readCsv, series } from './support.ts';

const tracker = useTracker();
let run: RunRow;

beforeAll(async () => {
  run = await addRun(tracker, { experiment: 'digits', name: 'first', params: { lr: '0.1' } }, series('loss', 7_000));
  await addRun(tracker, { experiment: 'digits', name: 'second' }, series('acc', 10));
});

describe('the row of an export', () => {
  it.each([
    ['experiments.csv', 'experiments', 'csv', 1],
    ['experiments.json?q=dig', 'experiments, filtered', 'json', 1],
    ['experiments/1.json', 'everything of digits', 'json', 2],
    ['experiments/1/runs.csv', 'runs of digits', 'csv', 2],
    ['experiments/1/runs.json?status=failed', 'runs of digits, filtered', 'json', 0],
    ['experiments/1/points.csv', 'points of digits', 'csv', 7_010],
    ['experiments/1/points.ndjson?key=acc', 'points of acc in digits', 'ndjson', 10],
    ['runs/RUN.json', 'everything of run first', 'json', 1],
    ['runs/RUN/points.csv', 'points of run first', 'csv', 7_000],
    ['runs/RUN/points.ndjson?key=loss', 'points of loss in run first', 'ndjson', 7_000],
  ])('of %s says what was received', async (path, what, format, rows) => {
    const url = `/exports/${path.replace('RUN', run.id)}`;
    const before = Date.now();
    const { status, bytes } = await download(tracker, url, { headers: { 'accept-encoding': 'identity' } });
    const [row] = await exportRows(tracker);
    expect(status).toBe(200);
    expect(row).toMatchObject({ what, format, url, state: ExportState.Complete, rows, bytes: bytes.length });
    expect(row?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(row?.created_at).toBeGreaterThanOrEqual(before);
  });

  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ])('is about the uncompressed file when %s is sent', async (encoding, decompress) => {
    const received = await new Promise<{ encoding: unknown; body: Buffer }>((resolve, reject) => {
      const url = `${tracker.url}/exports/experiments/1/points.csv`;
      get(url, { headers: { 'accept-encoding': encoding } }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(parts) }),
        );
      }).on('error', reject);
    });
    expect(received.encoding).toBe(encoding);
    const body = decompress(received.body);
    const row = await lastExport(tracker);
    expect(row).toMatchObject({ state: ExportState.Complete, rows: 7_010, bytes: body.length });
    expect(row.sha256).toBe(createHash('sha256').update(body).digest('hex'));
    expect(readCsv(body.toString())).toHaveLength(7_010);
  });

  it('is not left by HEAD, which says the same headers', async () => {
    const before = (await exportRows(tracker)).length;
    const head = await download(tracker, '/exports/experiments/1/runs.csv', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(head.headers.get('content-disposition')).toContain('digits-runs-');
    expect(head.headers.get('content-length')).toBeNull();
    expect((await download(tracker, '/exports/experiments/99.json', { method: 'HEAD' })).status).toBe(404);
    expect(await exportRows(tracker)).toHaveLength(before);
  });

  it('is not left by a request that is refused', async () => {
    const before = (await exportRows(tracker)).length;
    for (const path of [
      'experiments/9.json',
      'experiments/1/runs.csv?order=x',
      'runs/RUN/points.csv?key=none',
      'a.csv',
    ])
      expect((await download(tracker, `/exports/${path.replace('RUN', run.id)}`)).status).toBeGreaterThanOrEqual(400);
    expect(await exportRows(tracker)).toHaveLength(before);
  });
});

describe('a download asked for by another page', () => {
  it.each([
    ['cross-site', 403, 0],
    ['same-site', 200, 1],
    ['same-origin', 200, 1],
    ['none', 200, 1],
  ])('of %s answers %i', async (site, status, rows) => {
    const before = (await exportRows(tracker)).length;
    const headers = { 'sec-fetch-site': site };
    const answer = await download(tracker, '/exports/experiments/1/runs.csv', { headers });
    expect(answer.status).toBe(status);
    expect(await exportRows(tracker)).toHaveLength(before + rows);
    if (status === 403) {
      expect(JSON.parse(answer.text)).toMatchObject({
        status,
        detail: expect.stringContaining('another site') as string,
      });
      expect(answer.headers.get('content-disposition')).toBeNull();
    }
  });
});

describe('a server that died while writing', () => {
  it('has the export marked broken at the next start', async () => {
    const folder = freshFolder();
    const dying = await startTracker(folder);
    const begun = { what: 'points of digits', format: 'csv', url: '/exports/experiments/1/points.csv' };
    await dying.app.store.write((tx) => beginExport(tx, begun, Date.now()));
    await dying.close();
    const next = await startTracker(folder);
    try {
      expect(await exportRows(next)).toMatchObject([{ ...begun, state: ExportState.Broken, rows: null, sha256: null }]);
    } finally {
      await next.stop();
    }
  });
});
