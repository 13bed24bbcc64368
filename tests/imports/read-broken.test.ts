// tests/imports/read-broken.test.ts
// Purpose: a broken or unknown source ends with a message that names the file and the line or row.
// Why: "import failed" sends people searching through thousands of files.
// Relevant files: imports/records.ts, imports/detect.ts, imports/mlflow-meta.ts, imports/mlflow-tables.ts

import { cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../imports/detect.ts';
import { copyOfFixtures, DIGITS_ID, emptyFolder, errorOf, FIXTURES, readAll } from './read-support.ts';

const RUN = join('mlruns', DIGITS_ID, 'fe2720984edb4f13b6cd996cda478989');
const LOSS = join(RUN, 'metrics', 'train', 'loss');
const META = join(RUN, 'meta.yaml');

/** What the file holds instead → the line named and the words of the message. */
const brokenFiles: [string, string, (text: string) => string | Buffer, number | undefined, RegExp][] = [
  ['a word for a value', LOSS, (text) => text.replace('nan 2', 'abc 2'), 3, /"abc" is not a number/],
  ['a fraction for a step', LOSS, (text) => text.replace('nan 1', 'nan 1.5'), 2, /"1.5" is not a whole number/],
  ['a word for a timestamp', LOSS, (text) => text.replace(/^\d+/, 'now'), 1, /"now" is not a whole number/],
  ['a line cut short', LOSS, (text) => text.replace(/ 4\n$/, ''), 5, /is not "timestamp value step"/],
  ['a line of four fields', LOSS, (text) => text.replace('nan 3', 'nan 3 x'), 4, /is not "timestamp value step"/],
  ['an HTML page for a metric', LOSS, () => '<html>\n', 1, /"<html>" is not "timestamp value step"/],
  ['a meta.yaml cut in a word', META, (text) => text.slice(0, text.indexOf('lifecycle') + 6), 5, /is not valid YAML/],
  [
    'a meta.yaml cut in a quote',
    META,
    (text) => text.slice(0, text.indexOf("id: '") + 9),
    undefined,
    /is not valid YAML/,
  ],
  ['a meta.yaml cut after a line', META, (text) => text.slice(0, text.indexOf('status')), 11, /"status" is missing/],
  ['an empty meta.yaml', META, () => '', 1, /holds no "key: value" lines/],
  ['an unknown status', META, (text) => text.replace('status: 4', 'status: 9'), 12, /"9" is not one of 1 to 5/],
  ['a word for a time', META, (text) => text.replace(/end_time: \d+/, 'end_time: soon'), 2, /"soon" is not a time/],
  [
    "another run's meta.yaml",
    META,
    (text) => text.replace('run_id: fe', 'run_id: aa'),
    undefined,
    /not of this folder/,
  ],
  [
    'a param that is no text',
    join(RUN, 'params', 'lr'),
    () => Buffer.from([0x31, 0xff]),
    undefined,
    /is not UTF-8 text/,
  ],
];

describe('a broken file store', () => {
  it.each(brokenFiles)('%s', async (_, path, change, line, words) => {
    const file = join(await copyOfFixtures(), path);
    await writeFile(file, change(await readFile(file, 'utf8')));
    const error = await errorOf(join(file.slice(0, file.indexOf('mlruns')), 'mlruns'));
    expect(error.file).toBe(file);
    if (line !== undefined) expect(error.line).toBe(line);
    expect(error.message).toMatch(words);
    expect(error.message).toContain(line === undefined ? file : `${file}, line ${line}: `);
  });

  it.each([META, join('mlruns', DIGITS_ID, 'meta.yaml')])('no %s', async (path) => {
    const folder = await copyOfFixtures();
    await rm(join(folder, path));
    const error = await errorOf(join(folder, 'mlruns'));
    expect(error.message).toMatch(/meta\.yaml: is missing, and the folder holds/);
    expect(error.file).toBe(join(folder, path));
  });

  it('skips folders that are not runs, and says so', async () => {
    const folder = await copyOfFixtures();
    await mkdir(join(folder, 'mlruns', 'models', 'best'), { recursive: true });
    await mkdir(join(folder, 'mlruns', '77', 'a'.repeat(32), 'artifacts'), { recursive: true });
    await mkdir(join(folder, 'mlruns', DIGITS_ID, 'traces', 'tr-1'), { recursive: true });
    const source = await openSource(join(folder, 'mlruns'));
    expect((await readAll(source)).flatMap(({ runs }) => runs)).toHaveLength(6);
    expect(source.skipped.map(({ why }) => why)).toEqual(
      expect.arrayContaining([
        'its name is not the number of an experiment',
        'it has no meta.yaml and no runs',
        'it has no meta.yaml and nothing logged',
        'only runs are imported',
      ]),
    );
  });
});

describe('a broken SQLite file', () => {
  it.each([
    ['not SQLite', (file: string) => writeFile(file, 'hello '.repeat(500)), /small\.db: is not a SQLite database/],
    ['empty', (file: string) => truncate(file, 0), /is not an MLflow database \(no table experiments, runs, metrics/],
    ['cut short', (file: string) => truncate(file, 40_000), /small\.db(, table \w+)?: .*malformed/],
  ])('%s', async (_, spoil, words) => {
    const file = join(await copyOfFixtures(), 'small.db');
    await spoil(file);
    expect((await errorOf(file)).message).toMatch(words);
  });

  it.each([
    [
      "UPDATE metrics SET value = 'abc' WHERE step = 3",
      /table metrics, row \d+, key "train\/\w+": value: "abc" is not a num/,
    ],
    [
      "UPDATE runs SET start_time = 'soon'",
      /table runs, run_uuid "[0-9a-f]{32}", experiment_id 1: start_time: "soon" is not/,
    ],
    [
      "UPDATE params SET value = x'00ff' WHERE key = 'lr'",
      /table params, row \d+, .*key "lr": value: a blob is not text/,
    ],
    ['DROP TABLE metrics', /is not an MLflow database \(no table metrics\)/],
  ])('%s', async (sql, words) => {
    const file = join(await copyOfFixtures(), 'small.db');
    const db = new Database(file);
    db.exec(sql);
    db.close();
    const error = await errorOf(file);
    expect(error.file).toBe(file);
    expect(error.message).toMatch(words);
  });
});

describe('a path', () => {
  it('that is a folder with one store in it is that store', async () => {
    const folder = await emptyFolder();
    await cp(join(FIXTURES, 'mlruns'), join(folder, 'files', 'mlruns'), { recursive: true });
    await mkdir(join(folder, 'sql'));
    await cp(join(FIXTURES, 'small.db'), join(folder, 'sql', 'mlflow.db'));
    expect((await openSource(join(folder, 'files'))).location).toBe(join(folder, 'files', 'mlruns'));
    const source = await openSource(join(folder, 'sql'));
    expect(source.location).toBe(join(folder, 'sql', 'mlflow.db'));
    await source.close();
  });

  it('that holds two stores is asked about', async () => {
    const folder = await copyOfFixtures();
    await cp(join(folder, 'small.db'), join(folder, 'mlflow.db'));
    expect((await errorOf(folder)).message).toMatch(/holds two stores\. Import .*mlruns or .*mlflow\.db/);
  });

  it('that is one experiment, or one run, is sent to the store above', async () => {
    for (const path of [join('mlruns', DIGITS_ID), RUN]) {
      expect((await errorOf(join(FIXTURES, path))).message).toMatch(/give the folder that holds the store/);
    }
  });

  it('that is nothing known is told what works', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'runs.csv'), 'a,b\n');
    expect((await errorOf(folder)).message).toMatch(
      /no experiments, no mlruns and no mlflow\.db in it\. Give an MLflow/,
    );
    expect((await errorOf(join(folder, 'gone'))).message).toMatch(/gone: there is no such file or folder\. Give/);
    expect((await errorOf(join(folder, 'runs.csv'))).message).toMatch(/in no known format\. Give an MLflow folder/);
  });
});
