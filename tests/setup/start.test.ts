// tests/setup/start.test.ts
// Purpose: what npm start and npm test say when they cannot begin: an old Node, a read-only folder, no browser.
// Why: these are the first words a newcomer reads when something is wrong.
// Relevant files: shared/setup/start.js, shared/setup/test.js, shared/setup/ensure.js, shared/setup/browser.js

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../shared/setup/root.js';

interface Outcome {
  code: number | null;
  said: string;
}

function node(args: string[], env: NodeJS.ProcessEnv = {}): Outcome {
  const options = { cwd: projectRoot, encoding: 'utf8', env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
  return { code: status, said: stdout + stderr };
}

/** A module that makes this Node say it is another. */
function pretend(version: string): string {
  const versions = `{ ...process.versions, node: '${version}' }`;
  return `data:text/javascript,Object.defineProperty(process, 'versions', { value: ${versions} })`;
}

describe.each(['shared/setup/start.js', 'shared/setup/test.js'])('%s', (script) => {
  it.each(['12.22.12', '18.20.4', '20.18.3'])('says what is missing on Node %s', (version) => {
    const { code, said } = node(['--import', pretend(version), script]);
    expect(said.trim()).toBe(`This needs Node 20.19 or newer; you have ${version}.`);
    expect(code).toBe(1);
  });

  it('uses no syntax that an old Node cannot read', () => {
    const text = readFileSync(path.join(projectRoot, script), 'utf8').replace(/^\/\/.*$/gm, '');
    expect(text).not.toMatch(/=>|\?\?|\?\.|`|\b(?:const|let|class|async|await|require)\b|^\s*import\s[^(]/m);
  });
});

it('a read-only folder is named, with what to do', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'read only '));
  writeFileSync(path.join(folder, 'package-lock.json'), '{"packages":{"node_modules/zod":{"version":"4.0.0"}}}');
  chmodSync(folder, 0o555);
  const ensure = pathToFileURL(path.join(projectRoot, 'shared/setup/ensure.js')).href;
  // Root may write anywhere, so it becomes nobody first.
  const script = `import { ensureInstalled } from '${ensure}';
    if (process.getuid?.() === 0) process.setuid(65534);
    try { ensureInstalled(${JSON.stringify(folder)}); } catch (error) { console.log(error.message); process.exit(1); }`;
  try {
    const { code, said } = node(['--input-type=module', '-e', script]);
    expect(said).toContain(`the folder ${folder} is read-only: make it writable, or copy the tracker elsewhere`);
    expect(code).toBe(1);
  } finally {
    chmodSync(folder, 0o755);
    rmSync(folder, { recursive: true });
  }
});

it('a CHROME_PATH that leads nowhere is named', () => {
  const { code, said } = node(['shared/setup/test.js'], { CHROME_PATH: '/not/there' });
  expect(said.trim()).toBe('CHROME_PATH is /not/there, but nothing is there.');
  expect(code).toBe(1);
});
