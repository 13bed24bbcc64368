// tests/support/crawl.ts
// Purpose: follows every link, every resource and every GET form of the pages, as a browser without scripts would.
// Why: a dead link is found by following it.
// Relevant files: tests/browser/pages.test.ts, tests/support/html.ts

import { faultsOf, tagsOf } from './html.ts';

export interface Crawl {
  /** Addresses that were asked for, with what came back. */
  visited: Map<string, { status: number; type: string; from: string }>;
  /** `address (linked from page): what is wrong` */
  faults: string[];
}

/** Views of one kind (same path, same query names) that are read and whose links are followed; all others must answer. */
const VIEWS_READ = 2;

/** A view with more settings than this leads to combinations of what was read already. */
const SETTINGS_READ = 2;

const AT_ONCE = 4;

export async function crawl(origin: string, start: string): Promise<Crawl> {
  const visited: Crawl['visited'] = new Map();
  const faults: string[] = [];
  const kinds = new Map<string, number>();
  const waiting: { path: string; from: string }[] = [{ path: start, from: '' }];
  const known = new Set([start]);

  const visit = async ({ path, from }: { path: string; from: string }): Promise<void> => {
    const response = await fetch(origin + path, { headers: { accept: 'text/html' }, redirect: 'follow' });
    const type = response.headers.get('content-type') ?? '';
    const body = await response.text();
    visited.set(path, { status: response.status, type, from });
    const say = (fault: string): void => void faults.push(`${path} (linked from ${from}): ${fault}`);
    if (response.status !== 200) return say(`answers ${response.status}`);
    if (!type.startsWith('text/html')) return;
    const { kind, settings } = kindOf(path);
    const seen = kinds.get(kind) ?? 0;
    kinds.set(kind, seen + 1);
    if (seen >= VIEWS_READ || settings > SETTINGS_READ) return;
    for (const fault of await faultsOf(body)) say(fault);
    for (const link of linksOf(body, path, say)) {
      if (!known.has(link)) waiting.push({ path: link, from: path });
      known.add(link);
    }
  };

  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await visit(next);
  };
  while (waiting.length > 0) await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { visited, faults };
}

/** `/experiments/:id?order&q`, 2: pages without a query are each a kind of their own. */
function kindOf(path: string): { kind: string; settings: number } {
  const { pathname, searchParams } = new URL(path, 'http://tracker');
  const names = [...new Set(searchParams.keys())].sort();
  if (names.length === 0) return { kind: pathname, settings: 0 };
  const pattern = pathname.replace(/\/([0-9a-f]{32}|\d+)(?=\/|$)/g, '/:id');
  return { kind: `${pattern}?${names.join('&')}`, settings: names.length };
}

/** Where a reader can go from a page, and what the page fetches; fragments must be on the page they point to. */
function linksOf(html: string, path: string, say: (fault: string) => void): string[] {
  const tags = tagsOf(html);
  const ids = new Set(tags.flatMap(({ attributes }) => attributes.get('id') ?? []));
  const links: string[] = [];
  for (const { attributes } of tags) {
    for (const attribute of ['href', 'src']) {
      const target = attributes.get(attribute);
      if (target === undefined || target.startsWith('data:')) continue;
      const url = new URL(target, `http://tracker${path}`);
      // Texts of people may hold links to anywhere; nothing is fetched from there.
      if (url.host !== 'tracker') continue;
      if (target.startsWith('#') && target !== '#' && !ids.has(decodeURIComponent(target.slice(1))))
        say(`there is no ${target} on the page`);
      links.push(url.pathname + url.search);
    }
  }
  for (const [form] of html.matchAll(/<form\b[\s\S]*?<\/form>/gi)) links.push(...submitted(form, path));
  return links;
}

/** Where a GET form leads when its button is pressed and nothing was typed. */
function submitted(form: string, path: string): string[] {
  const [own, ...controls] = tagsOf(form);
  if (!own || own.attributes.get('method') === 'post') return [];
  const url = new URL(own.attributes.get('action') ?? path, `http://tracker${path}`);
  url.search = '';
  let options: { select: string; value: string; isChosen: boolean }[] = [];
  let select = '';
  let isRequired = false;
  const choose = (): void => {
    // Without a chosen option it is the first one; of a required choice a browser does not send the empty one.
    const sendable = isRequired ? options.filter(({ value }) => value !== '') : options;
    const option = sendable.find((one) => one.isChosen) ?? sendable[0];
    if (option) url.searchParams.append(option.select, option.value);
    options = [];
  };
  for (const { name, attributes } of controls) {
    const field = attributes.get('name');
    const value = attributes.get('value') ?? '';
    if (name === 'option') options.push({ select, value, isChosen: attributes.has('selected') });
    else choose();
    if (name === 'select') [select, isRequired] = [field ?? '', attributes.has('required')];
    if (name === 'input' && field !== undefined && isSent(attributes)) url.searchParams.append(field, value);
  }
  choose();
  return [url.pathname + url.search];
}

function isSent(attributes: Map<string, string>): boolean {
  const type = attributes.get('type') ?? 'text';
  return type === 'checkbox' || type === 'radio' ? attributes.has('checked') : type !== 'submit';
}
