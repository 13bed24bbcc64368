// runs/curves/chart-file.ts
// Purpose: a chart as an SVG file of its own: title, legend and its colours for light and dark inside.
// Why: put into a README or a paper it must look right without our style sheet.
// Relevant files: runs/curves/chart-svg.ts, runs/curves/curve-routes.ts, shared/static/app.css

import { formatNumber, middle } from '../../shared/format.ts';
import { short } from './chart-line.ts';
import { SHAPES, shapeFor } from './chart-axes.ts';
import { drawPlot, type ChartInput } from './chart-svg.ts';
import { escapeXml, widthOf } from './chart-text.ts';
import { captionOf, describeChart, saidOf, whyEmpty } from './chart-words.ts';
import type { RunColor } from './colors.ts';

const LIGHT = [
  '#0b62c4',
  '#c2500a',
  '#0a7f5b',
  '#a3318f',
  '#8a6d00',
  '#5b4bd1',
  '#b3243f',
  '#0f7d8c',
  '#5d6b1f',
  '#7a4a2a',
];
const DARK = [
  '#6aa8f7',
  '#f2935b',
  '#4cc79b',
  '#e07fcf',
  '#d9b93f',
  '#a79bff',
  '#ff8193',
  '#4fc6d4',
  '#b3c26a',
  '#d3a27e',
];

const classes = (colors: string[]): string => colors.map((color, index) => `.c${index}{color:${color}}`).join('');

/** The tokens and chart rules of app.css, as little of them as a file needs; fonts that papers and PDF tools have. */
const LIGHT_STYLE = `svg{font:12px Inter,Helvetica,Arial,sans-serif;background:#fff}text{fill:#1c1d1f}.title{font-size:15px;font-weight:600}
.ax,.soft{fill:#5c5f66}.ax{font-size:11px}.grid{stroke:#e4e3df;fill:none}.line,.raw{fill:none;stroke:currentColor;stroke-width:1.6;stroke-linejoin:round}
.raw{opacity:.3;stroke-width:1}.d1 .line,.line.d1{stroke-dasharray:7 3}.d2 .line,.line.d2{stroke-dasharray:2 3}.band{fill:currentColor;fill-opacity:.16;stroke:currentColor;stroke-opacity:.4;stroke-width:.8}.dot,.nan{fill:currentColor}
${classes(LIGHT)}`;
const DARK_STYLE = `svg{background:#131416}text{fill:#e9eaec}.ax,.soft{fill:#a6a9b1}.grid{stroke:#2d3035}
${classes(DARK)}`;

/** `auto`: as whoever looks at it has set. */
export const Theme = { Auto: 'auto', Light: 'light', Dark: 'dark' } as const;
export type Theme = (typeof Theme)[keyof typeof Theme];

export const STYLES: Record<Theme, string> = {
  [Theme.Auto]: `${LIGHT_STYLE}\n@media(prefers-color-scheme:dark){${DARK_STYLE}}`,
  [Theme.Light]: LIGHT_STYLE,
  [Theme.Dark]: `${LIGHT_STYLE}\n${DARK_STYLE}`,
};

export interface FileOptions {
  theme?: Theme | undefined;
  /** Of the whole picture, px; by the size where left out. */
  width?: number | undefined;
  height?: number | undefined;
}

/** The plot is never lower, whatever stands above and under it. */
const PLOT_MIN = 80;

const MARGIN = 14;
const LINE = 18;

/** A whole SVG document. Without anything to draw it says why. */
export function chartFile(input: ChartInput, options: FileOptions = {}): string {
  const { curves, key, settings, size } = input;
  const { width = SHAPES[size].width, theme = Theme.Auto } = options;
  const entries = curves.length > 1 ? placeLegend(input, width) : [];
  const rows = (entries.at(-1)?.row ?? -1) + 1;
  const top = 32 + rows * LINE;
  const said = saidOf(curves, key, settings);
  const below = said.length * LINE + 6;
  const height = options.height === undefined ? SHAPES[size].height : Math.max(PLOT_MIN, options.height - top - below);
  const bottom = top + height;
  const isOwn = options.width !== undefined || options.height !== undefined;
  const shaped = isOwn ? { ...input, shape: shapeFor(width, height) } : input;
  const plot = drawPlot(shaped, { left: 0, right: width, top, bottom });
  const total = bottom + below;
  const parts = [
    text(MARGIN, 21, 'title', middle(key, 90)),
    `<text class="soft" x="${width - MARGIN}" y="21" text-anchor="end">${escapeXml(captionOf(curves, settings))}</text>`,
    ...entries.map((entry) => drawEntry(entry)),
    plot || text(MARGIN, top + 30, 'soft', whyEmpty(curves, key, settings) ?? ''),
    ...said.map((line, index) => text(MARGIN, bottom + index * LINE + 12, 'soft', middle(line, Math.floor(width / 6)))),
  ];
  const label = escapeXml(describeChart(curves, key, settings));
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${total}" width="${width}" height="${total}" role="img" aria-label="${label}">
<title>${label}</title><style>${STYLES[theme]}</style>
${parts.join('\n')}
</svg>
`;
}

function text(x: number, y: number, name: string, words: string): string {
  return `<text class="${name}" x="${x}" y="${y}">${escapeXml(words)}</text>`;
}

interface LegendEntry extends RunColor {
  label: string;
  x: number;
  row: number;
}

/** Names with their last values, side by side as far as they fit. */
function placeLegend({ curves, colors }: ChartInput, width: number): LegendEntry[] {
  let [x, row] = [MARGIN, 0];
  return curves
    .filter(({ buckets }) => buckets.length > 0)
    .map(({ run, buckets }) => {
      const last = buckets.findLast(({ mean }) => mean !== null)?.mean ?? null;
      const label = `${middle(run.name, 50)}${last === null ? '' : `  ${formatNumber(last)}`}`;
      const wide = 26 + widthOf(label) + 18;
      if (x > MARGIN && x + wide > width - MARGIN) [x, row] = [MARGIN, row + 1];
      const entry = { label, x, row, ...(colors.get(run.id) ?? { color: 'c0', dash: 'd0' }) };
      x = short(x + wide);
      return entry;
    });
}

function drawEntry({ label, x, row, color, dash }: LegendEntry): string {
  const y = 42 + row * LINE;
  return `<path class="line ${color} ${dash}" d="M${x} ${y}h18"/>${text(short(x + 24), y + 4, 'name', label)}`;
}
