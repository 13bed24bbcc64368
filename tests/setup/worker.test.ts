// tests/setup/worker.test.ts
// Purpose: the worker threads start in each way the tracker is run: npm start (compiled), tsx, and from another folder.
// Why: a thread starts from a file of its own; where that lies depends on how the code is run.
// Relevant files: shared/heavy/threads.ts, shared/setup/compiled.js, worker.ts

import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { projectRoot } from '../../shared/setup/root.js';
import { freshFolder } from '../support/tracker.ts';

const inRoot = (file: string): string => path.join(projectRoot, file);
const TSX = pathToFileURL(inRoot('node_modules/tsx/dist/loader.mjs')).href;

it.each([
  ['npm start', [inRoot('shared/setup/start.js')]],
  ['tsx', ['--import', TSX, inRoot('manage.ts'), 'run']],
])('with %s an export comes whole, and the process ends', async (_, command) => {
  const data = freshFolder();
  const server = spawn(process.execPath, [...command, '--port', '0', '--data', data], { cwd: tmpdir() });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      const onText = (text: Buffer): void => {
        said += text.toString();
        const address = /http:\/\/\S+/.exec(said)?.[0];
        if (address) resolve(address);
      };
      server.stdout.on('data', onText);
      server.stderr.on('data', onText);
      server.once('exit', () => reject(new Error(said)));
    });
    const created = await fetch(`${url}/api/experiments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'ünï' }),
    });
    expect(created.status).toBe(201);
    const file = await fetch(`${url}/exports/experiments.csv`);
    expect(file.status).toBe(200);
    expect((await file.text()).split('\r\n')[1]).toMatch(/^1,ünï,/);
  } finally {
    server.kill('SIGTERM');
    expect(await ended).toBe(0);
    rmSync(data, { recursive: true });
  }
});
