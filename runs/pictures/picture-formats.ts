// runs/pictures/picture-formats.ts
// Purpose: the data behind a picture as CSV (every digit), Markdown and JSON.
// Why: who doubts a picture takes its numbers along; who cannot see it reads it.
// Relevant files: runs/pictures/picture.ts, shared/text-tables.ts, runs/pictures/picture-routes.ts

import { formatCount, formatNumber, plural } from '../../shared/format.ts';
import { csvLines } from '../../shared/csv.ts';
import { MARKDOWN, markdownTable } from '../../shared/text-tables.ts';
import type { PictureOut } from './picture-schemas.ts';
import type { PictureOf } from './pictures.ts';

/** A text of more rows is read by nobody. */
const ROWS_MAX = 1_000;

export function pictureCsv({ picture }: PictureOf): string {
  return csvLines([picture.columns, ...picture.rows]);
}

export function pictureMarkdown({ picture }: PictureOf): string {
  const { escape } = MARKDOWN;
  const { title, text, notes, said, figures, columns, rows } = picture;
  const shown = rows.slice(0, ROWS_MAX);
  const isNumber = columns.map((_, place) => rows.some((row) => typeof row[place] === 'number'));
  const cell = (value: number | string | null): string =>
    typeof value === 'number' ? escape(formatNumber(value)) : escape(value ?? '–');
  return [
    `# ${escape(title)}`,
    escape(text),
    ...notes.map((note) => `**${escape(note)}**`),
    ...said.map((line) => `- ${escape(line)}`),
    ...(figures.length > 0 ? [markdownTable({ head: ['figure', 'value'], rows: figures.map((one) => [escape(one.name), escape(one.text)]), texts: 1 })] : []),
    ...(rows.length > shown.length ? [`The first ${formatCount(shown.length)} of ${plural(rows.length, 'row')}; the CSV has all.`] : []),
    markdownTable({ head: columns.map(escape), rows: shown.map((row) => row.map(cell)), texts: 0, numbers: isNumber }),
  ].join('\n\n'); // prettier-ignore
}

export function pictureJson({ picture, runs }: PictureOf): PictureOut {
  const { kind, title, text, notes, said, figures, columns, rows } = picture;
  return {
    kind,
    title,
    text,
    said: [...notes, ...said],
    runs,
    figures: figures.map(({ name, value, text: shown }) => ({ name, value, text: shown })),
    columns,
    rows,
  };
}
