// exports/file-names.ts
// Purpose: the name a download is saved under: what, which table, which day.
// Why: names come from people in any script; every browser and file system must take them.
// Relevant files: exports/catalogue.ts, exports/routes.ts

/** Characters of a name's slug: file systems stop at 255 bytes, and table, day and ending come after it. */
const SLUG_MAX = 60;

/** Letters and digits of any script, `.` and `_` inside; everything else becomes one `-`. `fallback` when nothing is left. */
export function slug(text: string, fallback: string): string {
  const dashed = text.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}._]+/gu, '-');
  const cut = [...dashed].slice(0, SLUG_MAX).join('');
  return cut.replace(/^[-._]+|[-._]+$/g, '') || fallback;
}

/** `digits-mlp-runs-2026-11-23.csv` */
export function datedName(stem: string, format: string, now: number): string {
  return `${stem}-${new Date(now).toISOString().slice(0, 10)}.${format}`;
}

/** RFC 6266: an ASCII name for old clients, the exact one in UTF-8 (RFC 8187) for all others. */
export function attachment(fileName: string): string {
  const ascii = fileName
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-+/, '');
  const exact = encodeURIComponent(fileName).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${exact}`;
}
