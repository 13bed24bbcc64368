// tests/experiments/support.ts
// Purpose: what a reader sees on the pages of experiments: table cells, heads, links, fields, the message of the next page.
// Why: the tests of pages speak of what is shown, not of markup.
// Relevant files: tests/experiments/pages.test.ts, tests/experiments/forms.test.ts, tests/support/html.ts

import { expect } from 'vitest';
import { faultsOf, tagsOf } from '../support/html.ts';
import type { Answer, Tracker } from '../support/tracker.ts';

/** A page that answers as expected and is valid. */
export async function open(tracker: Tracker, path: string, headers: Record<string, string> = {}): Promise<string> {
  const { status, body } = await tracker.get(path, headers);
  expect(status, path).toBe(200);
  expect(await faultsOf(body), path).toEqual([]);
  return body;
}

/** What is read of a piece of HTML. */
export function textOf(html: string): string {
  return html
    .replace(/<title>[^]*?<\/title>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}

export interface Row {
  html: string;
  cells: string[];
}

/** The rows of a page's table. */
export function rowsOf(html: string): Row[] {
  const body = /<tbody>([^]*)<\/tbody>/.exec(html)?.[1] ?? '';
  return [...body.matchAll(/<tr[^>]*>([^]*?)<\/tr>/g)].map(([, row = '']) => ({
    html: row,
    cells: [...row.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, cell = '']) => textOf(cell)),
  }));
}

/** The row whose first cell begins with this name. */
export function rowOf(html: string, name: string): Row {
  const row = rowsOf(html).find(({ cells }) => cells[0]?.startsWith(name));
  if (!row)
    throw new Error(
      `there is no row ${name} among ${rowsOf(html)
        .map(({ cells }) => cells[0])
        .join(', ')}`,
    );
  return row;
}

export interface Head {
  sort: string | undefined;
  href: string | undefined;
}

/** A head of the table by its words. */
export function headOf(html: string, label: string): Head {
  for (const [, attributes = '', content = ''] of html.matchAll(/<th(\s[^>]*)>([^]*?)<\/th>/g)) {
    if (textOf(content).replace(/ [▴▾]$/, '') !== label) continue;
    const href = tagsOf(content)[0]?.attributes.get('href');
    return { sort: tagsOf(`<th${attributes}>`)[0]?.attributes.get('aria-sort'), href };
  }
  throw new Error(`there is no head ${label}`);
}

/** Where the link with these words leads. */
export function linkOf(html: string, label: string): string {
  for (const [whole, content = ''] of html.matchAll(/<a\b[^>]*>([^]*?)<\/a>/g)) {
    if (textOf(content) === label) return tagsOf(whole)[0]?.attributes.get('href') ?? '';
  }
  throw new Error(`there is no link ${label}`);
}

/** What stands in the fields of a page's sheet, by name. */
export function fieldsOf(html: string): Record<string, string> {
  const form = /<form class="sheet"[^]*?<\/form>/.exec(html)?.[0] ?? '';
  const fields: Record<string, string> = {};
  let select = '';
  for (const { name, attributes } of tagsOf(form)) {
    const field = attributes.get('name') ?? '';
    if (name === 'input') fields[field] = attributes.get('value') ?? '';
    if (name === 'textarea') fields[field] = textareaOf(form, field);
    if (name === 'select') select = field;
    if (name === 'option' && attributes.has('selected')) fields[select] = attributes.get('value') ?? '';
  }
  return fields;
}

/** Browsers drop the first line end of a text area. */
function textareaOf(form: string, name: string): string {
  return new RegExp(`<textarea[^>]* name="${name}"[^>]*>\\n?([^]*?)</textarea>`).exec(form)?.[1] ?? '';
}

/** The message at a field, which the field itself points to; undefined without one. */
export function errorAt(html: string, field: string): string | undefined {
  const text = new RegExp(`<p class="error" id="e-${field}">([^]*?)</p>`).exec(html)?.[1];
  const control = tagsOf(html).find(({ attributes }) => attributes.get('id') === `f-${field}`);
  expect(control?.attributes.get('aria-invalid'), field).toBe(text === undefined ? undefined : 'true');
  if (text !== undefined) expect(control?.attributes.get('aria-describedby')?.split(' ')).toContain(`e-${field}`);
  return text === undefined ? undefined : textOf(text);
}

/** The page that a form's answer leads to, with its message. */
export async function next(tracker: Tracker, answer: Answer<string>): Promise<{ path: string; html: string }> {
  expect(answer.status, answer.body).toBe(303);
  const path = answer.headers.get('location') ?? '';
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return { path, html: await open(tracker, path, { cookie }) };
}
