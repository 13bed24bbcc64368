// shared/bidi.ts
// Purpose: keeps names that are written from right to left from turning the rest of a sentence.
// Why: in "ריצה 12 and b" the number and the "and" would change places; sentences are made as plain text, names and all.
// Relevant files: shared/http/pages.ts, runs/templates/conclusions.html, runs/templates/compare.html, shared/static/app.css

/** Letters of Hebrew, Arabic and their neighbours, and all that lies between two of them but letters of other scripts. */
const RTL = '[\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}]';
const TURNED = new RegExp(`${RTL}(?:[^\\p{L}\\p{N}]*${RTL})*`, 'gu');
/** Invisible marks that turn all that follows, until another one ends them. */
const MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Each stretch of such letters isolated (FSI … PDI, as `<bdi>` does it); a text without any as it is. */
export function isolated(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  return text.replace(MARKS, '').replace(TURNED, '\u2068$&\u2069');
}
