// tests/imports/write-broken.test.ts
// Purpose: a source that is broken anywhere leaves every table and the artifact folder as they were.
// Why: half an import is worse than none: nobody knows which half.
// Relevant files: imports/check-source.ts, imports/write.ts, imports/command.ts

import { existsSync, readdirSync } from 'node:fs';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../shared/errors.ts';
import { copyOfFixtures, DIGITS_ID, emptyFolder, FIXTURES } from './read-support.ts';
import { everyRow, freshPlace, manage } from './write-support.ts';

/** The last run that is read: everything before it is sound. */
const LOSS = join(
  'mlruns',
  '.trash',
  '900000000000000001',
  '4391828bfcf9427aa095137e3b743a0a',
  'metrics',
  'train',
  'loss',
);
const META = join('mlruns', DIGITS_ID, 'fe2720984edb4f13b6cd996cda478989', 'meta.yaml');

describe('a broken source', () => {
  it.each<[string, string, (text: string) => string, RegExp]>([
    [
      'a word for a value in the last run',
      LOSS,
      (text) => text.replace(/ \S+ 2\n/, ' abc 2\n'),
      /loss, line 3: .*"abc"/,
    ],
    ['an unknown status', META, (text) => text.replace('status: 4', 'status: 9'), /meta\.yaml, line 12: .*"9"/],
  ])('with %s writes nothing', async (_, path, spoil, words) => {
    const folder = await copyOfFixtures();
    const file = join(folder, path);
    const place = await freshPlace();
    await place.importFrom(join(FIXTURES, 'small.db'));
    const before = await everyRow(place.settings.data);
    const contents = readdirSync(place.settings.artifacts, { recursive: true });
    const text = await readFile(file, 'utf8');
    await writeFile(file, spoil(text));
    const importing = place.importFrom(join(folder, 'mlruns'));
    await expect(importing).rejects.toThrow(words);
    await expect(importing).rejects.toBeInstanceOf(UserError);
    await expect(importing).rejects.toMatchObject({ file });
    expect(await everyRow(place.settings.data)).toEqual(before);
    expect(readdirSync(place.settings.artifacts, { recursive: true })).toEqual(contents);

    await writeFile(file, text);
    expect((await place.importFrom(join(folder, 'mlruns'))).counts.runs.written).toBe(6);
  });

  it('that is a database with a bad row writes nothing', async () => {
    const file = join(await copyOfFixtures(), 'small.db');
    const db = new Database(file);
    db.exec("update metrics set value = 'abc' where rowid = (select max(rowid) from metrics)");
    db.close();
    const place = await freshPlace();
    const before = await everyRow(place.settings.data);
    await expect(place.importFrom(file)).rejects.toThrow(/small\.db, table metrics, row \d+.*"abc" is not a num/);
    expect(await everyRow(place.settings.data)).toEqual(before);
  });
});

describe('manage.ts import of a broken source', () => {
  it('says file and line in one line, exits with 1, and does not even make a database', async () => {
    const folder = await copyOfFixtures();
    await writeFile(join(folder, META), '');
    const data = join(folder, 'my data');
    const { code, out, err } = await manage('import', join(folder, 'mlruns'), '--data', data);
    expect([code, out]).toEqual([1, '']);
    expect(err.trim()).toBe(`${join(folder, META)}, line 1: holds no "key: value" lines`);
    expect(existsSync(data)).toBe(false);
  });

  it.each([
    ['nothing', 'gone', /gone: there is no such file or folder\. Give an MLflow folder/],
    ['a text file', 'runs.csv', /runs\.csv: is in no known format/],
  ])('which is %s says what works', async (_, name, words) => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'runs.csv'), 'a,b\n');
    const { code, err } = await manage('import', join(folder, name), '--data', join(folder, 'data'));
    expect(code).toBe(1);
    expect(err).toMatch(words);
    expect(err).not.toMatch(/ at .*\.ts:/);
  });
});

describe('an artifact that leads elsewhere', () => {
  it('is left out and named', async () => {
    const folder = await copyOfFixtures();
    const file = join(folder, 'mlruns', DIGITS_ID, '2968031f00b04f75aab423256a4f8919', 'artifacts', 'summary.json');
    await rm(file);
    await symlink('/etc/hostname', file);
    const place = await freshPlace();
    const { skipped, counts } = await place.importFrom(join(folder, 'mlruns'));
    expect(counts.artifacts.written).toBe(3);
    expect(skipped).toContainEqual({ what: file, why: 'it is a symbolic link out of its folder' });
  });
});
