// tests/api/broken-stream.test.ts
// Purpose: a compressed answer that fails before its first byte is a problem that can be read.
// Why: an error under the name of a compression is a broken download to every client, and nobody learns why.
// Relevant files: shared/http/problems.ts, shared/http/server.ts

import { rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { Problem } from '../../shared/errors.ts';
import { createServer } from '../../shared/http/server.ts';
import type { Feature } from '../../shared/http/types.ts';
import { giveBack, openAt, settingsOf } from '../support/database.ts';
import { freshFolder } from '../support/tracker.ts';

/** A download whose first read fails. */
const failing: Feature = (app) => {
  app.get(
    '/failing.csv',
    (_request, reply) =>
    reply
      .type('text/csv')
      .header('etag', '"x"')
      .send(new Readable({ read() { this.destroy(new Problem(409, 'It is gone.')); } })), // prettier-ignore
  );
};

it('says what is wrong, uncompressed or as it says, without the tag of what failed', async () => {
  const folder = freshFolder();
  const settings = await settingsOf(folder);
  const app = await createServer(settings, await openAt(folder), [failing]);
  onTestFinished(async () => {
    await app.close();
    await giveBack(folder);
    rmSync(folder, { recursive: true });
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const answer = await fetch(`${url}/failing.csv`, { headers: { 'accept-encoding': 'gzip, br' } });
  expect(answer.status).toBe(409);
  expect(await answer.json()).toMatchObject({ status: 409, detail: 'It is gone.' });
  expect(answer.headers.get('etag')).toBe(null);
});
