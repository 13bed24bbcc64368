// shared/config.ts
// Purpose: the settings of a process: flags first, then environment, then defaults; checked once by Zod.
// Why: a wrong setting is said at start, by its name, not found out in the middle of a request.
// Relevant files: manage.ts, shared/db/sqlite.ts, README.md

import path from 'node:path';
import { z } from 'zod';
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
});

export interface Settings {
  host: string;
  /** 0 takes a free port (tests). */
  port: number;
  /** Absolute folder of everything the tracker keeps. */
  data: string;
  /** Absolute path of the SQLite file. */
  database: string;
  /** Absolute folder of artifact contents. */
  artifacts: string;
}

export type SettingFlags = { [K in 'host' | 'port' | 'data' | 'database']?: string | undefined };

export const DEFAULTS = { host: '127.0.0.1', port: '8000', data: './data' } as const;

export function readSettings(flags: SettingFlags, env: NodeJS.ProcessEnv = process.env): Settings {
  const parsed = settingsSchema.safeParse({
    host: flags.host ?? env['HOST'] ?? DEFAULTS.host,
    port: flags.port ?? env['PORT'] ?? DEFAULTS.port,
    data: flags.data ?? env['TRACKER_DATA'] ?? DEFAULTS.data,
    database: flags.database ?? env['DATABASE_URL'],
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UsageError(`--${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`);
  }
  const { host, port, data, database } = parsed.data;
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(database ?? '') && !database?.startsWith('file:')) {
    throw new UsageError(
      `DATABASE_URL: only SQLite is served by this version (a path or file:…), not ${database?.split(':')[0]}://`,
    );
  }
  const folder = path.resolve(data);
  return {
    host,
    port,
    data: folder,
    database: path.resolve(database?.replace(/^file:(\/\/)?/, '') ?? path.join(folder, 'tracker.db')),
    artifacts: path.join(folder, 'artifacts'),
  };
}
