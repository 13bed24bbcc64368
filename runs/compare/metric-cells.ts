// runs/compare/metric-cells.ts
// Purpose: the cells of a metric's line in a comparison as HTML text: value, difference, mark of the best.
// Why: 6,000 of them made one by one by the template took longer than everything else on the page; text is escaped here.
// Relevant files: runs/compare/compare-views.ts, runs/templates/compare.html, runs/compare/delta.ts

import { Direction } from '../metric-rules.ts';
import { ruleColumn, valueTitle } from '../rules/rule-text.ts';
import { nonfiniteText } from '../table/table-views.ts';
import { escapeXml } from '../curves/chart-text.ts';
import type { MetricLine } from './compare.ts';
import { deltaFrom, type DeltaBase } from './delta-base.ts';
import type { DeltaView } from './delta.ts';
import { extremesOf, nonfiniteOf, type SummaryCells } from './summary-cells.ts';

/** The texts of the values, all with one number of digits, and the `<td>` of each run. */
export function metricCells(line: MetricLine, base: DeltaBase): { texts: string[]; html: string } {
  const { rule, cells, values } = line;
  const texts = ruleColumn(
    values.map((one) => one?.value ?? null),
    rule,
  );
  const winners = new Set(line.best);
  const best = rule.direction === Direction.Min ? ' dn best' : ' best';
  const html = values.map((one, place) => {
    const some = cells[place] ?? null;
    const title = some ? escapeXml(`${valueTitle(one, rule)}; ${extremes(some)}`) : 'not logged';
    const delta = place === base.run ? '' : deltaHtml(deltaFrom(base, line, one?.value ?? null));
    return `<td class="n${winners.has(place) ? best : ''}" title="${title}">${valueHtml(texts[place] ?? '', one?.value ?? null, some)}${delta}</td>`;
  });
  return { texts, html: html.join('') };
}

function extremes(cells: SummaryCells): string {
  const { min, max } = extremesOf(cells);
  return `min ${min ?? '–'}, max ${max ?? '–'}`;
}

/** NaN and Infinity as a chip that says where they began, as `value` of _parts.html does. */
function valueHtml(text: string, value: number | null, cells: SummaryCells | null): string {
  const { count, step } = cells ? nonfiniteOf(cells) : { count: 0, step: null };
  const chip = (shown: string): string =>
    `<span class="chip bad" title="${count > 0 ? escapeXml(nonfiniteText(count, step)) : ''}">${shown}</span>`;
  if (value !== null && !Number.isFinite(value)) return chip(text);
  return `${count > 0 ? `${chip('NaN/Inf')} ` : ''}${text}`;
}

function deltaHtml(delta: DeltaView | null): string {
  return delta ? ` <span class="delta ${delta.mark}" title="${escapeXml(delta.title)}">${delta.text}</span>` : '';
}
