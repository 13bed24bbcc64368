// tests/cli/commands.test.ts
// Purpose: the commands as people type them: help with examples, exit codes, one line for a mistake, a clean stop.
// Why: scripts go by exit codes, people by the line they read.
// Relevant files: manage.ts, shared/cli-errors.ts, shared/config.ts

import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXTURES } from '../imports/read-support.ts';
import { manage, ROOT } from '../imports/write-support.ts';
import { freshFolder, startTracker } from '../support/tracker.ts';

/** Its path has a space; it holds `my data` (one run), a file, a source and a broken one. */
let folder: string;
let busy: Server;

beforeAll(async () => {
  folder = freshFolder();
  const tracker = await startTracker(path.join(folder, 'my data'));
  await tracker.api('POST', '/api/runs', { experiment: 'digits', name: 'first' });
  await tracker.close();
  writeFileSync(path.join(folder, 'file.txt'), 'hello\n');
  writeFileSync(path.join(folder, 'broken.db'), 'hello '.repeat(1000));
  cpSync(path.join(FIXTURES, 'small.db'), path.join(folder, 'small.db'));
  busy = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => busy.once('listening', resolve));
});
afterAll(() => {
  busy.close();
  rmSync(folder, { recursive: true, force: true });
});

/** `DATA`, `FOLDER` and `BUSY` stand for what the tests made. */
function filled(text: string): string {
  const { port } = busy.address() as AddressInfo;
  return text.replace('DATA', path.join(folder, 'my data')).replace('FOLDER', folder).replace('BUSY', String(port));
}

describe.concurrent('--help', () => {
  it.each(['run', 'migrate', 'seed', 'import', 'runs', 'export', 'check'])(
    'of %s shows examples of it',
    async (command) => {
      const { code, out, err } = await manage(command, '--help');
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/^Usage: manage\.ts /);
      expect(out).toMatch(new RegExp(`\\nExamples:\\n( +\\$ npx tsx manage\\.ts ${command}\\b.*\\n)+`));
    },
  );

  it('names every command', async () => {
    const { code, out } = await manage('--help');
    expect(code).toBe(0);
    for (const command of ['run', 'migrate', 'seed', 'import', 'runs', 'export', 'check'])
      expect(out).toMatch(new RegExp(`^ +${command}\\b.* {2}\\S`, 'm'));
  });
});

describe.concurrent('exit codes: 1 for what failed, in one line', () => {
  it.each([
    ['a busy port', ['run', '--data', 'DATA', '--port', 'BUSY'], /^Port \d+ is in use\. .*--port/],
    ['a data folder below a file', ['run', '--data', 'FOLDER/file.txt/sub'], /is a file, not a folder\. .*--data/],
    ['a database that is none', ['migrate', '--database', 'FOLDER/broken.db'], /is not an SQLite file\. .*--database/],
    ['no import source', ['import', 'FOLDER/gone', '--data', 'FOLDER/new'], /gone: there is no such file or folder\./],
    [
      'a broken source',
      ['import', 'FOLDER/broken.db', '--data', 'FOLDER/new'],
      /broken\.db: is not a SQLite database$/,
    ],
    ['an experiment that is not there', ['export', 'experiments/99.json', '--data', 'DATA'], /^Experiment 99 does not/],
    ['an order that is none', ['export', 'experiments/1/runs.csv?order=constructor', '--data', 'DATA'], /order/],
  ])('%s', async (_, args, words) => {
    const { code, out, err } = await manage(...args.map(filled));
    expect(err).toMatch(/^\S.*\n$/);
    expect(err.trimEnd()).toMatch(words);
    expect([code, out]).toEqual([1, '']);
    expect(existsSync(path.join(folder, 'new'))).toBe(false);
  });

  // Root may write anywhere but here: the kernel's own folder takes no new ones.
  it('a folder that cannot be written', async () => {
    const place = process.platform === 'linux' ? '/sys' : path.join(folder, 'locked');
    mkdirSync(place, { recursive: true, mode: 0o500 });
    const { code, err } = await manage('run', '--data', path.join(place, 'data'));
    expect(err).toMatch(/^.* cannot be written \((EACCES|EPERM|EROFS)\)\. Choose another folder with --data\.\n$/);
    expect(code).toBe(1);
  });
});

