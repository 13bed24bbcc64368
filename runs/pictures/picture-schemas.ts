// runs/pictures/picture-schemas.ts
// Purpose: what the pictures of an experiment take in their URL and give as JSON.
// Why: page, SVG, CSV, Markdown and JSON of the same picture share one query: the URL is the view.
// Relevant files: runs/pictures/picture-routes.ts, runs/pictures/fields.ts, runs/pictures/pictures.ts

import { z } from 'zod';
import { many, wholeNumber } from '../../shared/schemas.ts';
import { Theme } from '../curves/chart-file.ts';
import { savedView, tableQuery } from '../page-schemas.ts';

export const Kind = {
  Scatter: 'scatter',
  Histogram: 'histogram',
  Boxes: 'boxes',
  Parallel: 'parallel',
  Importance: 'importance',
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export const AxisScale = { Auto: 'auto', Linear: 'linear', Log: 'log' } as const;
export type AxisScale = (typeof AxisScale)[keyof typeof AxisScale];

/** What a picture is made of; a choice of a form that was left open is none. */
const fieldText = z
  .string()
  .max(510)
  .regex(
    /^(params\.[^\0]+|metrics\.[^\0]+|tags\.[^\0]+|duration|started|configuration)$/,
    'must be params.KEY, metrics.KEY, tags.KEY, duration, started or configuration',
  );
const open = <T extends z.ZodType>(schema: T): z.ZodPreprocess<z.ZodOptional<T>> =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const scale = z.enum(AxisScale, 'must be auto, linear or log').default(AxisScale.Auto);

const AXES_MAX = 12;

export const pictureQuery = tableQuery.pick({ q: true, where: true, status: true, tag: true }).extend({
  kind: z
    .enum(Kind, 'must be scatter, histogram, boxes, parallel or importance')
    .default(Kind.Scatter)
    .describe('Which picture.'),
  x: open(fieldText).describe(
    'Across: `params.KEY`, `metrics.KEY`, `tags.KEY`, `duration`, `started` or `configuration` (seeds together). Of boxes: what they are parted by; of a histogram: what is counted.',
  ),
  y: open(fieldText).describe('Upwards; of importance: what depends on the params.'),
  color: open(fieldText).describe('What points and lines are coloured by.'),
  xscale: scale.describe('auto: log where all values are above 0 and the greatest is 100 times the least.'),
  yscale: scale,
  bins: z
    .preprocess((value) => (value === '' ? undefined : value), wholeNumber('a number of bins', 1, 200).optional())
    .describe('Of a histogram; without it by the rule of Freedman and Diaconis.'),
  axis: many(fieldText, `must be given at most ${AXES_MAX} times`).optional().describe('Of parallel coordinates, in this order.'),
}); // prettier-ignore
export type PictureQuery = z.infer<typeof pictureQuery>;

/** At the page's own address, which a saved view may have named. */
export const picturePageQuery = pictureQuery.extend({ view: savedView });
export type PicturePageQuery = z.infer<typeof picturePageQuery>;

/** A file of its own: its measures and colours. */
export const pictureFileQuery = picturePageQuery.extend({
  width: wholeNumber('a whole number', 200, 4_000).optional().describe('Of the whole picture, px.'),
  height: wholeNumber('a whole number', 120, 4_000).optional(),
  theme: z.enum(Theme, 'must be auto, light or dark').default(Theme.Auto).describe('auto: as the viewer prefers.'),
});
export type PictureFileQuery = z.infer<typeof pictureFileQuery>;

/** Bounds of axes as a form sends them: `brush=params.lr&from=0.01&to=` once for each axis, `is` for one of texts. */
const texts = z.preprocess((value) => [value ?? []].flat(), z.array(z.string().max(200)).max(AXES_MAX));
export const brushQuery = picturePageQuery.extend({ brush: texts, from: texts, to: texts });
export type BrushQuery = z.infer<typeof brushQuery>;

const cell = z.union([z.number(), z.string(), z.null()]);

export const pictureOut = z.object({
  kind: z.enum(Kind),
  title: z.string(),
  text: z.string().describe('The picture in words.'),
  said: z.array(z.string()).describe('What is left out, and how it is counted.'),
  runs: z.number().describe('Runs that the filter finds.'),
  figures: z.array(z.object({ name: z.string(), value: z.number().nullable(), text: z.string() })),
  columns: z.array(z.string()),
  rows: z.array(z.array(cell)).describe('The data behind it, in the order of `columns`.'),
});
export type PictureOut = z.infer<typeof pictureOut>;
