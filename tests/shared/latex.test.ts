// tests/shared/latex.test.ts
// Purpose: any text in a table of ours compiles with pdfLaTeX; what means something to LaTeX or Markdown is escaped.
// Why: people copy tables into papers; a name with `%` or `日本` must not be why one does not compile.
// Relevant files: shared/latex-text.ts, shared/text-tables.ts, tests/support/latex.ts

import { expect, it } from 'vitest';
import { latexText } from '../../shared/latex-text.ts';
import { LATEX, latexTable, MARKDOWN, markdownTable } from '../../shared/text-tables.ts';
import { faultsInLatex } from '../support/latex.ts';
import { randomFrom } from '../support/random.ts';

const HOSTILE = [
  ...['100% of_it & #1 $x$ {a} \\b ~c ^d <e> |f| `g`', '--', '---', "''", '"quoted"', '!`?`', '[0.1, 0.2]', '*', '\\\\', '\\input{x}'],
  ...['±−∞×≤≥≈≠→²µαβλΩ', 'é ñ ü ß ø Å Œ ł ş ő', '日本語', 'привет', '🙂 ok 🙂', 'a\u0000b\u200b\u202ec', 'e\u0301', '\ud800', ''],
]; // prettier-ignore

it('escapes what means something there, and names what has no glyph', () => {
  expect(latexText('a_b 50% & #1 $ {x} \\n ~ ^ <|>')).toBe(
    'a\\_b 50\\% \\& \\#1 \\$ \\{x\\} \\textbackslash{}n \\textasciitilde{} \\textasciicircum{} \\textless{}\\textbar{}\\textgreater{}',
  );
  expect(latexText('−1 ± ∞ α')).toBe('$-$1 $\\pm$ $\\infty$ $\\alpha$');
  expect(latexText('e\u0301 日本 x')).toBe('é [U+65E5 U+672C] x');
  expect(latexText('a--b')).toBe('a-{}-b');
});

it('hostile texts compile at every place of a table', () => {
  const cells = HOSTILE.map(LATEX.escape);
  const rows = cells.map((cell) => [cell, LATEX.bold(cell), `0.9 ${LATEX.plusMinus} 0.1 (3)`]);
  const tex = latexTable({ head: ['[lr]', `acc${LATEX.up}`, `loss${LATEX.down}`], rows, texts: 2 }, ['% of\nlines 日本 é']);
  expect(faultsInLatex(tex)).toEqual([]);
}); // prettier-ignore

it('so does every character that is a letter or sign to us, and random text', () => {
  const random = randomFrom(3);
  const all = Array.from({ length: 0x3000 - 0x20 }, (_, i) => String.fromCodePoint(i + 0x20));
  const lines = [];
  for (let from = 0; from < all.length; from += 24) lines.push(all.slice(from, from + 24).join(''));
  for (let i = 0; i < 100; i++) {
    const signs = Array.from({ length: 30 }, () => HOSTILE.join('').charAt(Math.floor(random() * HOSTILE.join('').length)));
    lines.push(signs.join(''));
  }
  expect(faultsInLatex(lines.map(latexText).join('\n\n'))).toEqual([]);
}); // prettier-ignore

it('Markdown: bars, formulas, entities and markup are text', () => {
  expect(MARKDOWN.escape('a|b $x$ &lt; & *y* <b> ~~z~~')).toBe(
    'a\\|b \\$x\\$ \\&lt; & \\*y\\* \\<b\\> \\~\\~z\\~\\~',
  );
  expect(markdownTable({ head: ['a', 'b'], rows: [['1', '2']], texts: 1 })).toBe('| a | b |\n| --- | ---: |\n| 1 | 2 |\n');
}); // prettier-ignore
