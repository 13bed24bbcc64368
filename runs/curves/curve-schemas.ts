// runs/curves/curve-schemas.ts
// Purpose: what curve pages and endpoints take and give, as Zod schemas.
// Why: page, picture, table and JSON of the same curves share one query.
// Relevant files: runs/curves/curve-routes.ts, runs/curves/chart-settings.ts, shared/static/charts.js

import { z } from 'zod';
import { LIMITS } from '../../shared/limits.ts';
import { key, runIds, wholeNumber } from '../../shared/schemas.ts';
import { Theme } from './chart-file.ts';
import { Band, chartFields, Scale, XAxis } from './chart-settings.ts';
import { Size } from './chart-axes.ts';
import { bucketOut } from '../schemas.ts';
import { selectionFields } from '../compare/selection.ts';

const of = {
  run: runIds.describe(`At most ${LIMITS.compareRuns} run ids; one at least where no group or experiment is named.`),
  ...selectionFields,
  key: key.describe('The metric.'),
};

export const curvesQuery = z.strictObject({ ...of, ...chartFields });
export type CurvesQuery = z.infer<typeof curvesQuery>;

/** A picture or its data: its size decides how many ticks and buckets there are. */
export const curvePictureQuery = curvesQuery.extend({
  size: z
    .enum([Size.Small, Size.Normal, Size.Large], 'must be small, normal or large')
    .default(Size.Large)
    .describe(
      'Of the picture: it decides how many ticks there are, and how many buckets where they are not given: up to 20 lines have 320 each (small: 40 lines 160), more lines share 6,400, 64 each at least.',
    ),
});

/** How the numbers of a curve come: an object for each bucket, or an array for each of its numbers. */
export const CurveShape = { Buckets: 'buckets', Columns: 'columns' } as const;
export type CurveShape = (typeof CurveShape)[keyof typeof CurveShape];

export const curveDataQuery = curvePictureQuery.extend({
  shape: z
    .enum(CurveShape, 'must be buckets or columns')
    .default(CurveShape.Buckets)
    .describe('columns: each number of the buckets as an array, in `columns`; `buckets` is empty then.'),
});

/** A file of its own: its measures and colours. */
export const curveFileQuery = curvePictureQuery.extend({
  width: wholeNumber('a whole number', 200, 4_000)
    .optional()
    .describe('Of the whole picture, px; by `size` where left out.'),
  height: wholeNumber('a whole number', 120, 4_000)
    .optional()
    .describe('The same; the plot itself stays 80 px high at least.'),
  theme: z.enum(Theme, 'must be auto, light or dark').default(Theme.Auto).describe('auto: as the viewer prefers.'),
});

export const CsvRows = { Points: 'points', Means: 'means' } as const;

/** What a chart's address says, so that the ending alone makes a file of it. */
export const curveTableQuery = curvesQuery.extend({
  rows: z
    .enum(CsvRows, 'must be points or means')
    .optional()
    .describe('points: all of them; means: of each group, as it is drawn. Without it: means where groups are named.'),
});

const count = z.number();

const axisOut = z.object({
  name: z.string(),
  min: z.number(),
  max: z.number(),
  ticks: z.array(z.object({ value: z.number(), label: z.string() })),
});

const numbers = z.array(z.number());
const numbersOrNull = z.array(z.number().nullable());

const columnsOut = z
  .object({
    x: numbers,
    mean: numbersOrNull,
    from_step: numbers.optional(),
    to_step: numbers.optional(),
    min: numbersOrNull.optional(),
    max: numbersOrNull.optional(),
    smoothed: numbersOrNull.optional(),
    nonfinite_count: numbers.optional(),
    nan_count: numbers.optional(),
    inf_count: numbers.optional(),
  })
  .describe(
    'With shape=columns. Left out: `from_step` where all are x, `to_step` where all are from_step, `min` and `max` where all are ' +
      'the mean, `smoothed` where all are null, the others where all are 0.',
  );

export const curvesOut = z.object({
  key: z.string(),
  x: z.enum(XAxis),
  scale: z.enum(Scale),
  caption: z.string().describe('How many points of how many, in words.'),
  said: z.array(z.string()).describe('What a chart of this does not show, in words.'),
  axes: z
    .object({
      x: axisOut,
      y: axisOut.extend({ linear_to: z.number().optional().describe('c of a symlog scale, asinh(y / c).') }),
    })
    .nullable()
    .describe('From where to where, and round values between; null when there is nothing to draw.'),
  curves: z.array(
    z.object({
      run_id: z.string(),
      label: z.string().describe('What tells it apart: params that differ, else the name of the run.'),
      title: z.string().describe('The name of the run with its label, or the filter of the group.'),
      members: count.optional().describe('Of a group: runs that have the metric. Its `run_id` is `group 1` …'),
      color: z.string().describe('c0 to c9.'),
      dash: z.string().describe('d0 (solid) to d2.'),
      band: z.enum(Band).optional().describe('Of a group: what `min` and `max` of its buckets are.'),
      count: count.describe('Points of the whole series; 0: the run has no such metric.'),
      shown: count.describe('Points drawn: all, or the least and greatest of each bucket.'),
      nonfinite_count: count.describe('NaN and ±Infinity in the steps asked for.'),
      nonpositive_count: count.describe('Finite values ≤ 0 in the steps asked for; only counted for scale=log.'),
      buckets: z.array(
        bucketOut.extend({
          x: z
            .number()
            .describe('Step; ms since the epoch; seconds since the start of the run; or the value of `xmetric`.'),
          nan_count: count,
          inf_count: count.describe('+Infinity; what is left of nonfinite_count is −Infinity.'),
          mean: z.number().nullable().describe('Of the finite values.'),
          n: count
            .optional()
            .describe('Of a group: runs that count here; `mean` is theirs, `min` and `max` are the band.'),
          smoothed: z.number().nullable().describe('The smoothed mean; null without smoothing.'),
        }),
      ),
      columns: columnsOut.optional(),
    }),
  ),
});
export type CurvesOut = z.infer<typeof curvesOut>;
