// runs/pictures/picture-file.ts
// Purpose: a picture as SVG: inline in its page, and as a file of its own with title, legend, words and colours inside.
// Why: put into a paper or a message it must look right without our style sheet.
// Relevant files: runs/curves/chart-file.ts, runs/pictures/picture.ts, runs/pictures/picture-routes.ts

import { middle } from '../../shared/format.ts';
import { STYLES, Theme, type FileOptions } from '../curves/chart-file.ts';
import { short } from '../curves/chart-line.ts';
import { escapeXml, widthOf } from '../curves/chart-text.ts';
import { shapePath } from './dots.ts';
import type { Picture } from './picture.ts';

const PAGE_WIDTH = 1_100;
const FILE_WIDTH = 900;
const [MARGIN, LINE] = [14, 18];
/** The plot is never lower, whatever stands above and under it. */
const PLOT_MIN = 100;

/** The whole `<svg>`, without style: safe as HTML. '' when nothing can be drawn. */
export function drawInline({ draw, height, text }: Picture): string {
  const body = draw({ left: 0, right: PAGE_WIDTH, top: 0, bottom: height });
  if (body === '') return '';
  return `<svg class="plot large" viewBox="0 0 ${PAGE_WIDTH} ${height}" role="img" aria-label="${escapeXml(text)}">${body}</svg>`;
}

export function pictureFile(picture: Picture, { width = FILE_WIDTH, height, theme = Theme.Auto }: FileOptions = {}): string {
  const legend = placeLegend(picture, width);
  const top = 32 + ((legend.at(-1)?.row ?? -1) + 1) * LINE;
  const said = [...picture.notes, ...picture.said].flatMap((line) => wrapped(line, Math.floor((width - 2 * MARGIN) / 6)));
  const below = said.length * LINE + 10;
  const bottom = top + (height === undefined ? Math.max(PLOT_MIN, picture.height) : Math.max(PLOT_MIN, height - top - below));
  const plot = picture.draw({ left: 0, right: width, top, bottom });
  const label = escapeXml(picture.text);
  const line = (x: number, y: number, name: string, words: string): string => `<text class="${name}" x="${x}" y="${y}">${escapeXml(words)}</text>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + below}" width="${width}" height="${bottom + below}" role="img" aria-label="${label}">
<title>${label}</title><style>${STYLES[theme]}</style>
${line(MARGIN, 21, 'title', middle(picture.title, Math.max(20, Math.floor(width / 8.5))))}
${legend.map(({ item, x, row }) => `<g class="${item.color}" fill-opacity="${item.opacity}"><path class="dot" d="${shapePath(item.shape, x + 6, 40 + row * LINE)}"/></g>${line(x + 16, 44 + row * LINE, 'name', middle(item.label, 50))}`).join('\n')}
${plot || line(MARGIN, top + 30, 'soft', picture.empty)}
${said.map((words, place) => line(MARGIN, bottom + place * LINE + 14, 'soft', words)).join('\n')}
</svg>
`;
} // prettier-ignore

function placeLegend(
  { legend }: Picture,
  width: number,
): { item: Picture['legend'][number]; x: number; row: number }[] {
  let [x, row] = [MARGIN, 0];
  return legend.map((item) => {
    const wide = 16 + widthOf(middle(item.label, 50)) + 16;
    if (x > MARGIN && x + wide > width - MARGIN) [x, row] = [MARGIN, row + 1];
    const entry = { item, x, row };
    x = short(x + wide);
    return entry;
  });
}

/** Lines of at most so many characters, broken at spaces. */
function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(middle(word, most));
  }
  return lines;
}
