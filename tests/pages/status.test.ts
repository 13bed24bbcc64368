// tests/pages/status.test.ts
// Purpose: /status says version, engine, place, sizes, counts and migrations as they are; /health; / leads to the list.
// Why: it is what is read, and sent to us, when something seems wrong.
// Relevant files: shared/http/status.ts, shared/templates/status.html, shared/db/sqlite.ts

import { readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { readSettings } from '../../shared/config.ts';
import { openSqlite } from '../../shared/db/sqlite.ts';
import { formatBytes } from '../../shared/format.ts';
import { createServer } from '../../shared/http/server.ts';
import { projectRoot } from '../../shared/lint/paths.js';
import { faultsOf } from '../support/html.ts';
import { freshFolder } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';

const MIGRATIONS = readdirSync(path.join(projectRoot, 'shared/db/migrations/sqlite'))
  .filter((file) => file.endsWith('.sql'))
  .map((file) => file.replace('.sql', ''));

const tracker = useTracker();

/** Terms and what is said of them, of every list on the page. */
function factsOf(html: string): Record<string, string> {
  const pairs = html.matchAll(/<dt>([^]*?)<\/dt>\s*<dd>([^]*?)<\/dd>/g);
  return Object.fromEntries([...pairs].map(([, term = '', fact = '']) => [term.replace(/<[^>]*>/g, ''), fact]));
}

async function facts(): Promise<Record<string, string>> {
  const { status, body } = await tracker.get('/status');
  expect([status, await faultsOf(body)]).toEqual([200, []]);
  return factsOf(body);
}

it('says what runs here and where its data is', async () => {
  const { version } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  const database = new Database(':memory:');
  const engine = database.prepare('select sqlite_version()').pluck().get();
  database.close();
  expect(await facts()).toMatchObject({
    Version: version,
    Node: process.version,
    Database: `sqlite ${String(engine)}`,
    File: path.join(tracker.folder, 'tracker.db'),
  });
});

it('says how large the file is with its log, and how much memory is used', async () => {
  const sizes = ['', '-wal'].map((suffix) => statSync(path.join(tracker.folder, `tracker.db${suffix}`)).size);
  const { Size, Memory } = await facts();
  expect(Size).toBe(formatBytes(sizes.reduce((sum, size) => sum + size, 0)));
  expect(Memory).toMatch(/^\d+(\.\d+)? MiB$/);
});

it('says how much room the disk has left', async () => {
  const { bavail, bsize, blocks } = statfsSync(tracker.folder);
  const [, amount = '', unit = ''] = /^([\d.]+) (\w+)$/.exec((await facts())['Free space'] ?? '') ?? [];
  const bytes = Number(amount) * 1024 ** ['B', 'KiB', 'MiB', 'GiB', 'TiB'].indexOf(unit);
  // Others write meanwhile: between a half and twice of what is there now, and never more than there is.
  expect(bytes).toBeGreaterThan((bavail * bsize) / 2);
  expect(bytes).toBeLessThanOrEqual(Math.min(2 * bavail, blocks) * bsize * 1.1);
});

it('counts what is not in the trash, at once', async () => {
  expect(await facts()).toMatchObject({ Experiments: '0', Runs: '0', 'Metric points': '0', Tags: '0' });
  const add = async (experiment: string, points: number, tags: object = {}): Promise<string> => {
    const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment, tags });
    const metrics = Array.from({ length: points }, (_, step) => ({ key: 'loss', value: 1, step }));
    await tracker.api('POST', `/api/runs/${body.id}/log`, { metrics });
    return body.id;
  };
  await add('first', 1234, { baseline: '', model: 'mlp' });
  const second = await add('first', 10);
  await add('second', 5);
  const counted = { Experiments: '2', Runs: '3', 'Metric points': '1,249', Tags: '2' };
  expect(await facts()).toMatchObject(counted);
  await tracker.api('DELETE', `/api/runs/${second}`);
  expect(await facts()).toMatchObject({ ...counted, Runs: '2', 'Metric points': '1,239' });
  await tracker.api('POST', `/api/runs/${second}/restore`);
  expect(await facts()).toMatchObject(counted);
});

it('says of the migrations in one line that all are applied', async () => {
  const { body } = await tracker.get('/status');
  expect(body).toMatch(
    new RegExp(`<details class="fold"><summary>All ${MIGRATIONS.length} are applied, the last one `),
  );
});

it('names every migration with the time it was applied', async () => {
  const page = await facts();
  expect(MIGRATIONS.length).toBeGreaterThan(0);
  for (const name of MIGRATIONS) expect(page[name], name).toMatch(/^applied \d+ \w{3} \d{4}, \d\d:\d\d:\d\d UTC$/);
});

it('names a migration that was not applied', async () => {
  const folder = freshFolder();
  const file = path.join(folder, 'tracker.db');
  await (await openSqlite(file)).close();
  const connection = new Database(file);
  const last = MIGRATIONS.at(-1) ?? '';
  connection.prepare('delete from migrations where name = ?').run(last);
  connection.close();
  const app = await createServer(readSettings({ data: folder }, {}), await openSqlite(file, { migrate: false }), []);
  const html = (await app.inject({ url: '/status' })).body;
  const page = factsOf(html);
  await app.close();
  rmSync(folder, { recursive: true });
  expect(html).toContain(
    `<details class="fold" open><summary>1 migration of ${MIGRATIONS.length} not applied: run &quot;migrate&quot;.`,
  );
  expect(MIGRATIONS.map((name) => page[name])).toEqual(
    MIGRATIONS.map((name): unknown => (name === last ? 'not applied' : expect.stringMatching(/^applied /))),
  );
});

it('/health is OK, plain and short', async () => {
  const { status, headers, body } = await tracker.get('/health');
  expect([status, headers.get('content-type'), body]).toEqual([200, 'text/plain', 'OK']);
});

it('/ leads to the experiments', async () => {
  const { status, headers } = await fetch(`${tracker.url}/`, { redirect: 'manual' });
  expect([status, headers.get('location')]).toEqual([302, '/experiments']);
  expect((await tracker.get('/')).body).toContain('<h1>Experiments</h1>');
});
