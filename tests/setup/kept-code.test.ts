// tests/setup/kept-code.test.ts
// Purpose: a start from the code that V8 kept does all that the first one did: exports in threads, traces, nothing on stderr.
// Why: kept code is compiled code without what stood around it; what it has lost shows only at the second start.
// Relevant files: shared/setup/kept-code.js, shared/setup/compiled.js, shared/setup/run.js

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compiledEntry } from '../../shared/setup/compiled.js';
import { projectRoot } from '../../shared/setup/root.js';
import { freshFolder } from '../support/tracker.ts';

/** Starts as `npm start` does, asks, and stops; what it said. */
async function served(data: string, ask: (url: string) => Promise<void>): Promise<string> {
  const start = path.join(projectRoot, 'shared/setup/start.js');
  const server = spawn(process.execPath, [start, '--port', '0', '--data', data], { cwd: tmpdir() });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
  const urlIn = (): string | undefined => /http:\/\/\S+/.exec(said)?.[0];
  try {
    await expect.poll(urlIn).toBeDefined();
    await ask(urlIn() ?? '');
  } finally {
    server.kill('SIGTERM');
    expect(await ended, said).toBe(0);
  }
  return said;
}

/** Says whether V8 would compile the file anew. */
const IS_REFUSED = `
  const [{ readFileSync }, { wrap }, { Script }] = ['fs', 'module', 'vm'].map(require);
  const file = process.argv[1];
  const script = new Script(wrap(readFileSync(file, 'utf8')), { filename: file, cachedData: readFileSync(file + '.code') });
  console.log(script.cachedDataRejected);`;

it('is the same tracker', async () => {
  const data = freshFolder();
  const file = fileURLToPath(await compiledEntry());
  const use = async (url: string): Promise<void> => {
    expect((await fetch(`${url}/experiments`)).status).toBe(200);
    const table = await fetch(`${url}/exports/experiments.csv`);
    expect(table.status).toBe(200);
    expect(await table.text()).toMatch(/^id,name/);
  };
  await served(data, async (url) => {
    await use(url);
    while (!existsSync(`${file}.code`)) await setTimeout(50);
    // Another server, with other flags of V8, may have kept its own before: then this one keeps its own after a second.
    const isRefused = (): string => execFileSync(process.execPath, ['-e', IS_REFUSED, file], { encoding: 'utf8' });
    await expect.poll(isRefused, { interval: 500 }).toBe('false\n');
  });
  const said = await served(data, use);
  // Where it is, and that it stopped.
  expect(said.trim().split('\n'), said).toHaveLength(2);
  rmSync(data, { recursive: true });
});

it('has code of which V8 keeps a byte a letter', async () => {
  const bytes = readFileSync(fileURLToPath(await compiledEntry()));
  expect(bytes.findIndex((byte) => byte > 127)).toBe(-1);
});
