// decisions/numbers-at.ts
// Purpose: what a page of this tracker says right now, as its JSON.
// Why: a decision keeps the numbers that it stands on, whatever page they are from, exactly as that page gives them.
// Relevant files: decisions/routes.ts, decisions/pages.ts

import type { App } from '../shared/http/types.ts';

/** Pages of a few numbers with a `.json` beside them. An experiment's own is an export of everything. */
const WITH_NUMBERS = /^(\/experiments\/\d+\/(?:conclusions|groups|pivot)|\/compare)(\?[^#]*)?(?:#.*)?$/;

/** Longer answers are not kept: the address leads to them. */
const KEPT_MAX = 500_000;

/** '' where the page has none, or does not answer. */
export async function numbersAt(app: App, url: string, host: string): Promise<string> {
  const [, path, query = ''] = WITH_NUMBERS.exec(url) ?? [];
  if (path === undefined) return '';
  const answer = await app.inject({ url: `${path}.json${query}`, headers: { host } });
  return answer.statusCode === 200 && answer.payload.length <= KEPT_MAX ? answer.payload : '';
}
