// tests/faults/next-start.test.ts
// Purpose: after a crash the next start says what it found; after a clean stop it says nothing.
// Why: silence after a crash leaves people guessing what they lost.
// Relevant files: manage.ts, shared/db/left-behind.ts, runs/artifacts/folder-contents.ts

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RunDetail } from '../../runs/schemas.ts';
import { startChild, type ChildServer } from '../support/child.ts';
import { freshFolder } from '../support/tracker.ts';
import { post } from './load.ts';

const CRASHED = /The last stop was not a clean one, .* has been taken over from its log of [\d.]+ KiB\./;

async function stop(server: ChildServer): Promise<void> {
  server.process.kill('SIGTERM');
  await server.ended;
}

test('a crash is noticed once, with the upload that it cut off', async () => {
  const folder = freshFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const first = await startChild(folder);
  expect(first.said()).toMatch(/^Experiment Tracker is at/);
  const { id } = JSON.parse((await post(`${first.url}/api/runs`, { experiment: 'e' }))?.text ?? '') as RunDetail;
  await beginUpload(`${first.url}/api/runs/${id}/artifacts/half.bin`, path.join(folder, 'artifacts'));
  await first.kill();

  const second = await startChild(folder);
  expect(second.said()).toMatch(CRASHED);
  expect(second.said()).toContain('1 upload of artifacts never ended: what is left is removed an hour after it came.');
  expect((await fetch(`${second.url}/api/runs/${id}`)).status).toBe(200);
  expect((await fetch(`${second.url}/api/runs/${id}/artifacts/half.bin`)).status).toBe(404);
  await stop(second);
  expect(second.said()).toContain('Stopped by SIGTERM; everything is on disk.');

  const third = await startChild(folder);
  expect(third.said()).not.toMatch(CRASHED);
  await stop(third);
});

/** Sends half of what it promises; resolves when that is on its way to the disk. */
async function beginUpload(url: string, artifacts: string): Promise<void> {
  const upload = request(url, { method: 'PUT', headers: { 'content-length': 200_000 } });
  // It ends with the server.
  upload.on('error', () => undefined);
  upload.write(Buffer.alloc(100_000));
  const parts = (): string[] =>
    (existsSync(artifacts) ? readdirSync(artifacts) : []).filter((name) => name.endsWith('.part'));
  await expect.poll(parts).toHaveLength(1);
}