describe.concurrent('exit codes: 2 for wrong use', () => {
  it.each([
    ['an unknown command', ['serv'], /^error: unknown command 'serv'/],
    ['an unknown option', ['run', '--prot', '80'], /^error: unknown option '--prot'[^]*--port[^]*--help/],
    ['a missing argument', ['import'], /^error: missing required argument 'source'[^]*--help/],
    ['a wrong port', ['run', '--port', '70000'], /^--port must be a whole number from 0 to 65535\n$/],
    ['a wrong scale', ['seed', '--scale', '10', '--data', 'FOLDER/new'], /^[^\n]*--scale[^\n]*\n$/],
    ['a database in memory', ['migrate', '--database', ':memory:'], /^DATABASE_URL \(--database\): [^\n]*\n$/],
  ])('%s', async (_, args, words) => {
    const { code, out, err } = await manage(...args.map(filled));
    expect(err).toMatch(words);
    expect([code, out]).toEqual([2, '']);
    expect(existsSync(path.join(folder, 'new'))).toBe(false);
  });
});

describe.concurrent('exit code 0', () => {
  it('migrate --status says what is missing and changes nothing; migrate applies it, once', async () => {
    const data = path.join(folder, 'to migrate');
    const file = path.join(data, 'tracker.db');
    const absent = await manage('migrate', '--status', '--data', data);
    expect(absent).toEqual({ code: 0, out: `${file} does not exist yet; "run" or "migrate" makes it.\n`, err: '' });
    expect(existsSync(data)).toBe(false);

    mkdirSync(data);
    new Database(file).close();
    const before = await manage('migrate', '--status', '--data', data);
    expect(before).toMatchObject({ code: 0, err: '' });
    expect(before.out).toMatch(/^(\w+ {2}not applied\n)+$/);

    const first = await manage('migrate', '--data', data);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^(\w+ {2}applied .+ UTC\n)+.*tracker\.db is up to date\.\n$/);
    const [again, after] = await Promise.all([
      manage('migrate', '--data', data),
      manage('migrate', '--status', '--data', data),
    ]);
    expect(again).toEqual(first);
    expect(`${after.out}${file} is up to date.\n`).toBe(first.out);
  });

  it('a reader that closes the pipe at once gets no stack, and the work is done', async () => {
    const data = path.join(folder, 'piped');
    const words = ['--import', 'tsx', 'manage.ts', 'import', path.join(folder, 'small.db'), '--data', data];
    const child = spawn(process.execPath, words, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, err]).toEqual([0, '']);
    expect((await manage('runs', '--data', data)).out).toContain('finished');
  });

  it('import and export take paths with spaces', async () => {
    const data = path.join(folder, 'imported data');
    const output = path.join(folder, 'all experiments.csv');
    expect((await manage('import', path.join(folder, 'small.db'), '--data', data)).code).toBe(0);
    const { code, out, err } = await manage('export', 'experiments.csv', '--data', data, '--output', output);
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain(`${output}: 1 experiment, ${statSync(output).size} B`);
  });
});

it('export makes no database where there is none', async () => {
  const nothing = path.join(folder, 'nothing');
  const { code, out, err } = await manage('export', 'experiments.csv', '--data', nothing);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^There is no database at .*tracker\.db\. Name its folder with --data\.\n$/);
  expect(existsSync(nothing)).toBe(false);
});

interface Served {
  url: string;
  stop: () => Promise<{ code: number | null; out: string }>;
}

/** `manage.ts run` in a process of its own, once it says where it is. */
function serve(data: string): Promise<Served> {
  return new Promise((resolve, reject) => {
    const args = ['--import', 'tsx', 'manage.ts', 'run', '--port', '0', '--data', data];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = new Promise<number | null>((done) => child.once('close', done));
    let out = '';
    const stop: Served['stop'] = async () => {
      child.kill('SIGTERM');
      return { code: await closed, out };
    };
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString();
      const url = /http:\/\/\S+/.exec(out)?.[0];
      if (url !== undefined) resolve({ url, stop });
    });
    void closed.then((code) => reject(new Error(`ended with ${code}: ${out}`)));
  });
}

it('SIGTERM ends "run" with exit code 0 and everything in the one file', async () => {
  const data = path.join(folder, 'served');
  const { url, stop } = await serve(data);
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ experiment: 'digits', name: 'last words' });
  const created = await fetch(`${url}/api/runs`, { method: 'POST', headers, body });
  const wal = path.join(data, 'tracker.db-wal');
  expect([created.status, statSync(wal).size > 0]).toEqual([201, true]);
  const { code, out } = await stop();
  expect([code, out]).toEqual([0, expect.stringContaining('Stopped by SIGTERM; everything is on disk.')]);
  expect(statSync(wal, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
  // The file alone is the whole database.
  cpSync(path.join(data, 'tracker.db'), path.join(folder, 'copy.db'));
  const copy = new Database(path.join(folder, 'copy.db'), { readonly: true });
  expect(copy.prepare('select name from runs').all()).toEqual([{ name: 'last words' }]);
  copy.close();
});
