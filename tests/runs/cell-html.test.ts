// tests/runs/cell-html.test.ts
// Purpose: cells written by a function are, letter by letter, what the shared parts of templates make of them; links are those of URLSearchParams.
// Why: one look for one thing, and the same escaping, whichever way it is written.
// Relevant files: runs/table/cell-html.ts, shared/templates/_parts.html, shared/http/links.ts

import { fileURLToPath } from 'node:url';
import nunjucks from 'nunjucks';
import { expect, it } from 'vitest';
import { cellsHtml, type CellRow } from '../../runs/table/cell-html.ts';
import type { CellView } from '../../runs/table/fact-views.ts';
import { showTime } from '../../shared/format.ts';
import { link } from '../../shared/http/links.ts';

const ODD = `<b>&"'\\ é日😀 \u0007`;
const env = new nunjucks.Environment(new nunjucks.FileSystemLoader(fileURLToPath(new URL('../../', import.meta.url))), {
  autoescape: true,
  trimBlocks: true,
  lstripBlocks: true,
});
const CELL = `{% import "shared/templates/_parts.html" as parts %}
{% if cell.kind == 'state' %}<td>{% if row.removal %}{{ parts.state(row.removal.state) }} <span class="muted">{{ row.removal.text }}</span>{% else %}{{ parts.state(row.state) }}{% endif %}</td>
{% elif cell.kind == 'time' %}<td class="muted">{{ parts.time(cell.time) }}</td>
{% elif cell.kind == 'tags' %}<td>{% for tag in row.tags %}{{ parts.chip(tag) }} {% endfor %}</td>
{% else %}<td class="{{ 'n ' if cell.number else '' }}{{ cell.mark }}{{ ' ' + cell.width if cell.width else '' }}"{% if cell.title %} title="{{ cell.title }}"{% endif %}>{{ parts.value(cell) }}</td>
{% endif %}`;

const plain: CellView = { kind: '', text: ODD, title: ODD, number: false, mark: '', chip: '' };
const CELLS: CellView[] = [
  plain,
  { ...plain, number: true, mark: 'dn best', width: 'narrow', title: '' },
  { ...plain, chip: ODD },
  { ...plain, chip: ODD, broken: true },
  { ...plain, href: `/runs?a=1&b=${ODD}`, chip: '2 NaN' },
  { ...plain, kind: 'time', time: showTime(1e12, 2e12) },
  { ...plain, kind: 'time', time: null },
  { ...plain, kind: 'tags' },
  { ...plain, kind: 'state' },
];
const tags = [
  { label: ODD, title: ODD, href: '/runs?tag=a&b', color: 'c3' },
  { label: 'b', title: 'b', href: '/b', color: null },
  { label: 'cut …', title: `cut ${ODD}`, href: '/cut', color: null },
];
const state = { label: 'finished', tone: 'ok' } as const;
const ROWS: CellRow[] = [
  { state, removal: null, tags },
  { state, removal: { state, text: ODD }, tags: [] },
];

it.each(ROWS)('as the template has it', (row) => {
  for (const cell of CELLS) expect(cellsHtml([cell], row)).toBe(env.renderString(CELL, { cell, row }).trim());
  expect(cellsHtml(CELLS, row).split('\n')).toHaveLength(CELLS.length);
});

it('links are written as URLSearchParams writes them', () => {
  const every = Array.from({ length: 0x250 }, (_, code) => String.fromCharCode(code)).join('');
  for (const text of [every, ODD, 'a b+c', '\ud800x', '日本', "*-._~!'()", 'metrics.val/loss < 1'])
    expect(link('/x', { where: text, tag: [text, 'b'] })).toBe(
      `/x?${new URLSearchParams([
        ['where', text],
        ['tag', text],
        ['tag', 'b'],
      ]).toString()}`,
    );
  expect(link('/x', { a: null, b: '', c: undefined, d: ['', 'e'] as string[], f: 0 })).toBe('/x?d=e&f=0');
});
