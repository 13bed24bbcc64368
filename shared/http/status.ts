// shared/http/status.ts
// Purpose: /health for machines and /status for people: version, engine, sizes, migrations.
// Why: the first question about a tracker is whether it runs and where its data is.
// Relevant files: shared/db/store.ts, shared/templates/status.html, shared/http/types.ts

import { readFileSync } from 'node:fs';
import { formatBytes, formatTime } from '../format.ts';
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
        ...facts.flat(),
        { label: 'Memory', value: formatBytes(process.memoryUsage.rss()) },
      ],
      migrations: migrations.map(({ name, applied_at }) => ({
        name,
        state: applied_at === null ? 'not applied' : `applied ${formatTime(applied_at)}`,
      })),
    });
  });
}
