// runs/table/cell-html.ts
// Purpose: the cells of a row of a run table as HTML text: state, time, tags, values.
// Why: 700 of them made one by one by the template took half of a page's rendering; text is escaped here, the parts look as those of _parts.html.
// Relevant files: runs/table/fact-views.ts, runs/templates/_table.html, shared/templates/_parts.html, runs/compare/metric-cells.ts

import type { ShownTime } from '../../shared/format.ts';
import { escapeHtml } from '../../shared/html-text.ts';
import type { TagView } from '../../tags/views.ts';
import type { RemovalView } from '../purge-views.ts';
import type { RunStateView } from '../run-state.ts';
import type { CellView } from './fact-views.ts';

/** What cells say of their row as a whole. */
export interface CellRow {
  state: RunStateView;
  removal: RemovalView | null;
  tags: TagView[];
}

export function cellsHtml(cells: readonly CellView[], row: CellRow): string {
  return cells.map((cell) => cellHtml(cell, row)).join('\n');
}

function cellHtml(cell: CellView, row: CellRow): string {
  switch (cell.kind) {
    case 'state':
      return `<td>${row.removal ? `${stateHtml(row.removal.state)} <span class="muted">${escapeHtml(row.removal.text)}</span>` : stateHtml(row.state)}</td>`;
    case 'time':
      return `<td class="muted">${timeHtml(cell.time)}</td>`;
    case 'tags':
      return `<td>${row.tags.map((tag) => `${tagHtml(tag)} `).join('')}</td>`;
    case '': {
      const width = cell.width ? ` ${cell.width}` : '';
      const title = cell.title ? ` title="${escapeHtml(cell.title)}"` : '';
      return `<td class="${cell.number ? 'n ' : ''}${cell.mark}${width}"${title}>${valueHtml(cell)}</td>`;
    }
  }
}

function stateHtml({ tone, label }: RunStateView): string {
  return `<span class="st ${tone}">${escapeHtml(label)}</span>`;
}

function timeHtml(time: ShownTime | null | undefined): string {
  if (!time) return '<span class="faint">–</span>';
  return `<time datetime="${time.iso}" title="${time.exact}">${time.relative}</time>`;
}

function tagHtml({ color, href, label, title }: TagView): string {
  const whole = title === label ? '' : ` title="${escapeHtml(title)}"`;
  return `<a class="chip${color ? ` tinted ${color}` : ''}" href="${escapeHtml(href)}"${whole}>${escapeHtml(label)}</a>`;
}

/** NaN and Infinity as a chip that says where they began. */
function valueHtml({ text, chip, broken, href }: CellView): string {
  const shown = escapeHtml(text);
  if (broken) return `<span class="chip bad" title="${escapeHtml(chip)}">${shown}</span>`;
  const before = chip ? `<span class="chip bad" title="${escapeHtml(chip)}">NaN/Inf</span> ` : '';
  return before + (href ? `<a href="${escapeHtml(href)}">${shown}</a>` : shown);
}
