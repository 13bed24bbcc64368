// tests/imports/read-mlflow-files.test.ts
// Purpose: the file store's reader gives what stands in the files, odd keys and values included.
// Why: names in a file store are folders, values are Python's, and the trash is a folder too.
// Relevant files: imports/mlflow-files.ts, imports/mlflow-meta.ts, tests/fixtures/mlflow/mlruns

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../imports/detect.ts';
import { pythonNumber } from '../../imports/mlflow-metric-file.ts';
import { RunStatus } from '../../runs/models.ts';
import { withCost } from '../support/cpu.ts';
import { copyOfFixtures, DIGITS_ID, FIXTURES, readAll, runNamed, valuesOf } from './read-support.ts';

const STORE = join(FIXTURES, 'mlruns');
const SWEEP = '1b06c5cb5eaf43039643976a41c0ccdb';
const ODD = '2968031f00b04f75aab423256a4f8919';

describe('the file store', () => {
  it('gives experiments with their runs in order of start, and what is in the trash', async () => {
    const source = await openSource(STORE);
    expect(await source.count()).toEqual({ experiments: 2, runs: 6 });
    const [digits, trashed] = await readAll(source);
    expect(digits).toMatchObject({ name: 'digits-mlp', created_at: 1795424428951, trashed_at: null });
    expect(digits).toMatchObject({
      description: 'Cut from the digits runs.\nSix runs are kept.',
      tags: { team: 'vision' },
    });
    expect(digits?.runs.map(({ name }) => name)).toEqual([
      'sweep',
      '007',
      'sgd-lr0.1-w64-s0',
      'diverged',
      'interrupted',
    ]);
    expect(trashed).toMatchObject({ name: '1e3', trashed_at: 1795424428951 });
    expect(trashed?.runs[0]).toMatchObject({ name: 'adam-lr0.01-w16-s0', trashed_at: 1795424431477 });
    expect(source.notes).toContain('The experiment "Default" has no runs: left out.');
  });

  it('reads states, parent, notes, trash time, and keeps every other tag', async () => {
    const experiments = await readAll(await openSource(STORE));
    expect(runNamed(experiments, 'sweep')).toMatchObject({
      id: SWEEP,
      status: RunStatus.Finished,
      notes: 'Grid over learning rate, width and optimizer; three seeds each.',
      parent_id: null,
      tags: { 'mlflow.source.name': 'train.py', 'mlflow.source.type': 'LOCAL', 'mlflow.user': 'root' },
    });
    expect(runNamed(experiments, '007')).toMatchObject({ parent_id: SWEEP, trashed_at: 1795424500000 });
    expect(runNamed(experiments, 'diverged').status).toBe(RunStatus.Failed);
    expect(runNamed(experiments, 'interrupted').status).toBe(RunStatus.Killed);
    const names = experiments.flatMap(({ runs }) => runs.flatMap(({ tags }) => Object.keys(tags)));
    expect(names.filter((name) => /runName|note\.content|parentRunId/.test(name))).toEqual([]);
  });

  it('reads keys with folders, spaces and any script, and values with newlines', async () => {
    const run = runNamed(await readAll(await openSource(STORE)), 'sgd-lr0.1-w64-s0');
    expect(run.params).toMatchObject({
      'model/layers': '64\n32\n\n16\n',
      'prompt – “digits”': '  ein Text mit 日本語, "Anführung" und\ttab ',
      empty: '',
      lr: '0.1',
    });
    expect(run.tags['owner name']).toBe('Zoë');
    const artifacts = ['confusion.png', 'logs/epochs.txt', 'notes/überblick 1.txt', 'summary.json'];
    expect(Object.keys(run.artifacts)).toEqual(artifacts);
  });

  it('reads exact values, old lines of two fields, and lines with a dataset', async () => {
    const source = await openSource(STORE);
    const run = runNamed(await readAll(source), 'sgd-lr0.1-w64-s0');
    expect(valuesOf(run, 'test/läuft/精度 top-5')).toEqual([
      [0, 1795424435311, 0.1],
      [-3, 1795424435312, -0],
      [Number.MAX_SAFE_INTEGER, 1795424435313, -Infinity],
      [7, 1795424435314, 5e-324],
      [8, 1795424435315, Number.MAX_VALUE],
    ]);
    expect(valuesOf(run, 'old style')).toEqual([
      [0, 1795424435311, 0.00001],
      [0, 1795424435312, 2],
      [2, 1795424435313, 0.30000000000000004],
    ]);
    expect(valuesOf(run, 'with dataset')).toEqual([[1, 1795424435311, 0.5]]);
    expect(valuesOf(run, 'too far')).toEqual([[1, 1795424435311, 1]]);
    expect(source.skipped).toEqual([
      {
        what: `a point of metric "too far" of run ${ODD} (2 times)`,
        why: 'a step or timestamp beyond ±(2^53 − 1) cannot be kept exactly',
      },
    ]);
  });

  it('gives points in batches of at most 1000', async () => {
    const folder = await copyOfFixtures();
    const lines = Array.from({ length: 2500 }, (_, i) => `${1795424436000 + i} ${i / 7} ${i}`);
    const metrics = join(folder, 'mlruns', DIGITS_ID, SWEEP, 'metrics');
    await mkdir(metrics, { recursive: true });
    await writeFile(join(metrics, 'long'), lines.join('\n'));
    const sweep = runNamed(await readAll(await openSource(join(folder, 'mlruns'))), 'sweep');
    expect(sweep.batches).toEqual([1000, 1000, 500]);
    expect(sweep.points[2499]).toEqual({ key: 'long', value: 2499 / 7, step: 2499, timestamp: 1795424438499 });
  });

  it('follows links inside the artifacts, and none that lead out', async () => {
    const folder = await copyOfFixtures();
    const artifacts = join(folder, 'mlruns', DIGITS_ID, ODD, 'artifacts');
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await symlink('summary.json', join(artifacts, 'same.json'));
    await symlink(join(folder, 'secret.txt'), join(artifacts, 'out.txt'));
    await symlink('/', join(artifacts, 'root'));
    await symlink('nowhere', join(artifacts, 'dangling'));
    await symlink('logs', join(artifacts, 'again'));
    await symlink(join(folder, 'secret.txt'), join(folder, 'mlruns', DIGITS_ID, ODD, 'params', 'stolen'));
    const source = await openSource(join(folder, 'mlruns'));
    const run = runNamed(await readAll(source), 'sgd-lr0.1-w64-s0');
    expect(Object.keys(run.artifacts)).toEqual([
      'confusion.png',
      'logs/epochs.txt',
      'notes/überblick 1.txt',
      'same.json',
      'summary.json',
    ]);
    expect(run.artifacts['same.json']).toBe(run.artifacts['summary.json']);
    expect(run.params).not.toHaveProperty('stolen');
    const why = Object.fromEntries(source.skipped.map((skipped) => [skipped.what, skipped.why]));
    expect(why).toMatchObject({
      [join(artifacts, 'out.txt')]: 'it is a symbolic link out of its folder',
      [join(artifacts, 'root')]: 'it is a symbolic link out of its folder',
      [join(artifacts, 'dangling')]: 'it is a symbolic link to nothing',
      [join(artifacts, 'again')]: 'it is a symbolic link to a folder',
    });
  });
});

describe('a number as Python writes it', () => {
  it.each([
    ['0.1', 0.1],
    ['1e-05', 0.00001],
    ['1e+38', 1e38],
    ['-0.0', -0],
    ['nan', NaN],
    ['inf', Infinity],
    ['-inf', -Infinity],
    ['-Infinity', -Infinity],
    ['5', 5],
  ])('%s', (text, value) => {
    expect(pythonNumber(text)).toBe(value);
  });

  it.each(['', 'abc', '0x10', '1,5', '--1', '1e', '.', 'null', '1 2'])('"%s" is none', (text) => {
    expect(pythonNumber(text)).toBeUndefined();
  });

  it('is looked for in time that grows with the text, not with its square', async () => {
    const { value, ms } = await withCost(() => pythonNumber(`${'1'.repeat(200_000)}x`));
    expect(value).toBeUndefined();
    expect(ms).toBeLessThan(1000);
  });
});
