// tests/runs/compare-files.test.ts
// Purpose: a comparison as CSV, Markdown and LaTeX has the numbers of its JSON, and the page leads there.
// Why: what goes into a paper must be what was on the page, and compile.
// Relevant files: runs/compare/compare-formats.ts, runs/compare/compare-file-routes.ts

import { parse } from 'csv-parse/sync';
import { beforeAll, expect, test } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { decode } from '../support/html.ts';
import { faultsInLatex } from '../support/latex.ts';
import { useTracker } from '../support/use.ts';
import { addRun, idOf, openPage } from './page-support.ts';

const tracker = useTracker();
let asked = '';

beforeAll(async () => {
  let experiment = 0;
  for (const [place, opt] of ['adam', 'adam', 'sgd_50% & é', 'sgd_50% & é'].entries()) {
    const metrics = { 'val/acc': [0.1, 0.5 + place / 7], 'loss_%': [place === 3 ? ('NaN' as const) : 1 / (place + 3)] };
    const run = { id: `c${place}`, experiment: 'files', params: { opt, seed: place }, status: RunStatus.Finished, metrics };
    experiment = (await addRun(tracker, run)).experiment_id;
  }
  const group = (opt: string): string => `group=${encodeURIComponent(`${experiment}:params.opt = "${opt}"`)}`;
  asked = `run=${idOf('c0')}&run=${idOf('c2')}&${group('adam')}&${group('sgd_50% & é')}`;
}); // prettier-ignore

interface Json {
  metrics: { key: string; values: ({ value: number } | null)[] }[];
  groups: { group: string; metrics: Record<string, { mean: number; std: number | null; n: number }> }[];
  sentences: string[];
}

test('CSV: every digit of each value, and mean, std and n of each group', async () => {
  const { body } = await tracker.api<Json>('GET', `/api/compare?${asked}`);
  const rows = parse<Record<string, string>>((await tracker.get(`/compare.csv?${asked}`)).body, { columns: true });
  const metric = (kind: string, key: string): string[][] =>
    rows
      .filter((row) => row['kind'] === kind && row['what'] === 'metric' && row['key'] === key)
      .map((row) => [row['id'] ?? '', row['value or mean'] ?? '', row['std'] ?? '', row['n'] ?? '']);
  const values = body.metrics.find(({ key }) => key === 'val/acc')?.values ?? [];
  expect(metric('run', 'val/acc')).toEqual([[idOf('c0'), String(values[0]?.value), '', ''], [idOf('c2'), String(values[1]?.value), '', '']]); // prettier-ignore
  expect(metric('group', 'loss_%')).toEqual(body.groups.map(({ group, metrics }) => [group, ...['mean', 'std', 'n'].map((name) => String(metrics['loss_%']?.[name as 'mean'] ?? ''))])); // prettier-ignore
  expect(rows.filter(({ what }) => what === 'param').map((row) => row['value or mean'])).toEqual(['adam', 'sgd_50% & é', '0', '2']); // prettier-ignore
});

test('Markdown and LaTeX: the table of the page, the best in bold, what is not significantly worse underlined, what tests say; LaTeX compiles', async () => {
  const { body } = await tracker.api<Json>('GET', `/api/compare?${asked}`);
  const md = (await tracker.get(`/compare.md?${asked}`)).body;
  expect(md).toContain('| val/acc ↑ | 0.5000 | **0.7857** | <u>0.57 ± 0.10</u> (2) | **0.86 ± 0.10** (2) |');
  const tex = (await tracker.get(`/compare.tex?${asked}`)).body;
  expect(tex).toContain('\\underline{0.57 $\\pm$ 0.10} (2) & \\textbf{0.86 $\\pm$ 0.10} (2)');
  for (const text of [md, tex]) expect(text).toMatch(/Underlined: not significantly worse than the best mean/);
  expect(body.sentences).toHaveLength(1);
  for (const sentence of body.sentences) expect(tex).toContain(sentence);
  expect(faultsInLatex(tex)).toEqual([]);
});

test('what has not finished is said, and no test is named where none was made', async () => {
  const { id } = await addRun(tracker, {
    id: 'c9',
    experiment: 'files',
    params: { opt: 'adam', seed: 9 },
    metrics: {},
  });
  const md = (await tracker.get(`/compare.md?run=${idOf('c0')}&run=${id}`)).body;
  expect(md).toContain('Runs that have not finished: seed 9 (running).');
  expect([md.includes('Welch'), md.includes('Of groups')]).toEqual([false, false]);
});

test('the page leads to its files; one run alone is none, as in the JSON', async () => {
  const html = await openPage(tracker, `/compare?${asked}`);
  for (const ending of ['csv', 'md', 'tex']) {
    const href = decode(new RegExp(`href="(/compare\\.${ending}[^"]*)"`).exec(html)?.[1] ?? '');
    expect((await tracker.get(href)).status).toBe(200);
    expect((await tracker.get(`/compare.${ending}?run=${idOf('c0')}`)).status).toBe(400);
  }
  expect(await openPage(tracker, `/compare?run=${idOf('c0')}`)).not.toContain('/compare.csv');
});
