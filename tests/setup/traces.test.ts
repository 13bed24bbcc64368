// tests/setup/traces.test.ts
// Purpose: an error of the compiled tracker is traced to the line of the source that threw it.
// Why: whoever reports a fault sends a trace; lines of the compiled files would say nothing.
// Relevant files: shared/setup/traces.js, shared/setup/compiled.js

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { compiledEntry } from '../../shared/setup/compiled.js';
import { projectRoot } from '../../shared/setup/root.js';

it('names file and line of the source', async () => {
  const entry = await compiledEntry();
  const traces = path.join(projectRoot, 'shared/setup/traces.js');
  // In a process of its own: how traces are written is a property of the whole process.
  const script = `
    const { traceSources } = await import(${JSON.stringify(traces)});
    traceSources(new URL('.', ${JSON.stringify(entry)}).href);
    const { startServer } = await import(${JSON.stringify(entry)});
    await startServer(undefined).catch((error) => console.log(error.stack));`;
  const stack = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const [, line = ''] = /^ {4}at .*\(?\S*\/manage\.ts:(\d+):\d+\)?$/m.exec(stack) ?? [stack];
  const source = readFileSync(path.join(projectRoot, 'manage.ts'), 'utf8').split('\n');
  expect(source[Number(line) - 1], stack).toContain('settings');
  expect(stack).toMatch(/^TypeError: /);
});
