// tests/faults/kill.test.ts
// Purpose: a server is killed with SIGKILL a hundred times at random moments under load; nothing acknowledged is lost or twice.
// Why: "accepted" is a promise that must hold whatever the process was doing when it died.
// Relevant files: tests/faults/load.ts, tests/faults/account.ts, tests/support/child.ts, shared/db/write-queue.ts

import { createHash, randomBytes, randomInt } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { randomOf } from '../../imports/random.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { serveFrom, warmChild } from '../support/child.ts';
import { freshFolder } from '../support/tracker.ts';
import { expectExactly } from './account.ts';
import { Client, newAccount, post, type Account } from './load.ts';

const KILLS = 100;

/** Makes runs with ids of its own, one after another, each with a param and a tag. */
class Creator {
  readonly accounts: Account[] = [];
  #unanswered: string | undefined;

  async createOn(url: string): Promise<void> {
    for (;;) {
      const id = (this.#unanswered ??= randomBytes(16).toString('hex'));
      const body = { id, experiment: 'made under fire', params: { n: id }, tags: { made: id } };
      const answer = await post(`${url}/api/runs`, body);
      if (!answer) return;
      expect([200, 201], answer.text).toContain(answer.status);
      const account = newAccount(id);
      account.params.set('n', id);
      account.tags.set('made', id);
      this.accounts.push(account);
      this.#unanswered = undefined;
      await setTimeout(10);
    }
  }
}

/** Uploads to the same few names again and again. */
class Uploader {
  /** sha256 by name, as acknowledged. */
  readonly files = new Map<string, string>();
  readonly #run: string;
  #number = 0;
  #unanswered: { name: string; bytes: Buffer } | undefined;

  constructor(run: string) {
    this.#run = run;
  }

  async uploadTo(url: string): Promise<void> {
    for (;;) {
      const { name, bytes } = (this.#unanswered ??= {
        name: `weights-${this.#number++ % 5}.bin`,
        bytes: randomBytes(randomInt(1, 600_000)),
      });
      const answer = await fetch(this.#at(url, name), { method: 'PUT', body: bytes }).catch(gone);
      if (!answer) return;
      expect([200, 201]).toContain(answer.status);
      this.files.set(name, createHash('sha256').update(bytes).digest('hex'));
      this.#unanswered = undefined;
    }
  }

  /** Only what was acknowledged is compared: the name whose upload was cut off may have either contents. */
  async check(url: string): Promise<void> {
    for (const [name, sha256] of this.files) {
      if (name === this.#unanswered?.name) continue;
      const answer = await fetch(this.#at(url, name));
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    }
  }

  #at(url: string, name: string): string {
    return `${url}/api/runs/${this.#run}/artifacts/${name}`;
  }
}

function gone(error: unknown): undefined {
  if (error instanceof TypeError) return undefined;
  throw error;
}

test(`after each of ${KILLS} SIGKILLs everything acknowledged is there, exactly once`, async () => {
  const folder = freshFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let server = await serveFrom(await warmChild(), folder);
  const [one, two, three] = [await newRun(server.url), await newRun(server.url), await newRun(server.url)];
  const seed = randomInt(2 ** 31);
  console.log(`kill.test: seed ${seed}`);
  // Two clients share a run.
  const clients = [one, two, three, three].map((run, i) => new Client(run, `c${i}`, randomOf(seed + i)));
  const creator = new Creator();
  const uploader = new Uploader(one);

  for (let kill = 0; kill < KILLS; kill++) {
    const { url } = server;
    const load = [...clients.map((client) => client.logTo(url)), creator.createOn(url), uploader.uploadTo(url)];
    // The next process loads its code while this one is busy: that too is a random moment.
    const next = warmChild();
    await Promise.race([setTimeout(randomInt(20, 300)), ...load]);
    await server.kill();
    await Promise.all(load);
    server = await serveFrom(await next, folder);
    await expectAcknowledged(server.url, clients, creator);
    if (kill % 10 === 0) await uploader.check(server.url);
  }
  // What was cut off by the last one is sent again, too.
  for (const client of clients) expect(await client.step(server.url)).toBe(true);
  await uploader.check(server.url);
  await server.kill();

  expectExactly(path.join(folder, 'tracker.db'), [...clients.map(({ account }) => account), ...creator.accounts]);
  const parts = readdirSync(path.join(folder, 'artifacts')).filter((name) => name.endsWith('.part'));
  expect(parts.length).toBeLessThanOrEqual(KILLS);
  const total = clients.reduce((sum, client) => sum + client.acknowledged, 0);
  const found = clients.reduce((sum, client) => sum + client.found, 0);
  console.log(`kill.test: ${total} batches, ${creator.accounts.length} runs acknowledged; ${found} stored unanswered`);
  expect(total).toBeGreaterThan(KILLS);
});

async function newRun(url: string): Promise<string> {
  const answer = await post(`${url}/api/runs`, { experiment: 'killed' });
  return (JSON.parse(answer?.text ?? '') as RunDetail).id;
}

/** Cheap enough for each start: counts of all series that were acknowledged, and the number of runs. */
async function expectAcknowledged(url: string, clients: Client[], creator: Creator): Promise<void> {
  for (const { account } of clients) {
    const run = (await (await fetch(`${url}/api/runs/${account.run}`)).json()) as RunDetail;
    for (const [key, points] of account.series)
      expect(run.metrics[key]?.count ?? 0, key).toBeGreaterThanOrEqual(points.size);
    for (const [key, value] of account.params) expect(run.params[key]).toBe(value);
  }
  const last = creator.accounts.at(-1);
  if (last) expect((await fetch(`${url}/api/runs/${last.run}`)).status).toBe(200);
}
