// tests/cli/settings.test.ts
// Purpose: a database's address names exactly the file that is meant, or is refused as wrong use.
// Why: a file called ":memory:" or "a%20q.db" is found months later, by somebody who looks for lost runs.
// Relevant files: shared/config.ts, shared/db/sqlite.ts

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { flagsGiven, readSettings } from '../../shared/config.ts';
import { UsageError } from '../../shared/errors.ts';

function databaseOf(url: string): string {
  return readSettings({}, { DATABASE_URL: url }).database;
}

describe('DATABASE_URL', () => {
  it.each([
    ['file:///tmp/a%20q.db', '/tmp/a q.db'],
    ['file:///tmp/50%25.db', '/tmp/50%.db'],
    ['file://localhost/tmp/a.db', '/tmp/a.db'],
    ['file:/tmp/a%20q.db', '/tmp/a q.db'],
    ['file:runs.db', path.resolve('runs.db')],
    ['/tmp/a%20q.db', '/tmp/a%20q.db'],
    ['what?#.db', path.resolve('what?#.db')],
    ['my runs/x.db', path.resolve('my runs/x.db')],
    ['postgres://ada:pass@db.example/runs', 'postgres://ada:pass@db.example/runs'],
  ])('%s is %s', (url, file) => {
    expect(databaseOf(url)).toBe(file);
  });

  it.each([
    [':memory:', /not in memory: give a path/],
    ['file::memory:', /not in memory: give a path/],
    ['file::memory:?cache=shared', /not in memory: give a path/],
    ['file:///tmp/a.db?mode=ro', /takes no options/],
    ['file:a.db#x', /takes no options/],
    ['file://server/share/a.db', /is not the address of a file on this machine/],
    ['file:///tmp/%zz.db', /is not the address of a file on this machine/],
    ['file:', /is not the address of a file on this machine/],
    ['file:///', /is not the address of a file on this machine/],
    ['postgres://localhost', /^DATABASE_URL \(--database\): names no database/],
    ['postgres://:pass@:x/y', /^DATABASE_URL \(--database\): is not an address such as postgres:(?!.*pass@:x)/],
    ['mysql://localhost/runs', /or of PostgreSQL \(postgres:\/\/…\), not mysql:\/\/$/],
    ['sqlite:///tmp/a.db', /is the address of a file \(a path or file:…\)/],
    ['', /^--database must not be empty$/],
  ])('%j is refused', (url, words) => {
    expect(() => databaseOf(url)).toThrow(UsageError);
    expect(() => databaseOf(url)).toThrow(words);
  });
});

describe('a command that is proposed', () => {
  it.each([
    [{}, ''],
    [{ data: '/srv/runs' }, ' --data /srv/runs'],
    [{ data: "it's mine", artifacts: 's3://bucket/a' }, ` --data 'it'\\''s mine' --artifacts s3://bucket/a`],
    [{ database: 'my runs.db' }, " --database 'my runs.db'"],
    [{ database: 'postgres://ada:pass@db/runs' }, ' --database ADDRESS'],
  ])('for %j has the flags %s', (flags, text) => {
    expect(flagsGiven(flags)).toBe(text);
  });
});
