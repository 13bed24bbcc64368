// runs/conclusions/forest-file.ts
// Purpose: differences with their intervals as an SVG file of its own: labels, axis, zero, its colours for light and dark inside.
// Why: a forest plot goes into a paper or a message as it is.
// Relevant files: runs/conclusions/forest.ts, runs/conclusions/conclusion-routes.ts, runs/curves/chart-ticks.ts

import { middle } from '../../shared/format.ts';
import { linearTicks, stepFor } from '../curves/chart-ticks.ts';
import { escapeXml } from '../curves/chart-text.ts';
import { Verdict, type Comparison } from './comparison.ts';
import type { Conclusions } from './conclusions.ts';
import { differenceText, intervalText } from './figures.ts';
import { forestScale } from './forest.ts';
import { wholeOf } from './sentences.ts';

const STYLE = `svg{font:12px system-ui,sans-serif;background:#fff}text{fill:#1c1d1f}.title{font-size:15px;font-weight:600}.soft{fill:#5c5f66;font-size:11px}
.grid{stroke:#e4e3df}.zero{stroke:#5c5f66;stroke-dasharray:3 3}.plain{color:#5c5f66}.ok{color:#0a7f5b}.fail{color:#b3243f}.bar{stroke:currentColor;stroke-width:1.6}.dot{fill:currentColor}
@media(prefers-color-scheme:dark){svg{background:#131416}text{fill:#e9eaec}.soft{fill:#a6a9b1}.grid{stroke:#2d3035}.zero{stroke:#a6a9b1}.plain{color:#a6a9b1}.ok{color:#4cc79b}.fail{color:#ff8193}}`;

/** Comparisons drawn: of more the first. */
const DRAWN_MAX = 40;
const WIDTH = 900;
const [LEFT, RIGHT] = [330, 690];
const TOP = 44;
const ROW = 24;

export function forestFile(conclusions: Conclusions): string {
  const shown = conclusions.comparisons.slice(0, DRAWN_MAX);
  const x = forestScale(shown, LEFT, RIGHT);
  const bottom = TOP + Math.max(1, shown.length) * ROW;
  const label = escapeXml(wholeOf(conclusions));
  const more = conclusions.total > shown.length ? `; the first ${shown.length} of ${conclusions.total}` : '';
  const title = `${conclusions.metric ?? 'no metric'}: differences of means with 95 % CI${more}`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 30}" width="${WIDTH}" height="${bottom + 30}" role="img" aria-label="${label}">
<title>${label}</title><style>${STYLE}</style>
<text class="title" x="14" y="24">${escapeXml(middle(title, 90))}</text>
${shown.length === 0 ? `<text class="soft" x="14" y="${TOP + 15}">${label}</text>` : axis(x, bottom)}
${shown.map((one, place) => row(one, TOP + place * ROW + ROW / 2, x.at)).join('\n')}
</svg>
`;
}

function axis({ low, high, at }: ReturnType<typeof forestScale>, bottom: number): string {
  const step = stepFor(low, high, 5);
  const ticks = step === null ? [] : linearTicks(low, high, step);
  const lines = ticks.map(
    ({ value, label }) =>
      `<line class="grid" x1="${at(value)}" x2="${at(value)}" y1="${TOP}" y2="${bottom}"/><text class="soft" x="${at(value)}" y="${bottom + 16}" text-anchor="middle">${escapeXml(label)}</text>`,
  );
  return `${lines.join('')}<line class="zero" x1="${at(0)}" x2="${at(0)}" y1="${TOP}" y2="${bottom}"/>`;
}

function row(comparison: Comparison, y: number, at: (value: number) => string): string {
  const { label, difference, welch, verdict } = comparison;
  const tone = verdict === Verdict.Better ? 'ok' : verdict === Verdict.Worse ? 'fail' : 'plain';
  const bar = welch
    ? `<path class="bar" fill="none" d="M${at(welch.low)} ${y}H${at(welch.high)}M${at(welch.low)} ${y - 4}v8M${at(welch.high)} ${y - 4}v8"/>`
    : '';
  const figures = welch ? `${differenceText(comparison)} (${intervalText(welch.low, welch.high, comparison.digits)})` : differenceText(comparison); // prettier-ignore
  return `<text x="14" y="${y + 4}"><title>${escapeXml(label)}</title>${escapeXml(middle(label, 50))}</text><g class="${tone}">${bar}<circle class="dot" cx="${at(difference)}" cy="${y}" r="3.6"/></g><text class="soft" x="${RIGHT + 16}" y="${y + 4}">${escapeXml(figures)}</text>`;
}
