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
export function rowMarks(count: number, width: number): string {
  const row = `(${Array(width).fill('?').join(', ')})`;
  return Array(count).fill(row).join(', ');
}
