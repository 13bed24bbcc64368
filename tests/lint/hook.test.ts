// tests/lint/hook.test.ts
// Purpose: the agent's hook: a bad edit exits 2 and names the rule, a good one is silent.
// Why: a hook that fails quietly looks just like code without problems.
// Relevant files: .claude/hooks/lint-edited.js, .claude/hooks/problems.js, .claude/settings.json

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { problemsOf } from '../../.claude/hooks/problems.js';
import { fromRoot, projectRoot } from '../../shared/lint/paths.js';

let folder = '';

// Inside the project, for only there its rules apply; .gitignore knows the name.
beforeAll(() => {
  folder = mkdtempSync(path.join(projectRoot, 'tests/lint/tmp-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Settings {
  hooks: { PostToolUse: { matcher: string; hooks: { command: string }[] }[] };
}

/** Runs the very command of .claude/settings.json, as the agent does after an edit of this file. */
function runHook(file: string): { code: number | null; said: string; printed: string } {
  const settings = JSON.parse(readFileSync(path.join(projectRoot, '.claude/settings.json'), 'utf8')) as Settings;
  const { status, stderr, stdout } = spawnSync('sh', ['-c', settings.hooks.PostToolUse[0]?.hooks[0]?.command ?? ''], {
    cwd: projectRoot,
    input: JSON.stringify({ hook_event_name: 'PostToolUse', tool_name: 'Write', tool_input: { file_path: file } }),
    env: { ...process.env, CLAUDE_PROJECT_DIR: projectRoot },
    encoding: 'utf8',
  });
  return { code: status, said: stderr, printed: stdout };
}

function write(name: string, body: string): string {
  const file = path.join(folder, name);
  const header = `${fromRoot(file)}\nPurpose: a test.\nWhy: to be linted.\nRelevant files: package.json`;
  const comment = name.endsWith('.html') ? `{# ${header} #}` : header.replace(/^/gm, '// ');
  writeFileSync(file, `${comment}\n\n${body}\n`);
  return file;
}

it('a bad script exits 2 and names line, reason and rule', () => {
  const file = write('bad.ts', "export const status = 'failed';\nvoid Promise.resolve<any>(status);");
  const { code, said } = runHook(file);
  expect(code).toBe(2);
  expect(said).toContain(`${fromRoot(file)}:6 Say RunStatus.Failed instead of 'failed'`);
  expect(said).toContain('(house/no-raw-status)');
  expect(said).toContain('(@typescript-eslint/no-explicit-any)');
});

// The hook reads the types of the whole project each time, seconds of processor time. What it says of scripts is therefore
// asked for in this process, which reads them once; that something said is an exit with 2 and nothing is silence, and
// that it is asked for the file of the event, is what the cases above and below run the command for.
it('of a good script it says nothing', async () => {
  expect(await problemsOf(write('good.ts', 'export const answer = 42;'))).toEqual([]);
});

it('of a script that cannot be parsed it says so', async () => {
  const said = await problemsOf(write('broken.ts', 'export const = ;'));
  expect(said.join('\n')).toContain('(cannot be parsed)');
});

it('of a script that is not formatted it says what to run', async () => {
  const file = write('ugly.ts', 'export   const answer = 42');
  expect(await problemsOf(file)).toEqual([
    `${fromRoot(file)} is not formatted: run npx prettier --write "${fromRoot(file)}"`,
  ]);
});

it('a template is checked for its header', () => {
  expect(runHook(write('good.html', '<p>Fine.</p>'))).toEqual({ code: 0, said: '', printed: '' });
  const file = path.join(folder, 'bad.html');
  writeFileSync(file, '<p>No header.</p>\n');
  const { code, said } = runHook(file);
  expect(code).toBe(2);
  expect(said).toContain('Line 2 of the header must be "Purpose: …"');
});

it.each(['/tmp/elsewhere.ts', path.join(projectRoot, 'node_modules/zod/index.js'), 'not/there.ts', ''])(
  'a file that is not ours or not there is none of its business: %s',
  (file) => {
    expect(runHook(file)).toEqual({ code: 0, said: '', printed: '' });
  },
);
