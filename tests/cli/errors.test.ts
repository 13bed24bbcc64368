// tests/cli/errors.test.ts
// Purpose: what goes wrong on a machine every day is told in one line that says what to do, with exit code 1.
// Why: a stack trace helps nobody who mistyped a folder or ran out of disk.
// Relevant files: shared/cli-errors.ts, manage.ts

import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import Database from 'better-sqlite3';
import { DrizzleQueryError } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../manage.ts';
import { exitCodeOf, messageOf } from '../../shared/cli-errors.ts';
import { readSettings, type SettingFlags } from '../../shared/config.ts';
import { badField, Problem, UsageError } from '../../shared/errors.ts';
import { freshFolder, startTracker } from '../support/tracker.ts';

function newFolder(): string {
  const folder = freshFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The line that a failing `work` prints. */
async function lineOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    expect(exitCodeOf(error)).toBe(1);
    return messageOf(error);
  }
  throw new Error('nothing failed');
}

function lineOfStart(flags: SettingFlags): Promise<string> {
  return lineOf(() => startServer(readSettings({ port: '0', ...flags }, {})));
}

describe('the server is not started', () => {
  it('in a file, or below one', async () => {
    const file = path.join(newFolder(), 'notes.txt');
    writeFileSync(file, '');
    expect(await lineOfStart({ data: file })).toBe(
      `${file} is a file, not a folder. Choose another folder with --data.`,
    );
    const below = path.join(file, 'sub');
    expect(await lineOfStart({ data: below })).toBe(
      `${below} cannot be made: a part of it is a file, not a folder. Choose another folder with --data.`,
    );
  });

  it('at an address that is not here, and the database is closed again', async () => {
    const data = newFolder();
    expect(await lineOfStart({ data, host: '192.0.2.1' })).toMatch(
      /^192\.0\.2\.1 is not an address of this machine\. /,
    );
    expect(await lineOfStart({ data, host: 'nosuch.invalid' })).toMatch(
      /^(There is no host called nosuch\.invalid|The address of nosuch\.invalid could not be looked up)\. Start with --h/,
    );
    const db = new Database(path.join(data, 'tracker.db'));
    // Refused as long as anybody else has the file open in that mode.
    expect(db.pragma('journal_mode = delete', { simple: true })).toBe('delete');
    db.close();
  });

  it('at a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const line = await lineOfStart({ data: newFolder(), port: String(port) });
    expect(line).toBe(`Port ${port} is in use. Stop what listens there, or start with --port and another number.`);
  });

  it('on what is no database, one of another program, or a damaged one', async () => {
    const data = newFolder();
    const database = path.join(data, 'other.db');
    writeFileSync(database, 'hello '.repeat(1000));
    expect(await lineOfStart({ data, database })).toMatch(/^The database file is not an SQLite file\. Choose/);
    expect(await lineOfStart({ data, database: data })).toMatch(/^The database cannot be written: unable to open/);
    rmSync(database);
    new Database(database).exec('create table experiments (id integer)').close();
    expect(await lineOfStart({ data, database })).toBe(
      `${database} is an SQLite file, but not of this tracker; bring an MLflow file in with "import". ` +
        'Choose another file with --database.',
    );
  });

  it('on a damaged database', async () => {
    const tracker = await startTracker(newFolder());
    await tracker.close();
    const file = openSync(path.join(tracker.folder, 'tracker.db'), 'r+');
    writeSync(file, Buffer.alloc(8192, 7), 0, 8192, 4096);
    closeSync(file);
    expect(await lineOfStart({ data: tracker.folder })).toBe(
      'The database is damaged (database disk image is malformed): ' +
        'restore a backup, or save what can be read with manage.ts doctor --salvage FILE.',
    );
  });
});

describe('while a command works', () => {
  it('a database that stays locked, through Drizzle too', async () => {
    const file = path.join(newFolder(), 'x.db');
    const [holder, other] = [new Database(file), new Database(file, { timeout: 0 })];
    onTestFinished(() => void [holder.close(), other.close()]);
    holder.exec('begin exclusive');
    const words = 'Another program keeps the database locked. Stop it, or try again when it is done.';
    expect(await lineOf(() => other.exec('create table t (a)'))).toBe(words);
    const wrapped = async (): Promise<void> => {
      const cause: unknown = await Promise.resolve()
        .then(() => other.exec('create table t (a)'))
        .catch((error: unknown) => error);
      throw new DrizzleQueryError('create table\nt (a)', [], cause as Error);
    };
    expect(await lineOf(wrapped)).toBe(words);
  });

  it('a full disk, as the system and as SQLite report it', async () => {
    const db = new Database(path.join(newFolder(), 'x.db'));
    onTestFinished(() => void db.close());
    db.pragma('max_page_count = 1');
    const words = /^The disk is full: make room, or choose a folder on another disk with --data\.$/;
    expect(await lineOf(() => db.exec('create table t (a)'))).toMatch(words);
    expect(await lineOf(() => writeFileSync('/dev/full', 'x'))).toMatch(words);
  });

  it('what the API would answer with 4xx is one line, whatever was typed', async () => {
    const failing = (): never => {
      throw badField('?order', '"a\n  b" is not a column');
    };
    expect(await lineOf(failing)).toBe('?order: "a b" is not a column');
    expect(await lineOf(() => Promise.reject(new Problem(404, 'Run\r\nx does not exist.')))).toBe(
      'Run x does not exist.',
    );
  });

  it('a bug keeps its stack, and wrong use has its own exit code', async () => {
    const bug = new TypeError('x is not a function');
    expect(await lineOf(() => Promise.reject(bug))).toBe(bug.stack);
    expect(exitCodeOf(new UsageError('--port must be a whole number'))).toBe(2);
  });
});
