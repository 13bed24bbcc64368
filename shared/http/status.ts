// shared/http/status.ts
// Purpose: /health for machines and /status for people: version, engine, sizes, migrations.
// Why: the first question about a tracker is whether it runs and where its data is.
// Relevant files: shared/db/store.ts, shared/templates/status.html, shared/http/types.ts

import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { Engine } from '../db/engine.ts';
import { formatBytes, formatTime, plural } from '../format.ts';
import type { App } from './types.ts';

export const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

export function installStatus(app: App): void {
  const started = Date.now();
  app.get('/health', { schema: { hide: true } }, (_request, reply) => reply.type('text/plain').send('OK'));
  app.get('/status', { schema: { hide: true } }, async (_request, reply) => {
    const { engine, engineVersion, location, bytes, migrations } = await app.store.status();
    const facts = await Promise.all(app.statusFacts.map((facts) => facts()));
    return reply.page('status.html', {
      title: 'Status',
      facts: [
        { label: 'Version', value: VERSION },
        { label: 'Node', value: process.version },
        { label: 'Running since', value: formatTime(started) },
        { label: 'Database', value: `${engine} ${engineVersion}` },
        { label: 'File', value: location },
        { label: 'Size', value: formatBytes(bytes) },
        ...(engine === Engine.Sqlite ? [{ label: 'Free space', value: await freeSpace(location) }] : []),
        ...facts.flat(),
        { label: 'Memory', value: formatBytes(process.memoryUsage.rss()) },
      ],
      schema: schemaText(migrations),
      isBehind: migrations.some(({ applied_at }) => applied_at === null),
      migrations: migrations.map(({ name, applied_at }) => ({
        name,
        state: applied_at === null ? 'not applied' : `applied ${formatTime(applied_at)}`,
      })),
    });
  });
}

/** `All 21 are applied, the last one 30 Nov 2026, 22:34:32 UTC.` */
function schemaText(migrations: readonly { applied_at: number | null }[]): string {
  const applied = migrations.flatMap(({ applied_at }) => applied_at ?? []);
  const missing = migrations.length - applied.length;
  if (missing > 0) return `${plural(missing, 'migration')} of ${migrations.length} not applied: run "migrate".`;
  return `All ${migrations.length} are applied, the last one ${formatTime(Math.max(...applied))}.`;
}

/** What the disk that holds the file has left for people who are not root. */
async function freeSpace(file: string): Promise<string> {
  const { bavail, bsize } = await statfs(path.dirname(file));
  return formatBytes(bavail * bsize);
}
