// shared/setup/latex.js
// Purpose: finds pdfLaTeX with booktabs for the tests, and installs it on Debian-like systems when it is not there.
// Why: that our tables compile is tried with the program that sets papers.
// Relevant files: shared/setup/run-tests.js, shared/setup/debian.js, tests/support/latex.ts

import { spawnSync } from 'node:child_process';
import { installDebian } from './debian.js';

/** 41 s and 80 MB on a machine that has none of it. */
const PACKAGES = ['texlive-latex-base', 'texlive-latex-recommended'];

/** @type {() => void} */
export function ensureLatex() {
  if (hasBooktabs()) return;
  installDebian(PACKAGES, 'LaTeX', 'Install pdflatex with the package booktabs, then run npm test again.');
}

/** @type {() => boolean} */
function hasBooktabs() {
  return spawnSync('kpsewhich', ['booktabs.sty'], { encoding: 'utf8' }).stdout?.trim().length > 0;
}
