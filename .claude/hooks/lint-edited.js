// .claude/hooks/lint-edited.js
// Purpose: after an agent's edit: checks that one file, and exits 2 with the problems so that the agent sees them.
// Why: a problem told at once is put right at once; the whole check comes later and costs more.
// Relevant files: .claude/settings.json, eslint.config.js, shared/lint/header.js, tests/lint/hook.test.ts

import { existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { headerProblems, needsHeader } from '../../shared/lint/header.js';
import { fromRoot, projectRoot } from '../../shared/lint/paths.js';

/** @type {{ tool_input?: { file_path?: string } }} */
const event = JSON.parse(await text(process.stdin));
const file = event.tool_input?.file_path ?? '';
const problems = isOurs(file) ? await problemsOf(file) : [];
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 2;
}

/** @type {(file: string) => boolean} */
function isOurs(file) {
  const named = fromRoot(file);
  const elsewhere = file === '' || named.startsWith('..') || named.startsWith('node_modules/');
  return !elsewhere && existsSync(file) && existsSync(`${projectRoot}/node_modules/eslint`);
}

/** @type {(file: string) => Promise<string[]>} */
async function problemsOf(file) {
  const isScript = /\.[cm]?[jt]s$/.test(file);
  return [...(isScript ? await lint(file) : header(file)), ...(await layout(file))];
}

/** @type {(file: string) => Promise<string[]>} */
async function lint(file) {
  const { ESLint } = await import('eslint');
  const eslint = new ESLint({ cwd: projectRoot });
  if (await eslint.isPathIgnored(file)) return [];
  const [result] = await eslint.lintFiles([file]);
  return (result?.messages ?? []).map(
    ({ line, message, ruleId }) => `${fromRoot(file)}:${line} ${message} (${ruleId ?? 'cannot be parsed'})`,
  );
}

/** @type {(file: string) => string[]} */
function header(file) {
  const source = readFileSync(file, 'utf8');
  if (!needsHeader(fromRoot(file), source)) return [];
  return headerProblems(fromRoot(file), source).map(({ line, message }) => `${fromRoot(file)}:${line} ${message}`);
}

/** @type {(file: string) => Promise<string[]>} */
async function layout(file) {
  const prettier = await import('prettier');
  const { ignored, inferredParser } = await prettier.getFileInfo(file, {
    ignorePath: `${projectRoot}/.prettierignore`,
  });
  if (ignored || !inferredParser) return [];
  const options = { ...(await prettier.resolveConfig(file)), filepath: file };
  const isFine = await prettier.check(readFileSync(file, 'utf8'), options).catch(() => true); // ESLint says why
  return isFine ? [] : [`${fromRoot(file)} is not formatted: run npx prettier --write "${fromRoot(file)}"`];
}
