// tests/support/crawl.ts
// Purpose: follows every link, every resource and every GET form of the pages, as a browser without scripts would.
// Why: a dead link is found by following it; of the thousands that differ in an id or a value only, a few show what all do.
// Relevant files: tests/browser/pages.test.ts, tests/support/html.ts

import { faultsOf, tagsOf } from './html.ts';

export interface Crawl {
  /** Addresses that were asked for, with what came back. */
  visited: Map<string, { status: number; type: string; from: string }>;
  /** `address (linked from page): what is wrong` */
  faults: string[];
  /** Of each shape, how many addresses there are links to. */
  shapes: Map<string, number>;
}

/**
 * Addresses of one shape, by how many settings are in the query: how many are asked for (half of them the first ones
 * found, half evenly spread over the rest), and of how many the page is read and its links are followed. Pages without a
 * query are the things themselves, a run in its state: all of them. More settings lead to combinations of what was read.
 */
const ALL = { asked: Infinity, read: Infinity };
const BY_SETTINGS = [ALL, { asked: 8, read: 2 }, { asked: 4, read: 2 }];
const COMBINED = { asked: 2, read: 0 };

const AT_ONCE = 4;

export async function crawl(origin: string, start: string): Promise<Crawl> {
  const visited: Crawl['visited'] = new Map();
  const faults: string[] = [];
  const kinds = new Map<string, number>();
  const waiting: { path: string; from: string }[] = [{ path: start, from: '' }];
  const known = new Set([start]);
  const shapes: Crawl['shapes'] = new Map();
  const left = new Map<string, { path: string; from: string }[]>();

  const found = (path: string, from: string): void => {
    if (known.has(path)) return;
    known.add(path);
    const shape = shapeOf(path);
    const before = shapes.get(shape) ?? 0;
    shapes.set(shape, before + 1);
    if (before < boundsOf(path).asked / 2) waiting.push({ path, from });
    else left.set(shape, [...(left.get(shape) ?? []), { path, from }]);
  };

  const visit = async ({ path, from }: { path: string; from: string }): Promise<void> => {
    const response = await fetch(origin + path, { headers: { accept: 'text/html' }, redirect: 'follow' });
    const type = response.headers.get('content-type') ?? '';
    const body = await response.text();
    visited.set(path, { status: response.status, type, from });
    const say = (fault: string): void => void faults.push(`${path} (linked from ${from}): ${fault}`);
    if (response.status !== 200) return say(`answers ${response.status}`);
    if (!type.startsWith('text/html')) return;
    const kind = kindOf(path);
    const seen = kinds.get(kind) ?? 0;
    kinds.set(kind, seen + 1);
    if (seen >= boundsOf(path).read) return;
    for (const fault of await faultsOf(body)) say(fault);
    for (const link of linksOf(body, path, say)) found(link, path);
  };

  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await visit(next);
  };
  const workAll = async (): Promise<void> => {
    while (waiting.length > 0) await Promise.all(Array.from({ length: AT_ONCE }, work));
  };
  await workAll();
  for (const rest of left.values()) waiting.push(...spread(rest, boundsOf(rest[0]?.path ?? '').asked / 2));
  await workAll();
  return { visited, faults, shapes };
}

/** So many of the list, evenly spread, the last one among them. */
function spread<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, (_, i) => list[Math.ceil(((i + 1) * list.length) / count) - 1] as T);
}

const IDS = /\/([0-9a-f]{32}|\d+)(?=\/|$)/g;

/**
 * What can make an address answer otherwise than another, ids and values aside: its path, the names in its query, and
 * of each name whether it is empty, there once, or there several times.
 */
export function shapeOf(path: string): string {
  const { pathname, searchParams } = new URL(path, 'http://tracker');
  const names = settingsOf(path).map((name) => {
    const values = searchParams.getAll(name);
    return values.length > 1 ? `${name}=…` : values[0] === '' ? `${name}=` : name;
  });
  return `${pathname.replace(IDS, '/:id')}?${names.join('&')}`;
}

/** `/experiments/:id?order&q`: pages without a query are each a kind of their own. */
function kindOf(path: string): string {
  const { pathname } = new URL(path, 'http://tracker');
  const names = settingsOf(path);
  return names.length === 0 ? pathname : `${pathname.replace(IDS, '/:id')}?${names.join('&')}`;
}

function settingsOf(path: string): string[] {
  return [...new Set(new URL(path, 'http://tracker').searchParams.keys())].sort();
}

function boundsOf(path: string): { asked: number; read: number } {
  return BY_SETTINGS[settingsOf(path).length] ?? COMBINED;
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
    // Groups of options divide what is read, not what is chosen.
    else if (name !== 'optgroup') choose();
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
