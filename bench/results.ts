// bench/results.ts
// Purpose: keeps what was measured in bench/RESULTS.md, section by section, each with its date and machine.
// Why: a section can be measured again without the others; what must be shown is listed at the top.
// Relevant files: bench/main.ts, bench/report.ts, bench/README.md

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../shared/setup/root.js';
import { markdown } from './report.ts';

const FILE = path.join(projectRoot, 'bench/RESULTS.md');
const HEAD = `# Results

Written by \`npm run bench -- --write\`; how to read it: [README.md](README.md). Ratios count, absolute figures do not.
`;
const MUST = 'Must show';

/** `order`: the titles of all sections. */
export function keepResult(title: string, text: string, order: string[]): void {
  const sections = new Map(existsSync(FILE) ? sectionsOf(readFileSync(FILE, 'utf8')) : []);
  sections.set(title, `${stamp()}\n\n${text}\n`);
  const kept = order.flatMap((one) => (sections.has(one) ? [`## ${one}\n\n${sections.get(one)}`] : []));
  writeFileSync(FILE, [HEAD, `## ${MUST}\n\n${mustShow(kept.join('\n'))}\n`, ...kept].join('\n'));
}

function sectionsOf(text: string): [title: string, text: string][] {
  return [...text.matchAll(/^## (.+)\n\n([^]*?)(?=\n## |$(?![^]))/gm)].map(([, title = '', body = '']) => [
    title,
    body,
  ]);
}

/** The rows with a number in front, in its order. */
function mustShow(text: string): string {
  const lines = [...text.matchAll(/^\| (\d\.) +\|.*$/gm)].map(([line]) => line.split('|').map((cell) => cell.trim()));
  const rows = lines.map((cells) => [cells[1] ?? '', cells[2] ?? '', cells.at(-3) ?? '', cells.at(-2) ?? '']);
  return markdown([
    ['', 'what', 'to reach', 'reached'],
    ...rows.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)),
  ]);
}

function stamp(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: projectRoot, encoding: 'utf8' }).trim();
  const cpus = os.cpus();
  const machine = `${cpus.length} × ${cpus[0]?.model ?? 'unknown processor'}, ${Math.round(os.totalmem() / 1024 ** 3)} GiB`;
  const busy = `load ${os.loadavg()[1]?.toFixed(1) ?? '?'} over five minutes`;
  return `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commit}, ${machine}, ${os.type()} ${os.release()}, Node ${process.versions.node}, ${busy}.`;
}
