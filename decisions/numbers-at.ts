// decisions/numbers-at.ts
// Purpose: what a page of this tracker says right now, as its JSON.
// Why: a decision keeps the numbers that it stands on, whatever page they are from, exactly as that page gives them.
// Relevant files: decisions/routes.ts, decisions/pages.ts

import { link } from '../shared/http/links.ts';
import type { App } from '../shared/http/types.ts';

/** Pages of a few numbers with a `.json` beside them. An experiment's own is an export of everything. */
const WITH_NUMBERS = /^\/experiments\/\d+\/(?:conclusions|groups|pivot)$/;

/** Longer answers are not kept: the address leads to them. */
const KEPT_MAX = 500_000;

/** '' where the page has none, or does not answer. */
export async function numbersAt(app: App, url: string, host: string): Promise<string> {
  const asked = dataOf(url);
  if (asked === null) return '';
  const answer = await app.inject({ url: asked, headers: { host } });
  return answer.statusCode === 200 && answer.payload.length <= KEPT_MAX ? answer.payload : '';
}

/** What of a comparison's address says what is compared; the rest is how it is drawn. */
const COMPARED = ['run', 'group', 'experiment', 'where'];

/** Where a page's data is. */
function dataOf(url: string): string | null {
  const { pathname, search, searchParams } = new URL(url, 'http://tracker');
  if (WITH_NUMBERS.test(pathname)) return `${pathname}.json${search}`;
  if (pathname !== '/compare') return null;
  return link('/api/compare', Object.fromEntries(COMPARED.map((name) => [name, searchParams.getAll(name)])));
}
