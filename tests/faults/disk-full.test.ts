// tests/faults/disk-full.test.ts
// Purpose: the disk is really full: writes are told 507, reads go on, and with room again all goes on without a restart.
// Why: training runs for days; a full disk on one of them must cost nothing but the wait.
// Relevant files: shared/http/problems.ts, shared/db/write-queue.ts, runs/artifacts/artifact-store.ts, tests/faults/account.ts

import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { randomOf } from '../../imports/random.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { runChild, startChild, type ChildServer } from '../support/child.ts';
import { freshFolder } from '../support/tracker.ts';
import { expectExactly } from './account.ts';
import { enter, makeBatch, newAccount, newIn, post } from './load.ts';

const MEBIBYTE = 1024 ** 2;
const FULL = 'The disk of the tracker is full: nothing of this request was stored.';

interface Limited {
  folder: string;
  server: ChildServer;
  /** Leaves no room, and gives it back. */
  fill: () => unknown;
  makeRoom: () => unknown;
}

/** A file system of its own of 24 MiB. */
async function onSmallDisk(): Promise<Limited> {
  const folder = freshFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'none', folder]);
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  const ballast = path.join(folder, 'ballast');
  const fill = (): void => {
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - 3 * MEBIBYTE)));
  };
  return { folder, server: await startChild(folder), fill, makeRoom: () => rmSync(ballast) };
}

/** A process whose files may not grow beyond a limit that moves. The signal that comes with it is ignored: the write fails. */
async function underLimit(): Promise<Limited> {
  const folder = freshFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startChild(folder, { wrap: ['bash', '-c', 'trap "" XFSZ; exec "$@"', 'bash'] });
  const limit = (bytes: string): unknown =>
    execFileSync('prlimit', [`--pid=${server.process.pid}`, `--fsize=${bytes}:unlimited`]);
  const fill = (): unknown => limit(String(3 * MEBIBYTE));
  return { folder, server, fill, makeRoom: () => limit('unlimited') };
}

/** Only root can mount; the other way is there for everybody, and always tried. */
const WAYS: [string, () => Promise<Limited>][] = [['a file that may not grow', underLimit]];
if (process.getuid?.() === 0) WAYS.push(['a full disk', onSmallDisk]);

async function newRun(url: string): Promise<string> {
  const answer = await post(`${url}/api/runs`, { experiment: 'on a small disk' });
  return (JSON.parse(answer?.text ?? '') as RunDetail).id;
}

test.each(WAYS)(
  '%s: 507, reads go on, nothing half-written; with room again everything goes on',
  async (_what, start) => {
    const { folder, server, fill, makeRoom } = await start();
    const { url } = server;
    const account = newAccount(await newRun(url));
    const log = `${url}/api/runs/${account.run}/log`;
    const random = randomOf(5);
    let number = 0;

    /** Sends new batches until one is refused; gives that one. */
    const logUntilFull = async (): Promise<ReturnType<typeof makeBatch>> => {
      for (;;) {
        const batch = makeBatch(random, 'c', number++);
        const metrics = Array.from({ length: 2_000 }, (_, i) => ({
          key: 'many',
          value: random(),
          step: number * 2_000 + i,
          timestamp: 1,
        }));
        batch.metrics.push(...metrics);
        const answer = await post(log, batch);
        if (answer?.status === 200) {
          enter(account, batch);
          continue;
        }
        expect(answer?.status, answer?.text).toBe(507);
        expect(JSON.parse(answer?.text ?? '')).toMatchObject({
          status: 507,
          title: 'Insufficient Storage',
          detail: FULL,
        });
        return batch;
      }
    };

    for (let round = 0; round < 2; round++) {
      fill();
      const refused = await logUntilFull();
      // Every way to write is told the same; every way to read goes on.
      for (const [where, body] of [
        ['/api/runs', { experiment: 'full' }],
        ['/api/experiments', { name: `full ${round}`, description: 'x'.repeat(100_000) }],
      ] as const)
        expect([201, 507]).toContain((await post(url + where, body))?.status);
      const upload = await fetch(`${url}/api/runs/${account.run}/artifacts/big.bin`, {
        method: 'PUT',
        body: Buffer.alloc(4 * MEBIBYTE),
      });
      expect(await upload.json()).toMatchObject({ status: 507, detail: FULL });
      expect(readdirSync(path.join(folder, 'artifacts')).filter((name) => name.endsWith('.part'))).toEqual([]);
      for (const where of [
        '/health',
        '/status',
        '/experiments',
        '/experiments/1',
        `/runs/${account.run}`,
        `/api/runs/${account.run}/points?key=many`,
      ])
        expect((await fetch(url + where, { headers: { accept: 'text/html' } })).status, where).toBe(200);
      const run = (await (await fetch(`${url}/api/runs/${account.run}`)).json()) as RunDetail;
      expect(run.metrics['many']?.count).toBe(account.series.get('many')?.size);

      makeRoom();
      const fresh = newIn(account, refused);
      const again = await post(log, refused);
      expect(again?.status, again?.text).toBe(200);
      expect(JSON.parse(again?.text ?? '')).toMatchObject({ accepted: fresh, rejected: [] });
      enter(account, refused);
      const stored = await fetch(`${url}/api/runs/${account.run}/artifacts/small-${round}.bin`, {
        method: 'PUT',
        body: Buffer.alloc(100_000, round),
      });
      expect(stored.status).toBe(201);
    }
    expect(server.process.exitCode).toBeNull();
    await server.kill();
    expectExactly(path.join(folder, 'tracker.db'), [account]);
    expect(await runChild(['doctor', '--deep', '--data', folder])).toMatchObject({ code: 0 });
  },
);
