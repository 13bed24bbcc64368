// runs/compare/text-diff.ts
// Purpose: two texts line by line: what is gone, what is new, what stayed; JSON is laid out first.
// Why: a config of two hundred lines that differs in one is read at that line, not side by side.
// Relevant files: runs/compare/diff-views.ts

export const Kind = { Same: 'same', Gone: 'gone', New: 'new' } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export interface DiffLine {
  kind: Kind;
  text: string;
}

/** Beyond so many lines (after what is equal at both ends) texts are shown as gone and new as a whole. */
const LINES_MAX = 1_500;

/** The longest common subsequence (Hirschberg's table, O(n·m)) of the lines between what is equal at both ends. */
export function diffOf(before: string, after: string): DiffLine[] {
  const split = before === '' || after === '' ? wholeLines : linesIn;
  const [a, b] = [split(before), split(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const same = (lines: string[]): DiffLine[] => lines.map((text) => ({ kind: Kind.Same, text }));
  return [
    ...same(a.slice(0, start)),
    ...middleOf(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ];
}

function middleOf(a: string[], b: string[]): DiffLine[] {
  const gone = (text = ''): DiffLine => ({ kind: Kind.Gone, text });
  const fresh = (text = ''): DiffLine => ({ kind: Kind.New, text });
  if (a.length > LINES_MAX || b.length > LINES_MAX) return [...a.map(gone), ...b.map(fresh)];
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const [down, right] = [common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0];
      common[i * width + j] = a[i] === b[j] ? (common[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(down, right);
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: Kind.Same, text: a[i] ?? '' });
      [i, j] = [i + 1, j + 1];
    } else if (
      j >= b.length ||
      (i < a.length && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    )
      lines.push(gone(a[i++]));
    else lines.push(fresh(b[j++]));
  }
  return lines;
}

/** JSON and Python-like nested values one entry a line, keys in order; one long line by its words. */
function linesIn(text: string): string[] {
  const laidOut = asJson(text);
  if (laidOut !== null) return laidOut.split('\n');
  return text.includes('\n') ? text.replace(/\r/g, '').split('\n') : text.split(/(?<=[\s,;])(?=\S)/);
}

/** Beside an empty text there is nothing to be told apart word by word. */
function wholeLines(text: string): string[] {
  return text === '' ? [] : (asJson(text) ?? text.replace(/\r/g, '')).split('\n');
}

function asJson(text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.stringify(sorted(JSON.parse(text)), null, 2);
  } catch {
    return null;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
