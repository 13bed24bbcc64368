// tests/exports/breaks.test.ts
// Purpose: long downloads: one moment of the database, backpressure, a client that leaves, a writer that fails half-way.
// Why: 200,000 points must neither fill the memory nor hold up the others, and a half file must look half.
// Relevant files: exports/produce.ts, exports/routes.ts, shared/db/sqlite.ts

import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { ExportState } from '../../exports/models.ts';
import { trashRuns } from '../../runs/changes.ts';
import type { RunRow } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import { addPoints, addRun, download, exportRows, lastExport, series } from './support.ts';

const tracker = useTracker();
let run: RunRow;
/** Bytes of the whole file of 200,000 points. */
let whole: number;
const POINTS = '/exports/experiments/1/points.csv';

beforeAll(async () => {
  run = await addRun(tracker, { experiment: 'long', name: 'long' }, series('loss', 100_000));
  await addPoints(tracker, run, series('acc', 100_000));
});

/** The answer, of which nothing is read yet. */
function request(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(tracker.url + path, { headers, agent: false }, resolve).on('error', reject);
  });
}

async function readAll(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function lines(text: string): number {
  return text.split('\r\n').length - 2;
}

describe('200,000 points', () => {
  it('arrive complete while other requests are answered', async () => {
    let done = false;
    const file = download(tracker, POINTS).finally(() => (done = true));
    const answers: number[] = [];
    while (!done) {
      const { status } = await tracker.get('/health');
      if (!done) answers.push(status);
    }
    const { text, bytes } = await file;
    whole = bytes.length;
    expect(lines(text)).toBe(200_000);
    expect(answers.length).toBeGreaterThan(2);
    expect(new Set(answers)).toEqual(new Set([200]));
  });

  it('show one moment, whatever is written meanwhile', async () => {
    const response = await request(POINTS);
    await addPoints(tracker, run, [{ key: 'zzz', step: 1, timestamp: 0, value: 1 }]);
    await tracker.app.store.write((tx) => trashRuns(tx, [run.id], true, Date.now()));
    try {
      expect(lines(await readAll(response))).toBe(200_000);
      expect(lines((await download(tracker, POINTS)).text)).toBe(0);
    } finally {
      await tracker.app.store.write((tx) => trashRuns(tx, [run.id], false, Date.now()));
    }
  });

  it('are not made ahead of a client that does not read, and stop when it leaves', async () => {
    const response = await request(POINTS);
    await sleep(300);
    expect((await exportRows(tracker))[0]?.state).toBe(ExportState.Writing);
    response.destroy();
    const row = await lastExport(tracker);
    expect(row).toMatchObject({ state: ExportState.Broken, sha256: null });
    expect(row.bytes).toBeLessThan(whole / 2);
    expect((await tracker.get('/health')).status).toBe(200);
  });

  it('stop when a client leaves that is sent gzip', async () => {
    const response = await request(POINTS, { 'accept-encoding': 'gzip' });
    response.destroy();
    expect(await lastExport(tracker)).toMatchObject({ state: ExportState.Broken, sha256: null });
  });
});

describe('a client that leaves at once', () => {
  it('leaves no export that is being written for ever', async () => {
    const before = (await exportRows(tracker)).length;
    await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        const asked = get(tracker.url + POINTS, { agent: false }).on('error', () => undefined);
        // The last one leaves in the middle of its answer, however slow the machine is; none so late that a quick one is done.
        await (i === 9 ? new Promise((resolve) => asked.once('response', resolve)) : sleep(i * 5));
        asked.destroy();
      }),
    );
    await sleep(100);
    // Looked at together: on a busy machine a request may begin when its client has long left.
    let rows: Awaited<ReturnType<typeof exportRows>> = [];
    const writing = async (): Promise<number> => {
      rows = (await exportRows(tracker)).slice(0, -before);
      return rows.filter((row) => row.state === ExportState.Writing).length;
    };
    await expect.poll(writing).toBe(0);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row.state === ExportState.Broken && row.sha256 === null)).toBe(true);
  });
});

describe('a writer that fails half-way', () => {
  it.each([{}, { 'accept-encoding': 'gzip' }])('breaks the connection (%j)', async (headers) => {
    // What no request can store: a time beyond what a date can show.
    const bad = await addRun(tracker, { experiment: 'bad', name: 'bad' }, series('loss', 60_000));
    await tracker.app.store.write((tx) =>
      tx.execute(
        'update points set timestamp = 9e15 where step = 59000 and run_seq = (select seq from runs where id = ?)',
        [bad.id],
      ),
    );
    const response = await request(`/exports/runs/${bad.id}/points.csv`, headers);
    expect(response.statusCode).toBe(200);
    await expect(readAll(response)).rejects.toThrow(/aborted/);
    expect(await lastExport(tracker)).toMatchObject({ state: ExportState.Broken, sha256: null });
    expect((await tracker.get('/health')).status).toBe(200);
  });
});
