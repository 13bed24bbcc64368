// runs/curves/curve-text.ts
// Purpose: a chart as Markdown: what it says in words, and a row for each curve.
// Why: it goes into a message or a README where no picture can.
// Relevant files: runs/curves/chart-words.ts, runs/curves/chart-story.ts, runs/curves/curve-routes.ts, shared/text-tables.ts

import { formatCount, formatNumber, formatStep } from '../../shared/format.ts';
import { MARKDOWN, markdownTable } from '../../shared/text-tables.ts';
import type { ChartSettings } from './chart-settings.ts';
import { captionOf, describeChart, saidOf } from './chart-words.ts';
import type { Curve, CurveBucket } from './curves.ts';

export function curvesMarkdown(curves: readonly Curve[], key: string, settings: ChartSettings): string {
  const grouped = curves.some(({ members }) => members !== undefined);
  const head = [grouped ? 'group' : 'run', 'points', 'first', 'last', 'at step', 'least', 'greatest'];
  const rows = curves.map((curve) => {
    const finite = curve.buckets.filter(({ mean }) => mean !== null).toSorted((a, b) => a.from_step - b.from_step);
    const [first, last] = [finite[0], finite.at(-1)];
    const of = (pick: (bucket: CurveBucket) => number | null): number[] => finite.flatMap((one) => pick(one) ?? []);
    const extreme = (values: number[], which: (...all: number[]) => number): string =>
      values.length === 0 ? '–' : formatNumber(values.reduce((a, b) => which(a, b)));
    return [
      MARKDOWN.escape(curve.run.name),
      formatCount(curve.count),
      formatNumber(first?.mean ?? null),
      formatNumber(last?.mean ?? null),
      last ? formatStep(last.to_step) : '–',
      extreme(of(({ min }) => min), Math.min),
      extreme(of(({ max }) => max), Math.max),
    ]; // prettier-ignore
  });
  const words = [
    `${describeChart(curves, key, settings)}.`,
    `${captionOf(curves, settings)}.`,
    ...saidOf(curves, key, settings),
  ];
  return `${words.map((line) => MARKDOWN.escape(line)).join('\n')}\n\n${markdownTable({ head, rows, texts: 1 })}`;
}
