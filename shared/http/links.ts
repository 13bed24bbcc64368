// shared/http/links.ts
// Purpose: links that keep the view: add, replace or remove query arguments.
// Why: the URL is the view; only these helpers build one.
// Relevant files: experiments/views.ts, runs/table/table-views.ts

export type QueryValue = string | number | readonly (string | number)[] | null | undefined;

/** `path` with `query`; empty and missing values are left out, lists repeat their name. */
export function link(path: string, query: Record<string, QueryValue> = {}): string {
  let text = '';
  for (const name in query) {
    const value = query[name];
    if (value === null || value === undefined || value === '') continue;
    if (typeof value === 'object')
      for (const one of value) text += one === '' ? '' : `&${name}=${encoded(String(one))}`;
    else text += `&${name}=${encoded(String(value))}`;
  }
  return text === '' ? path : `${path}?${text.slice(1)}`;
}

/** Letter by letter as URLSearchParams writes it, which takes ten times as long: a page has fifty links with the whole view in each. */
function encoded(text: string): string {
  if (/^[\w.*-]*$/.test(text)) return text;
  return encodeURIComponent(text.toWellFormed()).replace(/%20|[!'()~]/g, (one) => FORM[one] ?? one);
}

const FORM: Record<string, string> = { '%20': '+', '!': '%21', "'": '%27', '(': '%28', ')': '%29', '~': '%7E' };

/** The same as fields of a form: what it keeps of the view besides its own. */
export function hiddenFields(query: Record<string, QueryValue>): { name: string; value: string }[] {
  return [...new URL(link('/', query), 'http://tracker').searchParams].map(([name, value]) => ({ name, value }));
}

export interface PagerView {
  text: string;
  previous: string | null;
  next: string | null;
}

/** The links of page `page` (from 1) of `total` items; `shown` says what is counted: `runs`. */
export function showPager(
  { page, size, total, what }: { page: number; size: number; total: number; what: string },
  linkTo: (page: number) => string,
): PagerView {
  const from = Math.min(total, (page - 1) * size + 1);
  const to = Math.min(total, page * size);
  const count = (n: number): string => n.toLocaleString('en');
  const all = from <= 1 && to === total;
  return {
    text: all
      ? `${total > 1 ? 'All ' : ''}${count(total)} ${what}.`
      : `${count(from)} to ${count(to)} of ${count(total)} ${what}.`,
    previous: page > 1 ? linkTo(page - 1) : null,
    next: to < total ? linkTo(page + 1) : null,
  };
}
