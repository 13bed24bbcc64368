// shared/http/kept-pages.ts
// Purpose: the last rendered pages by their ETag: the same tag is the same text, so it is made once for all who ask.
// Why: when something changes, everybody who has the page open asks for it at the same moment.
// Relevant files: shared/http/unchanged.ts, shared/http/pages.ts

/** Characters of all pages together, and of one: a page has 10,000 to 200,000. */
const ALL_MAX = 4_000_000;
const ONE_MAX = 1_000_000;

export class KeptPages {
  readonly #pages = new Map<string, string>();
  #length = 0;

  get(etag: string): string | undefined {
    return this.#pages.get(etag);
  }

  keep(etag: string, html: string): void {
    if (html.length > ONE_MAX || this.#pages.has(etag)) return;
    this.#pages.set(etag, html);
    this.#length += html.length;
    // The oldest first: most tags never come back.
    for (const [oldest, { length }] of this.#pages) {
      if (this.#length <= ALL_MAX) break;
      this.#pages.delete(oldest);
      this.#length -= length;
    }
  }
}
