// shared/db/marks.ts
// Purpose: marks for lists of bound values in SQL text: `in (?, ?)`, `values (?, ?), (?, ?)`.
// Why: a statement that is asked for each request is prepared once, so its text must come in few shapes.
// Relevant files: shared/db/store.ts, runs/ingest.ts, tags/queries.ts, tags/changes.ts

/** Lists longer than this are as long as they are: databases take some ten thousand bound values. */
const PADDED_MAX = 4_096;

/** A power of two of marks, the last value again and again. The list is not empty. */
export function inMarks<T>(list: readonly T[]): { marks: string; values: T[] } {
  const width = list.length > PADDED_MAX ? list.length : 2 ** Math.ceil(Math.log2(list.length));
  const values = Array.from({ length: width }, (_, i) => list[Math.min(i, list.length - 1)] as T);
  return { marks: values.map(() => '?').join(', '), values };
}

/** `count` rows of `width` values. */
function rowMarks(count: number, width: number): string {
  const row = `(${Array(width).fill('?').join(', ')})`;
  return Array(count).fill(row).join(', ');
}

/** Longer inserts are rare, and what is made for one is small beside it. */
const KEPT_ROWS_MAX = 64;

/** `head values (?, ?), (?, ?) tail` by its number of rows. Made once: its statement is found again by the same text, unread. */
export function rowTexts(head: string, width: number, tail = ''): (count: number) => string {
  const texts = new Map<number, string>();
  return (count) => {
    const known = texts.get(count);
    if (known !== undefined) return known;
    const text = `${head} values ${rowMarks(count, width)} ${tail}`;
    if (count <= KEPT_ROWS_MAX) texts.set(count, text);
    return text;
  };
}
