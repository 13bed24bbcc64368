// tests/bench/quick.test.ts
// Purpose: `npm run bench -- --quick` measures every section with small data, gives a figure in every row and exits 0.
// Why: a bench that has rotted is found when somebody needs it; no timing decides here.
// Relevant files: bench/main.ts, shared/setup/bench.js

import { execFile } from 'node:child_process';
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { projectRoot } from '../../shared/setup/root.js';
import { freshFolder } from '../support/tracker.ts';

async function bench(folder: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { PEERS: _, ...env } = process.env;
  const script = path.join(projectRoot, 'shared/setup/bench.js');
  try {
    return {
      code: 0,
      ...(await promisify(execFile)(process.execPath, [script, ...args], { env: { ...env, TMPDIR: folder } })),
    };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

/** Cells of the lines of tables, without heads and rules. */
function linesOf(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\|\s+\| what /.test(line) && !/^\| page /.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

it('every section gives a figure in every row, each must-show has its line, and nothing is left behind', async () => {
  const folder = freshFolder();
  chmodSync(folder, 0o755); // PostgreSQL runs as another user when the tests run as root
  const { code, stdout, stderr } = await bench(folder, '--quick');
  expect(code, stderr).toBe(0);
  const sections = stdout.split(/^## /m).slice(1);
  expect(sections.map((text) => text.split('\n')[0])).toEqual([
    'Ingest',
    'Runs',
    'Curves and history',
    'With 10 million points',
    'Start, rest and first visit',
    'Growth',
    'Run table, groups and pivot',
    'Comparing runs',
    'Through MLflow’s API',
    'Two processes on PostgreSQL',
  ]);
  for (const section of sections) {
    const rows = linesOf(section.split('\n\n')[1] ?? '');
    expect(rows.length, section).toBeGreaterThan(1);
    for (const cells of rows) expect(cells[3], cells.join('|')).toMatch(/^[\d,.]+$/);
  }
  const numbers = new Set(linesOf(stdout).map(([, number]) => number));
  for (const must of ['1.', '2.', '3.', '4.', '5.', '6.', '7.']) expect(numbers).toContain(must);
  expect(readdirSync(folder).filter((name) => name.startsWith('tracker-'))).toEqual([]);
  rmSync(folder, { recursive: true });
});

it('says which sections there are when it is asked for another', async () => {
  const { code, stderr } = await bench(tmpdir(), 'speed');
  expect(code).toBe(1);
  expect(stderr).toContain('ingest');
});
