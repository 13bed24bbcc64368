// runs/curves/curve-json.ts
// Purpose: curves as the JSON that scripts and the charts of a page ask for: axes with ticks, captions, buckets or columns.
// Why: the browser draws what the server counted, with the labels that the picture has.
// Relevant files: runs/curves/curve-routes.ts, runs/curves/curve-schemas.ts, shared/static/chart-data.js

import { Band, type ChartSettings } from './chart-settings.ts';
import { axesOf, type Size } from './chart-axes.ts';
import type { Axis } from './chart-scale.ts';
import type { Tick } from './chart-ticks.ts';
import { axisName, captionOf, saidOf } from './chart-words.ts';
import { colorsFor } from './colors.ts';
import { columnsOf } from './curve-columns.ts';
import { CurveShape, type CurvesOut } from './curve-schemas.ts';
import type { Curve } from './curves.ts';

function showAxis({ min, max, ticks }: Axis, name: string): { name: string; min: number; max: number; ticks: Tick[] } {
  return { name, min, max, ticks };
}

export function curvesAnswer(
  curves: Curve[],
  key: string,
  settings: ChartSettings,
  size: Size,
  shape: CurveShape,
): CurvesOut {
  const asColumns = shape === CurveShape.Columns;
  const axes = axesOf(curves, settings, size);
  const colors = colorsFor(curves.map(({ run }) => run));
  return {
    key,
    x: settings.x,
    scale: settings.scale,
    caption: captionOf(curves, settings),
    said: saidOf(curves, key, settings),
    axes: axes && {
      x: showAxis(axes.x, axisName(settings, axes.x)),
      y: { ...showAxis(axes.y, key), linear_to: axes.y.linearTo },
    },
    curves: curves.map(({ run, members, count, shown, nonfinite_count, nonpositive_count, buckets }) => ({
      run_id: run.id,
      label: run.name,
      title: run.title ?? run.name,
      members,
      band: members === undefined ? undefined : (settings.band ?? Band.Std),
      ...(colors.get(run.id) ?? { color: 'c0', dash: 'd0' }),
      count,
      shown,
      nonfinite_count,
      nonpositive_count,
      ...(asColumns ? { buckets: [], columns: columnsOf(buckets) } : { buckets }),
    })),
  };
}
