// runs/curves/chart-settings.ts
// Purpose: how a chart is drawn, as query arguments: x, scale, smooth, buckets, from, to.
// Why: the URL is the view; pages, pictures and the API take the same names with the same checks.
// Relevant files: runs/curves/curves.ts, runs/curves/chart-views.ts, runs/curves/curve-routes.ts

import { z } from 'zod';
import { badField } from '../../shared/errors.ts';
import { LIMITS } from '../../shared/limits.ts';

export const XAxis = { Step: 'step', Time: 'time', Relative: 'relative' } as const;
export type XAxis = (typeof XAxis)[keyof typeof XAxis];

export const Scale = { Linear: 'linear', Log: 'log' } as const;
export type Scale = (typeof Scale)[keyof typeof Scale];

/** A form without JavaScript sends its empty fields too: they mean "as by default". */
function orBlank<T extends z.ZodType>(field: T): z.ZodPreprocess<T> {
  return z.preprocess((value) => (value === '' ? undefined : value), field);
}

/** Not `z.coerce`: that takes `0x10`, spaces and `true` for numbers. */
function numberIn(message: string, min: number, max: number): z.ZodPreprocess<z.ZodNumber> {
  const isDecimal = (value: unknown): value is string => typeof value === 'string' && /^-?\d*\.?\d+$/.test(value);
  return z.preprocess(
    (value) => (isDecimal(value) ? Number(value) : value),
    z.number(message).min(min, message).max(max, message),
  );
}

const step = numberIn('must be a step: a whole number', -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).refine(
  Number.isInteger,
  'must be a step: a whole number',
);

/** To be spread into the `z.strictObject` of a page's or endpoint's query; read back with `settingsOf`. */
export const chartFields = {
  x: orBlank(z.enum(XAxis, 'must be step, time or relative').default(XAxis.Step)).describe(
    'step; time (UTC); relative: seconds since the start of the run.',
  ),
  scale: orBlank(z.enum(Scale, 'must be linear or log').default(Scale.Linear)).describe('linear or log.'),
  smooth: orBlank(numberIn('must be a number from 0 to 0.99', 0, 0.99).default(0)).describe(
    'Weight of the past in the smoothed line, 0 to 0.99.',
  ),
  buckets: orBlank(
    numberIn(`must be a whole number from 1 to ${LIMITS.curveBuckets}`, 1, LIMITS.curveBuckets)
      .refine(Number.isInteger, 'must be a whole number')
      .optional(),
  ).describe('Stretches a long series is cut into, extremes kept; 320 where left out, fewer in small pictures.'),
  from: orBlank(step.optional()).describe('The first step shown.'),
  to: orBlank(step.optional()).describe('The last step shown.'),
};

export interface ChartSettings {
  x: XAxis;
  scale: Scale;
  /** 0: none; see runs/curves/smoothing.ts */
  smooth: number;
  /** undefined: as many as the picture has room for */
  buckets?: number | undefined;
  /** first and last step shown; undefined: all */
  from?: number | undefined;
  to?: number | undefined;
}

export const DEFAULT_SETTINGS: ChartSettings = { x: XAxis.Step, scale: Scale.Linear, smooth: 0 };

/** Buckets where neither the URL nor the size of the picture says otherwise. */
export const DEFAULT_BUCKETS = 320;

/** The chart's part of a checked query; a stretch of steps that is upside down is a bad field. */
export function settingsOf({ x, scale, smooth, buckets, from, to }: ChartSettings): ChartSettings {
  if (from !== undefined && to !== undefined && from > to) throw badField('?from', 'must not lie beyond `to`');
  return { x, scale, smooth, buckets, from, to };
}

/** Settings as query arguments, defaults left out, so that the usual URL is short. */
export function settingsQuery(settings: ChartSettings): Record<string, string | number | undefined> {
  const { x, scale, smooth, buckets, from, to } = settings;
  return {
    x: x === DEFAULT_SETTINGS.x ? undefined : x,
    scale: scale === DEFAULT_SETTINGS.scale ? undefined : scale,
    smooth: smooth === 0 ? undefined : smooth,
    buckets,
    from,
    to,
  };
}
