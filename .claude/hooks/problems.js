// .claude/hooks/problems.js
// Purpose: what is wrong with one file: ESLint's rules, its header, its layout.
// Why: apart from the hook that says it, several files can be asked for in one process, which reads the project's types once.
// Relevant files: .claude/hooks/lint-edited.js, eslint.config.js, shared/lint/header.js, tests/lint/hook.test.ts

import { existsSync, readFileSync } from 'node:fs';
import { headerProblems, needsHeader } from '../../shared/lint/header.js';
import { fromRoot, projectRoot } from '../../shared/lint/paths.js';

/**
 * One line for each; nothing of a file that is not ours or not there.
 * @param {string} file absolute path
 * @returns {Promise<string[]>}
 */
export async function problemsOf(file) {
  if (!isOurs(file)) return [];
  const isScript = /\.[cm]?[jt]s$/.test(file);
  return [...(isScript ? await lint(file) : header(file)), ...(await layout(file))];
}

/** @type {(file: string) => boolean} */
function isOurs(file) {
  const named = fromRoot(file);
  const elsewhere = file === '' || named.startsWith('..') || named.startsWith('node_modules/');
  return !elsewhere && existsSync(file) && existsSync(`${projectRoot}/node_modules/eslint`);
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
