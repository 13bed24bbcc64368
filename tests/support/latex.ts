// tests/support/latex.ts
// Purpose: compiles a piece of LaTeX inside a minimal article with booktabs.
// Why: whether a table can be put into a paper is said by pdfLaTeX and nobody else.
// Relevant files: shared/setup/latex.js, tests/shared/latex.test.ts

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What pdfLaTeX complains of: errors, and characters that its fonts do not have; asked for, also lines wider than the page. Nothing: there is a PDF. */
export function faultsInLatex(body: string, isToFit = false): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'tracker-latex-'));
  try {
    const article = `\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n${body}\n\\end{document}\n`;
    writeFileSync(path.join(folder, 'paper.tex'), article);
    const { error } = spawnSync('pdflatex', ['-interaction=nonstopmode', '-no-shell-escape', 'paper.tex'], {
      cwd: folder,
    });
    if (error) throw error;
    const log = readFileSync(path.join(folder, 'paper.log'), 'latin1');
    const told = isToFit ? /^(!|Missing character|Overfull).*(\n.*){0,3}/gm : /^(!|Missing character).*(\n.*){0,3}/gm;
    const faults = log.match(told) ?? [];
    return existsSync(path.join(folder, 'paper.pdf')) ? faults : [...faults, 'there is no PDF'];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
