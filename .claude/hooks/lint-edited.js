// .claude/hooks/lint-edited.js
// Purpose: after an agent's edit: checks that one file, and exits 2 with the problems so that the agent sees them.
// Why: a problem told at once is put right at once; the whole check comes later and costs more.
// Relevant files: .claude/hooks/problems.js, .claude/settings.json, tests/lint/hook.test.ts

import { text } from 'node:stream/consumers';
import { problemsOf } from './problems.js';

/** @type {{ tool_input?: { file_path?: string } }} */
const event = JSON.parse(await text(process.stdin));
const problems = await problemsOf(event.tool_input?.file_path ?? '');
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 2;
}
