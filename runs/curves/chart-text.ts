// runs/curves/chart-text.ts
// Purpose: text in an SVG: escaped, and how wide it will be.
// Why: names and keys are any Unicode; labels must neither break the markup nor each other.
// Relevant files: runs/curves/chart-svg.ts, runs/curves/chart-line.ts

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text and attribute values. Characters that XML 1.0 does not have become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one)
    .replace(FORBIDDEN, '\uFFFD');
}

// eslint-disable-next-line no-control-regex -- exactly the characters outside XML 1.0's Char production
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** About how wide `text` is at 11 px, rather too wide than too narrow: no font is at hand on the server. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, one) => sum + (/[.,:; ]/.test(one) ? 3.8 : 7), 0);
}
