// runs/groups/group-dots.ts
// Purpose: the runs of a group as dots on one scale for all groups, with mean and range.
// Why: a mean of three that lie apart looks different from one of three that agree.
// Relevant files: runs/groups/group-row-views.ts, runs/templates/groups.html

import type { Group, MetricOfGroup, RunGroups } from './groups.ts';

export interface Scale {
  from: number;
  to: number;
}

/** Of all values of the main metric, so that rows can be compared. */
export function scaleOf({ groups, main }: RunGroups): Scale | null {
  const all = groups.flatMap(({ metrics }) => (main === null ? [] : (metrics.get(main)?.stats ?? [])));
  if (all.length === 0) return null;
  const [from, to] = all.reduce(
    ([low, high], { min, max }) => [Math.min(low, min), Math.max(high, max)],
    [Infinity, -Infinity],
  );
  return { from, to };
}

const DOTS_WIDTH = 160;

const DOTS_EDGE = 4;

/** Of more, only the mean and the range are drawn. */
const DOTS_MAX = 24;

/** Each run as a dot, the mean as a line; px. */
export function showDots(group: Group, metric: MetricOfGroup | undefined, { from, to }: Scale): unknown {
  if (!metric?.stats) return null;
  // The distance of two values beyond ±9e307 is no number; that of their halves is.
  const part = Number.isFinite(to - from) ? 1 : 0.5;
  const x = (value: number): string => {
    const share = to > from ? (value * part - from * part) / (to * part - from * part) : 0.5;
    return (DOTS_EDGE + share * (DOTS_WIDTH - 2 * DOTS_EDGE)).toFixed(1);
  };
  const values = metric.values.filter((value) => value !== null);
  return {
    mean: x(metric.stats.mean),
    from: x(metric.stats.min),
    to: x(metric.stats.max),
    dots: values.length <= DOTS_MAX ? values.map(x) : [],
    label: values.length <= DOTS_MAX ? values.join(', ') : `${metric.stats.min} to ${metric.stats.max}`,
  };
}
