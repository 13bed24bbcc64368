// tests/exports/command.test.ts
// Purpose: `manage.ts export` writes what the page sends, byte by byte, beside a running server; never half a file.
// Why: scripts must get the same data as people, and see at once when something is wrong.
// Relevant files: exports/command.ts, exports/save-file.ts, manage.ts

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportCommand } from '../../exports/command.ts';
import { ExportState } from '../../exports/models.ts';
import type { RunRow } from '../../runs/models.ts';
import { UserError } from '../../shared/errors.ts';
import { envOf, settingsOf } from '../support/database.ts';
import { useFolder, useTracker } from '../support/use.ts';
import { addRun, download, exportRows, series } from './support.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const tracker = useTracker();
const out = useFolder();
let run: RunRow;

beforeAll(async () => {
  run = await addRun(tracker, { experiment: 'digits', name: '=ü' }, series('loss', 60_000));
  await tracker.api('POST', '/api/experiments', { name: 'empty' });
});

interface Ended {
  code: number | null;
  stdout: Buffer;
  stderr: string;
}

/** `bytes`: closes standard output after so many, as `head` does. */
async function exportCli(args: string[], { data = tracker.folder, bytes = Infinity } = {}): Promise<Ended> {
  const env = { ...process.env, ...(await envOf(data)) };
  return new Promise((resolve, reject) => {
    const manage = ['--import', 'tsx', 'manage.ts', 'export', ...args, '--data', data];
    const child = spawn(process.execPath, manage, { cwd: ROOT, env });
    const parts: Buffer[] = [];
    let stderr = '';
    let size = 0;
    child.stdout.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size >= bytes) child.stdout.destroy();
    });
    child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(parts), stderr }));
  });
}

describe('manage.ts export', () => {
  it.each([
    'experiments.csv',
    'experiments/1.json',
    'experiments/1/runs.csv?status=running&order=number',
    'runs/RUN/points.ndjson?key=loss',
  ])('%s writes the bytes of the page to standard output', async (what) => {
    const asked = what.replace('RUN', run.id);
    const page = await download(tracker, `/exports/${asked}`);
    const { code, stdout, stderr } = await exportCli([asked]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.equals(page.bytes)).toBe(true);
    const [byCommand, byPage] = await exportRows(tracker);
    expect(byCommand).toEqual({ ...byPage, id: byCommand?.id, created_at: byCommand?.created_at });
    expect(byCommand).toMatchObject({ state: ExportState.Complete, url: `/exports/${asked}` });
  });

  it('writes a file, in place of the old one, and says what it is', async () => {
    const file = path.join(out, 'points.csv');
    writeFileSync(file, 'old');
    const { code, stdout, stderr } = await exportCli(['/exports/experiments/1/points.csv', '--output', file]);
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    expect(code).toBe(0);
    expect(stdout).toHaveLength(0);
    expect(stderr).toContain(`points of digits → ${file}: 60,000 points, `);
    expect(stderr).toContain(sha256);
    expect((await exportRows(tracker))[0]).toMatchObject({ state: ExportState.Complete, sha256 });
    expect(readdirSync(out)).toEqual(['points.csv']);
  });

  it('does not crash when its reader has seen enough', async () => {
    const { code, stderr } = await exportCli(['experiments/1/points.csv'], { bytes: 1_000 });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect((await exportRows(tracker))[0]).toMatchObject({ state: ExportState.Broken, sha256: null });
  });

  it('fails with one line and exit code 1', async () => {
    const { code, stdout, stderr } = await exportCli(['experiments.xml']);
    expect(stderr).toBe('There is no experiments.xml; there is experiments.csv and experiments.json.\n');
    expect(code).toBe(1);
    expect(stdout).toHaveLength(0);
  });

  it.each([
    [
      'nothing',
      undefined,
      /^There is no export "nothing"\. There are: experiments\.csv\|json, .*points\.csv\|ndjson\.$/,
    ],
    ['experiments/9.json', undefined, /^Experiment 9 does not exist\.$/],
    ['experiments/1/runs.csv?status=done', undefined, /^\?status\[0\]: /],
    ['experiments/1/runs.csv', '/nowhere at all/x.csv', /^The folder of .* does not exist: make it first\.$/],
    ['experiments/1/runs.csv', 'FOLDER', /is not a file name that can be written\.$/],
  ])('%s to %s says what is wrong', async (asked, output, message) => {
    const settings = await settingsOf(tracker.folder);
    const failing = exportCommand(settings, asked, output === 'FOLDER' ? out : output);
    await expect(failing).rejects.toThrow(UserError);
    await expect(failing).rejects.toThrow(message);
    expect(readdirSync(out)).toEqual(['points.csv']);
  });
});
