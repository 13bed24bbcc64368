// runs/artifacts/artifact-preview.ts
// Purpose: what a page shows of an artifact: the address of a picture, sound or film, the beginning of a text, JSON laid out, a CSV as rows.
// Why: a look should not need a download, and must cost the same however large the file is.
// Relevant files: runs/artifacts/artifact-page.ts, runs/artifacts/artifact-kinds.ts, runs/artifacts/contents.ts

import { addAbortSignal } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { readNumber } from '../../shared/cells.ts';
import { JSON_DEPTH_MAX, measureJson } from '../../shared/json-measure.ts';
import { isMedia, previewKind, PreviewKind } from './artifact-kinds.ts';
import type { ArtifactFile } from './artifact-queries.ts';
import type { Contents } from './contents.ts';

/** Bytes that are read and how long a page waits for them; the rows and columns of a CSV that are shown. */
export const PREVIEW = { bytes: 64 * 1024, ms: 3_000, rows: 50, columns: 20 } as const;

export type Preview =
  | { kind: 'image' | 'audio' | 'video'; src: string }
  /** `cut`: the file goes on. */
  | { kind: 'text' | 'json'; text: string; cut: boolean }
  /** `numbers`: which columns hold numbers only, where any does; `of`: rows and columns of the whole file, where it was read. */
  | {
      kind: 'csv';
      header: string[];
      rows: string[][];
      cut: boolean;
      numbers?: boolean[];
      of?: { rows: number; columns: number };
    }
  | { kind: 'none' };

/** Whose file it is. */
export type Owner = { run_id: string } | { model_id: string };
export type OwnedFile = ArtifactFile & Owner;

/** Where an artifact's contents are; names are escaped folder by folder. */
export function contentsUrl(file: Pick<ArtifactFile, 'path'> & Owner): string {
  return `/api${pageUrl(file)}`;
}

/** The page that shows it. */
export function pageUrl({ path, ...owner }: Pick<ArtifactFile, 'path'> & Owner): string {
  const place = 'run_id' in owner ? `/runs/${owner.run_id}` : `/logged-models/${owner.model_id}`;
  return `${place}/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** Errors: those of `Contents.open`. */
export async function previewArtifact(contents: Contents, row: OwnedFile): Promise<Preview> {
  const kind = previewKind(row.path);
  if (kind === PreviewKind.None) return { kind: 'none' };
  if (isMedia(kind)) return { kind, src: contentsUrl(row) };
  const cut = row.size > PREVIEW.bytes;
  const text = await readBeginning(contents, row);
  if (text === undefined) return { kind: 'none' };
  if (kind === PreviewKind.Json) return showJson(text, cut);
  const delimiter = /\.tsv$/i.test(row.path) ? '\t' : ',';
  return (kind === PreviewKind.Csv && showCsv(text, cut, delimiter)) || { kind: 'text', text, cut };
}

/** The first 64 KiB as UTF-8, never half a character; undefined for what is not text after all. */
async function readBeginning(contents: Contents, row: ArtifactFile): Promise<string | undefined> {
  if (row.size === 0) return '';
  const end = Math.min(row.size, PREVIEW.bytes) - 1;
  const signal = AbortSignal.timeout(PREVIEW.ms);
  const stream = addAbortSignal(signal, await contents.open(row.sha256, { range: { start: 0, end }, signal }));
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  // As a stream, the decoder holds back a character whose end is beyond the cut.
  const text = new TextDecoder().decode(Buffer.concat(chunks), { stream: end + 1 < row.size });
  return text.includes('\0') ? undefined : text;
}

function showJson(text: string, cut: boolean): Preview {
  if (cut || !canBeLaidOut(text)) return { kind: 'text', text, cut };
  try {
    const laidOut = JSON.stringify(JSON.parse(text), null, 2);
    return { kind: 'json', text: sameNumbers(text, laidOut) ? laidOut : text, cut };
  } catch {
    return { kind: 'text', text, cut };
  }
}

/** Indentation grows with depth × items: 60 kB of brackets would become 180 MB. */
function canBeLaidOut(text: string): boolean {
  const { depth, laidOut } = measureJson(text);
  return depth <= JSON_DEPTH_MAX && laidOut <= 4 * text.length + 10_000;
}

/** Laying out goes through doubles: where that would show other digits (large ids), the text stays as it is. */
function sameNumbers(before: string, after: string): boolean {
  const digits = (text: string): string => text.replace(/[^0-9]/g, '');
  return digits(before) === digits(after);
}

/** Undefined when it is no CSV after all: it is shown as text then. */
function showCsv(text: string, cut: boolean, delimiter: string): Preview | undefined {
  // The last line of a cut file may be half a row.
  const whole = cut ? text.slice(0, text.lastIndexOf('\n') + 1) : text;
  try {
    const rows: string[][] = parse(whole, { delimiter, bom: true, relax_column_count: false, skip_empty_lines: true });
    const [header = [], ...body] = rows.map((row) => row.slice(0, PREVIEW.columns));
    if (header.length === 0) return undefined;
    const of = { rows: body.length, columns: rows[0]?.length ?? 0 };
    const more = of.rows > PREVIEW.rows || of.columns > PREVIEW.columns;
    const shown = body.slice(0, PREVIEW.rows);
    const numbers = header.map((_, column) => isNumeric(shown.map((row) => row[column] ?? '')));
    return {
      ...{ kind: 'csv', header, rows: shown, cut: cut || more },
      ...(numbers.includes(true) && { numbers }),
      ...(more && !cut && { of }),
    };
  } catch {
    return undefined;
  }
}

/** Numbers and gaps, and at least one number. */
function isNumeric(cells: readonly string[]): boolean {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  return filled.length > 0 && filled.every((cell) => readNumber(cell) !== undefined);
}
