// shared/latex-text.ts
// Purpose: any text as LaTeX that pdfLaTeX sets with nothing but its own fonts.
// Why: names come from people: `%`, `_`, `--`, `日本`. None may break a paper, or look like another.
// Relevant files: shared/text-tables.ts, tests/shared/latex.test.ts

const SIGNS: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '`': '\\textasciigrave{}',
  '–': '--',
  '—': '---',
  '‘': '`',
  '’': "'",
  '“': '``',
  '”': "''",
  '…': '\\ldots{}',
  '·': '\\textperiodcentered{}',
  '•': '\\textbullet{}',
  '§': '\\S{}',
  '©': '\\textcopyright{}',
  '°': '\\textdegree{}',
  '€': '\\texteuro{}',
  '£': '\\pounds{}',
  '¡': '!`',
  '¿': '?`',
};

/** What stands in formulas, as the command of one. */
const MATHS: Record<string, string> = {
  ...{ '−': '-', '±': '\\pm', '×': '\\times', '÷': '\\div', '∞': '\\infty', '≤': '\\le', '≥': '\\ge', '≠': '\\ne' },
  ...{ '≈': '\\approx', '√': '\\surd', '∑': '\\sum', '∏': '\\prod', '∂': '\\partial', '∇': '\\nabla', '∈': '\\in' },
  ...{ '→': '\\rightarrow', '←': '\\leftarrow', '↑': '\\uparrow', '↓': '\\downarrow', '↔': '\\leftrightarrow' },
  ...{ '²': '^2', '³': '^3', '¹': '^1', '½': '\\frac12', '⋅': '\\cdot', '∗': '\\ast', '∼': '\\sim', '∝': '\\propto' },
  ...{ α: '\\alpha', β: '\\beta', γ: '\\gamma', δ: '\\delta', ε: '\\varepsilon', ζ: '\\zeta', η: '\\eta' },
  ...{ θ: '\\theta', ι: '\\iota', κ: '\\kappa', λ: '\\lambda', μ: '\\mu', µ: '\\mu', ν: '\\nu', ξ: '\\xi', π: '\\pi' },
  ...{ ρ: '\\rho', σ: '\\sigma', τ: '\\tau', υ: '\\upsilon', φ: '\\varphi', χ: '\\chi', ψ: '\\psi', ω: '\\omega' },
  ...{ Γ: '\\Gamma', Δ: '\\Delta', Θ: '\\Theta', Λ: '\\Lambda', Ξ: '\\Xi', Π: '\\Pi', Σ: '\\Sigma', Φ: '\\Phi' },
  ...{ Ψ: '\\Psi', Ω: '\\Omega' },
}; // prettier-ignore

/** Letters that pdfLaTeX knows as they are, in every encoding of its fonts. */
const LETTERS =
  'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ' +
  'ĀāĂăĆćĈĉĊċČčĎďĒēĔĕĖėĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŴŵŶŷŸŹźŻżŽž';

const PLAIN = new RegExp(`^[ -~${LETTERS}]$`, 'u');

/** Characters without a glyph there are named by their numbers: `[U+65E5 U+672C]`. */
export function latexText(text: string): string {
  let out = '';
  let unknown: string[] = [];
  const close = (): void => {
    if (unknown.length > 0) out += `[${unknown.join(' ')}]`;
    unknown = [];
  };
  for (const sign of text.normalize('NFC').replace(/\s+/g, ' ')) {
    const known = latexSign(sign);
    if (known === undefined) unknown.push(`U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
    else {
      close();
      // Two of these would be drawn as one: a dash, a closing quote.
      out += (known === '-' || known === "'") && out.endsWith(known) ? `{}${known}` : known;
    }
  }
  close();
  return out;
} // prettier-ignore

function latexSign(sign: string): string | undefined {
  const math = MATHS[sign];
  if (math !== undefined) return `$${math}$`;
  if (SIGNS[sign] !== undefined) return SIGNS[sign];
  if (/[#$%&_{}]/.test(sign)) return `\\${sign}`;
  return PLAIN.test(sign) ? sign : undefined;
}
