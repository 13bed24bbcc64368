// runs/artifacts/artifact-kinds.ts
// Purpose: what an artifact is by its name: how it is sent to a browser, and what a preview can show of it.
// Why: a file from anybody must never run as a page of this site.
// Relevant files: runs/artifacts/artifact-routes.ts, runs/artifacts/artifact-preview.ts

import path from 'node:path';
import mime from 'mime-types';

/** Pictures that cannot script (SVG can). */
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']);

/** What browsers play. They fetch a part when somebody presses play, and run nothing of it. */
const SOUNDS = /^audio\/(mpeg|mp4|aac|ogg|flac|webm|wav|wave|x-wav|x-flac)$/;
const FILMS = /^video\/(mp4|webm|ogg)$/;

/** Text, though no `text/…` type says so. */
const TEXT_TYPES =
  /^text\/|^application\/(json5|(x-)?(yaml|toml|xml|sh|javascript|typescript|httpd-php|sql|tex|ndjson|jsonlines))$|\+xml$/;
const TEXT_NAMES =
  /(^|\/)(readme|license|requirements|makefile|dockerfile)$|\.(log|txt|md|rst|py|ipynb|jl|r|cfg|ini|conf|toml|ya?ml|jsonl|ndjson|sh|ts|tsx|tex|bib|sql|env|diff|patch|out|err)$/i;

export const PreviewKind = {
  Image: 'image',
  Audio: 'audio',
  Video: 'video',
  Json: 'json',
  Csv: 'csv',
  Text: 'text',
  None: 'none',
} as const;
export type PreviewKind = (typeof PreviewKind)[keyof typeof PreviewKind];

export function previewKind(name: string): PreviewKind {
  const type = mime.lookup(path.posix.basename(name)) || '';
  if (PICTURES.has(type)) return PreviewKind.Image;
  if (SOUNDS.test(type)) return PreviewKind.Audio;
  if (FILMS.test(type)) return PreviewKind.Video;
  if (type === 'application/json') return PreviewKind.Json;
  if (type === 'text/csv' || type === 'text/tab-separated-values') return PreviewKind.Csv;
  return isText(name, type) ? PreviewKind.Text : PreviewKind.None;
}

/** Shown by their address: nothing of them is read for a page. */
export function isMedia(kind: PreviewKind): kind is 'image' | 'audio' | 'video' {
  return kind === PreviewKind.Image || kind === PreviewKind.Audio || kind === PreviewKind.Video;
}

function isText(name: string, type: string): boolean {
  return type !== 'image/svg+xml' && (TEXT_TYPES.test(type) || TEXT_NAMES.test(name));
}

/** Headers for a browser: pictures, JSON and text are shown, text of every kind as plain text; the rest is a download. */
export function servedAs(name: string): { type: string; inline: boolean } {
  switch (previewKind(name)) {
    case PreviewKind.Image:
      return { type: mime.lookup(name) || 'application/octet-stream', inline: true };
    case PreviewKind.Json:
      return { type: 'application/json; charset=utf-8', inline: true };
    case PreviewKind.Csv:
    case PreviewKind.Text:
      return { type: 'text/plain; charset=utf-8', inline: true };
    // A page plays them by their address; by itself a browser's player is a page, which the answer's policy stops.
    case PreviewKind.Audio:
    case PreviewKind.Video:
    case PreviewKind.None:
      return { type: mime.lookup(name) || 'application/octet-stream', inline: false };
  }
}

/** RFC 6266, with the full name as RFC 8187 has it. */
export function disposition(name: string, inline: boolean): string {
  const file = path.posix.basename(name);
  const plain = file.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(file).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return `${inline ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
