// shared/html-text.ts
// Purpose: text escaped for HTML, as templates do it by themselves.
// Why: what is drawn hundreds of times a page is written as text by a function, and must be as safe as in a template.
// Relevant files: runs/table/cell-html.ts, shared/http/pages.ts

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\\': '&#92;',
};

/** For text and attribute values. */
export function escapeHtml(text: string): string {
  return /[&<>"'\\]/.test(text) ? text.replace(/[&<>"'\\]/g, (one) => ENTITIES[one] ?? one) : text;
}
