// runs/pictures/dots.ts
// Purpose: points as SVG: a shape beside each colour, and of those that cover each other one.
// Why: ten thousand points are two thousand marks that look the same; colours alone tell nothing to some eyes.
// Relevant files: runs/pictures/scatter.ts, runs/pictures/boxes.ts, runs/pictures/classes.ts

import { short } from '../curves/chart-line.ts';
import { escapeXml } from '../curves/chart-text.ts';

export const SHAPES = ['circle', 'square', 'triangle', 'diamond', 'cross'] as const;
export type Shape = (typeof SHAPES)[number];

export interface Dot {
  x: number;
  y: number;
  /** Place in `classes`. */
  of: number;
  run: string;
  title: string;
}

/** Marks of one picture; beyond, those that cover each other are drawn once. */
const DOTS_MAX = 1_500;
/** So many have their run and its values with them. */
const TITLED_MAX = 300;

/** A mark around a place, as the data of a path. */
export function shapePath(shape: Shape, x: number, y: number, r = 3.4): string {
  const at = `${short(x)} ${short(y)}`;
  switch (shape) {
    case 'circle':
      return `M${at}m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
    case 'square':
      return `M${at}m${-0.9 * r} ${-0.9 * r}h${1.8 * r}v${1.8 * r}h${-1.8 * r}z`;
    case 'triangle':
      return `M${at}m0 ${-1.2 * r}l${1.15 * r} ${2 * r}h${-2.3 * r}z`;
    case 'diamond':
      return `M${at}m0 ${-1.3 * r}l${1.3 * r} ${1.3 * r}l${-1.3 * r} ${1.3 * r}l${-1.3 * r} ${-1.3 * r}z`;
    case 'cross':
      return `M${at}m${-1.2 * r} -1h${1.2 * r - 1}v${1 - 1.2 * r}h2v${1.2 * r - 1}h${1.2 * r - 1}v2h${1 - 1.2 * r}v${1.2 * r - 1}h-2v${1 - 1.2 * r}h${1 - 1.2 * r}z`;
  }
}

/** One dot of each cell of a square grid and each class; cells grow until so many are left. */
export function thinned(dots: readonly Dot[]): { dots: Dot[]; cell: number } {
  let [left, cell] = [[...dots], 0];
  for (let size = 1.5; left.length > DOTS_MAX && size < 200; size *= 1.5) {
    const first = new Map<string, Dot>();
    for (const dot of dots) {
      const name = `${Math.floor(dot.x / size)} ${Math.floor(dot.y / size)} ${dot.of}`;
      if (!first.has(name)) first.set(name, dot);
    }
    [left, cell] = [[...first.values()], size];
  }
  return { dots: left, cell };
}

export interface DotClass {
  color: string;
  shape: Shape;
  opacity: number;
}

/** Class by class; each with its title while they are few, else as one path of each class. */
export function drawDots(dots: readonly Dot[], classes: readonly DotClass[]): string {
  const isTitled = dots.length <= TITLED_MAX;
  return classes
    .map(({ color, shape, opacity }, place) => {
      const own = dots.filter(({ of }) => of === place);
      if (own.length === 0) return '';
      const marks = isTitled
        ? own.map(({ x, y, run, title }) => `<path class="dot" data-run="${run}" d="${shapePath(shape, x, y)}"><title>${escapeXml(title)}</title></path>`).join('')
        : `<path class="dot" d="${own.map(({ x, y }) => shapePath(shape, x, y, 2.6)).join('')}"/>`;
      return `<g class="${color}" fill-opacity="${opacity}">${marks}</g>`;
    })
    .join('');
} // prettier-ignore

/** Between −0.5 and 0.5, the same each time: the golden ratio spreads numbers that follow each other. */
export function jitter(number: number): number {
  return ((number * 0.618_033_988_75) % 1) - 0.5;
}
