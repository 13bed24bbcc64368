// tests/runs/page-support.ts
// Purpose: runs with metrics in one call, and pages read as people read them: tables, links, controls, plain text.
// Why: tests of pages say what is to be seen, not how the markup spells it.
// Relevant files: tests/runs/table.test.ts, tests/runs/best.test.ts, tests/support/html.ts, tests/support/tracker.ts

import { expect } from 'vitest';
import type { RunDetail } from '../../runs/schemas.ts';
import { decode, faultsOf, tagsOf } from '../support/html.ts';
import type { Tracker } from '../support/tracker.ts';

type Value = number | 'NaN' | 'Infinity' | '-Infinity';

export interface NewRun {
  /** Short: it is filled up to 32 digits from the left. */
  id?: string;
  experiment?: string;
  end_time?: number | null;
  /** Values at the steps 1, 2, 3 …, logged at the times 1 s, 2 s, 3 s … of the epoch. */
  metrics?: Record<string, Value[]>;
  [field: string]: unknown;
}

export function idOf(short: string): string {
  return short.padStart(32, '0');
}

export async function addRun(
  tracker: Tracker,
  { id, end_time, metrics = {}, ...body }: NewRun = {},
): Promise<RunDetail> {
  const own = id === undefined ? {} : { id: idOf(id) };
  const made = await tracker.api<RunDetail>('POST', '/api/runs', { experiment: 'pages', ...own, ...body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const at = `/api/runs/${made.body.id}`;
  const points = Object.entries(metrics).flatMap(([key, values]) =>
    values.map((value, place) => ({ key, value, step: place + 1, timestamp: (place + 1) * 1000 })),
  );
  if (points.length > 0) {
    const log = await tracker.api('POST', `${at}/log`, { metrics: points });
    expect(log.body).toMatchObject({ accepted: points.length, rejected: [] });
  }
  if (end_time !== undefined) expect((await tracker.api('PATCH', at, { end_time })).status).toBe(200);
  return (await tracker.api<RunDetail>('GET', at)).body;
}

/** A page that has to answer with `status`. */
export async function readPage(tracker: Tracker, path: string, status = 200): Promise<string> {
  const answer = await tracker.get(path);
  expect(answer.status, path).toBe(status);
  return answer.body;
}

/** The same, and it has to be valid: slower, so not for every look at the same kind of page. */
export async function openPage(tracker: Tracker, path: string, status = 200): Promise<string> {
  const html = await readPage(tracker, path, status);
  expect(await faultsOf(html), path).toEqual([]);
  return html;
}

/** What a reader sees: without tags, spaces as one. */
export function textOf(html: string): string {
  return decode(html.replace(/<[^>]*>/g, ''))
    .replace(/\s+/g, ' ')
    .trim();
}

export interface Cell {
  text: string;
  html: string;
  classes: string[];
  title: string;
  /** Of the cell itself. */
  attributes: Map<string, string>;
}

export interface Table {
  heads: Cell[];
  rows: Cell[][];
}

export function tablesOf(html: string): Table[] {
  return [...html.matchAll(/<table\b[\s\S]*?<\/table>/g)].map(([table]) => {
    const [heads = [], ...rows] = [...table.matchAll(/<tr\b[^>]*>([\s\S]*?)<\/tr>/g)].map(([, row = '']) =>
      cellsOf(row),
    );
    return { heads, rows };
  });
}

function cellsOf(row: string): Cell[] {
  return [...row.matchAll(/<(td|th)\b[^>]*>([\s\S]*?)<\/\1>/g)].map(([whole, , html = '']) => {
    const attributes = tagsOf(whole)[0]?.attributes ?? new Map<string, string>();
    const classes = (attributes.get('class') ?? '').split(/\s+/).filter(Boolean);
    return { text: textOf(html), html, classes, title: attributes.get('title') ?? '', attributes };
  });
}

/** The only table of a page, or the one at `place`. */
export function tableOf(html: string, place = 0): Table {
  const table = tablesOf(html)[place];
  if (!table) throw new Error(`the page has no table ${place}`);
  return table;
}

/** The cells under a head, by the head's text. */
export function columnOf(table: Table, head: string): Cell[] {
  const place = table.heads.findIndex(({ text }) => text === head);
  expect(place, `${head} among ${table.heads.map(({ text }) => text).join(' | ')}`).toBeGreaterThanOrEqual(0);
  return table.rows.map((row) => row[place] as Cell);
}

/** `first cell → the other cells' text` of every row. */
export function linesOf(table: Table): Record<string, string[]> {
  return Object.fromEntries(table.rows.map(([first, ...rest]) => [first?.text ?? '', rest.map(({ text }) => text)]));
}

export interface Link {
  text: string;
  href: string;
  attributes: Map<string, string>;
}

export function linksOf(html: string): Link[] {
  return [...html.matchAll(/<a\b[^>]*>([\s\S]*?)<\/a>/g)].map(([whole, inner = '']) => {
    const attributes = tagsOf(whole)[0]?.attributes ?? new Map<string, string>();
    return { text: textOf(inner), href: attributes.get('href') ?? '', attributes };
  });
}

/** Where the only link with this text or label leads. */
export function hrefOf(html: string, text: string): string {
  const found = linksOf(html).filter((link) => link.text === text || link.attributes.get('aria-label') === text);
  expect(found.length, `links “${text}”`).toBe(1);
  return found[0]?.href ?? '';
}

/** The hidden fields of the form that posts to `action`. */
export function fieldsOf(html: string, action: string): Record<string, string> {
  const form = html.slice(html.indexOf(`action="${action}"`)).split('</form>')[0] ?? '';
  const hidden = tagsOf(form).filter(({ attributes }) => attributes.get('type') === 'hidden');
  return Object.fromEntries(
    hidden.map(({ attributes }) => [attributes.get('name') ?? '', decode(attributes.get('value') ?? '')]),
  );
}

/** The `<p class="…">` with this class as text; '' where there is none. */
export function paragraphOf(html: string, name: string): string {
  return textOf(new RegExp(`<p class="${name}">([\\s\\S]*?)</p>`).exec(html)?.[1] ?? '');
}

/** What is between a heading and the next one of any kind. */
export function sectionOf(html: string, heading: string): string {
  const start = html.indexOf(`<h2>${heading}</h2>`);
  expect(start, `the heading ${heading}`).toBeGreaterThanOrEqual(0);
  return html.slice(start).split(/<h[12]\b/)[1] ?? '';
}
