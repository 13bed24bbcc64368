// runs/pictures/picture.ts
// Purpose: what every picture is made of: a drawing, words, figures, legend, the data behind it.
// Why: page, SVG, CSV, Markdown and JSON show any kind of picture without knowing which it is.
// Relevant files: runs/pictures/pictures.ts, runs/pictures/scatter.ts, runs/pictures/picture-views.ts, runs/pictures/picture-file.ts

import { formatNumber } from '../../shared/format.ts';
import type { Box } from '../curves/chart-svg.ts';
import type { Shape } from './dots.ts';
import type { Kind } from './picture-schemas.ts';

export interface Figure {
  name: string;
  value: number | null;
  text: string;
  /** Where /docs/statistics says how it is computed. */
  anchor: string;
}

export interface LegendItem {
  label: string;
  /** c0 … c9, or `none`. */
  color: string;
  shape: Shape;
  opacity: number;
}

export interface Picture {
  kind: Kind;
  title: string;
  /** In words, for who does not see it. */
  text: string;
  /** What is left out, what rule was used. */
  said: string[];
  /** Warnings, which stand above it. */
  notes: string[];
  figures: Figure[];
  legend: LegendItem[];
  columns: string[];
  rows: (number | string | null)[][];
  /** Of rows that are runs. */
  ids: string[] | null;
  /** Units high, at the width of a page. */
  height: number;
  /** Axes and marks within a box; '' where there is nothing to draw, which `empty` then says. */
  draw: (box: Box) => string;
  empty: string;
}

/** A figure with four decimals; `null` is said as a dash. */
export function figure(name: string, value: number | null | undefined, anchor = 'correlation'): Figure {
  return { name, value: value ?? null, text: formatNumber(value ?? null), anchor };
}

/** p below 0.001 is said so. */
export function pFigure(name: string, p: number | null | undefined): Figure {
  const shown = typeof p === 'number' && p < 0.001 ? '< 0.001' : formatNumber(p ?? null);
  return { ...figure(name, p), text: shown };
}
