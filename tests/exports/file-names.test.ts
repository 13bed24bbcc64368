// tests/exports/file-names.test.ts
// Purpose: downloads are saved under a name that every browser and file system takes.
// Why: experiments are named by people, in any script, with anything in it.
// Relevant files: exports/file-names.ts, exports/catalogue.ts

import { describe, expect, it } from 'vitest';
import { attachment, datedName, slug } from '../../exports/file-names.ts';
import { useTracker } from '../support/use.ts';
import { addRun, download } from './support.ts';

const tracker = useTracker();

describe('slug', () => {
  it.each([
    ['digits mlp', 'digits-mlp'],
    ['../../etc/passwd', 'etc-passwd'],
    ['a"b\\c\r\nd;e', 'a-b-c-d-e'],
    ['=1+1', '1-1'],
    ['Größe', 'Größe'],
    ['模型 一', '模型-一'],
    ['v1.2_final', 'v1.2_final'],
    ['🚀🚀', 'fallback'],
    ['...', 'fallback'],
    ['x'.repeat(300), 'x'.repeat(60)],
  ])('of %j is %j', (name, expected) => expect(slug(name, 'fallback')).toBe(expected));
});

describe('Content-Disposition', () => {
  it('has an ASCII name and the exact one', () => {
    const name = datedName('Größe-模型-runs', 'csv', Date.UTC(2026, 10, 23, 23, 59));
    expect(name).toBe('Größe-模型-runs-2026-11-23.csv');
    expect(attachment(name)).toBe(
      `attachment; filename="Gro-e-runs-2026-11-23.csv"; filename*=UTF-8''Gr%C3%B6%C3%9Fe-%E6%A8%A1%E5%9E%8B-runs-2026-11-23.csv`,
    );
    expect(attachment("it's (1)*.csv")).toContain(`filename*=UTF-8''it%27s%20%281%29%2a.csv`);
  });

  it.each([
    ['/exports/experiments.csv', /^attachment; filename="experiments-\d{4}-\d\d-\d\d\.csv"; filename\*=UTF-8''exp/],
    ['/exports/experiments/1.json', /filename="digits-mlp-\d{4}-\d\d-\d\d\.json"/],
    ['/exports/experiments/1/runs.csv', /filename="digits-mlp-runs-\d{4}-\d\d-\d\d\.csv"/],
    ['/exports/experiments/1/points.ndjson', /filename="digits-mlp-points-\d{4}-\d\d-\d\d\.ndjson"/],
    ['/exports/runs/RUN.json', /filename="mlp-1-\d{4}-\d\d-\d\d\.json"/],
    ['/exports/runs/RUN/points.csv', /filename="mlp-1-points-\d{4}-\d\d-\d\d\.csv"/],
  ])('of %s names what it is', async (path, expected) => {
    const run = await addRun(tracker, { experiment: 'digits / mlp', name: '=mlp "1"' });
    const { headers } = await download(tracker, path.replace('RUN', run.id));
    expect(headers.get('content-disposition')).toMatch(expected);
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
