// shared/config.ts
// Purpose: the settings of a process: flags first, then environment, then defaults; checked once by Zod.
// Why: a wrong setting is said at start, by its name, not found out in the middle of a request.
// Relevant files: manage.ts, shared/db/open.ts, README.md

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { artifactsPlace } from './artifacts-place.ts';
import { engineOf, Engine } from './db/engine.ts';
import { UsageError } from './errors.ts';

const PORT = 'must be a whole number from 0 to 65535';

const settingsSchema = z.object({
  host: z.string().min(1, 'must not be empty'),
  port: z
    .string()
    .regex(/^\d+$/, PORT)
    .transform(Number)
    .refine((port) => port <= 65535, PORT),
  data: z.string().min(1, 'must not be empty'),
  database: z.string().min(1, 'must not be empty').optional(),
  artifacts: z.string().min(1, 'must not be empty').optional(),
  allowed_hosts: z.string(),
});

export interface Settings {
  host: string;
  /** 0 takes a free port (tests). */
  port: number;
  /** Absolute folder of everything the tracker keeps. */
  data: string;
  /** Absolute path of the SQLite file, or postgres://… */
  database: string;
  /** Where artifact contents are: an absolute folder, or s3://bucket/prefix. */
  artifacts: string;
  /** Names besides loopback's by which a server on loopback may be asked, as a proxy in front of it passes them on. */
  allowedHosts: string[];
}

export type SettingFlags = { [K in 'host' | 'port' | 'data' | 'database' | 'artifacts']?: string | undefined };

export const DEFAULTS = { host: '127.0.0.1', port: '8000', data: './data' } as const;

export function readSettings(flags: SettingFlags, env: NodeJS.ProcessEnv = process.env): Settings {
  const parsed = settingsSchema.safeParse({
    host: flags.host ?? env['HOST'] ?? DEFAULTS.host,
    port: flags.port ?? env['PORT'] ?? DEFAULTS.port,
    data: flags.data ?? env['TRACKER_DATA'] ?? DEFAULTS.data,
    database: flags.database ?? env['DATABASE_URL'],
    artifacts: flags.artifacts ?? env['ARTIFACTS_URL'],
    allowed_hosts: env['ALLOWED_HOSTS'] ?? '',
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UsageError(`--${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`);
  }
  const { host, port, data, database, artifacts, allowed_hosts } = parsed.data;
  const folder = path.resolve(data);
  return {
    host,
    port,
    data: folder,
    database: databaseOf(database, folder),
    artifacts: artifactsPlace(artifacts ?? path.join(folder, 'artifacts')),
    allowedHosts: allowed_hosts.split(',').flatMap((name) => name.trim().toLowerCase() || []),
  };
}

/** ` --data 'my data'`: which of them were given, for a command that is proposed. An address may hold a password: it is not repeated. */
export function flagsGiven({ data, database, artifacts }: SettingFlags): string {
  const isAddress = database !== undefined && engineOf(database) === Engine.Postgres;
  const given = { data, database: isAddress ? 'ADDRESS' : database, artifacts };
  return Object.entries(given)
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${inShell(value)}`))
    .join('');
}

function inShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function databaseOf(text: string | undefined, folder: string): string {
  if (text === undefined) return path.join(folder, 'tracker.db');
  return engineOf(text) === Engine.Postgres ? postgresUrl(text) : path.resolve(databaseFile(text));
}

/** As it is, its password too; what is wrong with it is said without it. */
function postgresUrl(text: string): string {
  if (!URL.canParse(text)) throw wrong('is not an address such as postgres://user:password@host:5432/database');
  if (new URL(text).pathname.length > 1) return text;
  throw wrong('names no database: postgres://user:password@host:5432/database');
}

/** A path, `file:///absolute%20path` or `file:path`. */
function databaseFile(text: string): string {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1];
  if (scheme !== undefined && scheme !== 'file')
    throw wrong(`is the address of a file (a path or file:…) or of PostgreSQL (postgres://…), not ${scheme}://`);
  if (/^(file:)?:memory:/.test(text)) throw wrong('runs are kept in a file, not in memory: give a path');
  if (!text.startsWith('file:')) return text;
  if (/[?#]/.test(text)) throw wrong('file:… takes no options: leave out what stands from ? or # on');
  try {
    const file = scheme === undefined ? decodeURIComponent(text.slice('file:'.length)) : fileURLToPath(text);
    if (file !== '' && !file.endsWith('/')) return file;
  } catch {
    // Another machine's name, or a % that stands for nothing.
  }
  throw wrong(`${text} is not the address of a file on this machine, such as file:///data/tracker.db`);
}

function wrong(why: string): UsageError {
  return new UsageError(`DATABASE_URL (--database): ${why}`);
}
