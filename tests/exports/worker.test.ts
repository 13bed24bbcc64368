// tests/exports/worker.test.ts
// Purpose: exports in worker threads: many at once, a receiver that leaves, a thread that dies, a stop of the server.
// Why: a thread that dies must never look like a whole file, and an open snapshot keeps the write-ahead log from being emptied.
// Relevant files: shared/heavy/threads.ts, shared/heavy/wire.ts, exports/produce.ts

import { readdirSync, readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { getPriority } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExportState } from '../../exports/models.ts';
import type { RunRow } from '../../runs/models.ts';
import { READS_A_THREAD, READS_MAX, THREADS } from '../../shared/heavy/threads.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';
import { addPoints, addRun, download, exportRows, lastExport, series } from './support.ts';

const POINTS_OF_A_SERIES = 60_000;
const POINTS = '/exports/experiments/1/points.csv';
/** More than can be taken on. */
const TOO_MANY = 3;
const workers: Worker[] = [];
const onWorker = (worker: Worker): number => workers.push(worker);

let tracker: Tracker;
let run: RunRow;
beforeAll(async () => {
  process.on('worker', onWorker);
  tracker = await startTracker();
  run = await addRun(tracker, { experiment: 'long', name: 'long' }, series('loss', POINTS_OF_A_SERIES));
  await addPoints(tracker, run, series('acc', POINTS_OF_A_SERIES));
});
afterAll(async () => {
  process.off('worker', onWorker);
  await tracker.stop();
});

/** The answer, of which nothing is read yet: 11 MB do not fit into what lies between. */
function request(where: string, { url } = tracker): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url + where, { agent: false }, resolve).on('error', reject);
  });
}

async function readAll(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** Whether a snapshot keeps the log: then it cannot be emptied. */
function isLogHeld(): boolean {
  const other = new Database(path.join(tracker.folder, 'tracker.db'), { timeout: 0 });
  try {
    const [result] = other.pragma('wal_checkpoint(truncate)') as { busy: number }[];
    return result?.busy === 1;
  } finally {
    other.close();
  }
}

it('is what makes a download (command.test.ts compares its bytes with those of the command line)', async () => {
  const { text } = await download(tracker, POINTS);
  expect(text.split('\r\n')).toHaveLength(2 * POINTS_OF_A_SERIES + 2);
  expect(workers).toHaveLength(1);
});

it.skipIf(process.platform !== 'linux')('gives way to the thread that answers, which stays as it is', () => {
  const niceness = readdirSync('/proc/self/task').map((thread) => {
    // The name, in brackets, may hold spaces; the seventeenth field after it is how nice the thread is.
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').replace(/^.*\) /s, '');
    return Number(stat.split(' ')[16]) - getPriority();
  });
  expect(niceness.filter((more) => more > 0)).toEqual([5]);
  expect(niceness.filter((more) => more === 0)).toHaveLength(niceness.length - 1);
});

describe('a receiver', () => {
  it('that leaves ends the reading, and the log can be emptied', async () => {
    const response = await request(POINTS);
    await addPoints(tracker, run, [{ key: 'more', step: 1, timestamp: 0, value: 1 }]);
    expect(isLogHeld()).toBe(true);
    response.destroy();
    await expect.poll(isLogHeld).toBe(false);
    expect(await lastExport(tracker)).toMatchObject({ state: ExportState.Broken, sha256: null });
  });

  it('of the points of a curve that leaves ends the reading, too', async () => {
    const response = await request(`/curves.csv?key=loss&run=${run.id}`);
    await addPoints(tracker, run, [{ key: 'more', step: 2, timestamp: 0, value: 1 }]);
    expect(isLogHeld()).toBe(true);
    response.destroy();
    await expect.poll(isLogHeld).toBe(false);
  });

  it('gets its turn when many read slowly, and is told when there are too many', async () => {
    const slow = await Promise.all(Array.from({ length: READS_A_THREAD * THREADS }, () => request(POINTS)));
    const begun = (await exportRows(tracker)).length;
    const answered: number[] = [];
    const others = Array.from({ length: READS_MAX - slow.length + TOO_MANY }, async () => {
      const response = await request('/exports/experiments.csv');
      answered.push(response.statusCode ?? 0);
      return { status: response.statusCode, text: await readAll(response) };
    });
    await expect.poll(() => answered.length).toBe(TOO_MANY);
    // The others wait for a place.
    expect(await exportRows(tracker)).toHaveLength(begun);
    slow[0]?.destroy();
    const answers = await Promise.all(others);
    expect(answers.filter(({ status }) => status === 503)).toHaveLength(TOO_MANY);
    const texts = answers.filter(({ status }) => status === 200).map(({ text }) => text);
    expect(texts).toHaveLength(READS_MAX - slow.length);
    expect(texts[0]).toContain('long');
    expect(new Set(texts).size).toBe(1);
    for (const response of slow) response.destroy();
    await expect.poll(isLogHeld).toBe(false);
  });
});

describe('a thread that dies', () => {
  it('breaks the download, and the next one is whole', async () => {
    const whole = (await download(tracker, POINTS)).text;
    const response = await request(POINTS);
    await Promise.all([expect(readAll(response)).rejects.toThrow(/aborted/), workers.at(-1)?.terminate()]);
    expect(await lastExport(tracker)).toMatchObject({ state: ExportState.Broken, sha256: null });
    expect((await tracker.get('/health')).status).toBe(200);
    const started = workers.length;
    expect((await download(tracker, POINTS)).text === whole).toBe(true);
    expect(workers).toHaveLength(started + 1);
  });
});

describe('a stop of the server', () => {
  it('ends an export that nobody reads, and says so in its row', async () => {
    const { folder } = tracker;
    const response = await request(POINTS);
    const broken = expect(readAll(response)).rejects.toThrow(/aborted/);
    await sleep(0);
    await tracker.close();
    await broken;
    tracker = await startTracker(folder);
    expect(await lastExport(tracker)).toMatchObject({ state: ExportState.Broken, sha256: null });
    expect(isLogHeld()).toBe(false);
  });
});
