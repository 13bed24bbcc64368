// runs/attempts/attempt-views.ts
// Purpose: the attempts of a run, ready for its page.
// Why: a run that was never restarted and says nothing of its end needs no table.
// Relevant files: runs/run/run-views.ts, runs/templates/run.html, runs/attempts/attempt-queries.ts

import { formatCount, formatDuration, formatTime, middle, showTime, type ShownTime } from '../../shared/format.ts';
import type { ChartSettings } from '../curves/chart-settings.ts';
import { showChart, type ChartView } from '../curves/chart-views.ts';
import type { Curve } from '../curves/curves.ts';
import { RunStatus, type RunRow } from '../models.ts';
import { runState, showState, STALLED, type RunStateView } from '../run-state.ts';
import type { Attempt } from './attempt-queries.ts';

export interface AttemptView {
  number: number;
  latest: boolean;
  state: RunStateView;
  reason: string;
  started: ShownTime;
  startedExact: string;
  took: string;
  /** `gpu-1 · 4711` */
  where: string;
  superseded: string;
}

export function showAttempts(attempts: Attempt[], run: RunRow, now: number): AttemptView[] {
  if (attempts.length < 2 && !attempts.some(({ host, reason }) => host !== '' || reason !== '')) return [];
  return attempts.map((attempt) => ({
    number: attempt.number,
    latest: attempt.is_latest && attempts.length > 1,
    state: stateOf(attempt, run, now),
    reason: attempt.reason,
    started: showTime(attempt.start_time, now),
    startedExact: formatTime(attempt.start_time),
    took: attempt.end_time === null ? '–' : formatDuration(attempt.end_time - attempt.start_time),
    where: [attempt.host, attempt.pid].filter((part) => part !== '' && part !== null).join(' · '),
    superseded: attempt.superseded_points === 0 ? '–' : formatCount(attempt.superseded_points),
  }));
}

/** The latest is as its run is; an earlier one that never said that it ended is not running any more. */
function stateOf({ is_latest, status }: Attempt, run: RunRow, now: number): RunStateView {
  if (is_latest) return runState(run, now);
  return showState(status === RunStatus.Running ? STALLED : status);
}

/** A still picture: the interactive charts know of runs, not of attempts. Null where nothing was overtaken. */
export function showAttemptChart(curves: Curve[], settings: ChartSettings): ChartView | null {
  const [own] = curves;
  if (!own) return null;
  const chart = showChart(curves, own.key, settings, { size: 'normal', title: `${middle(own.key, 50)} by attempt` });
  const legend = chart.legend.map((item) => ({ ...item, href: chart.href }));
  return { ...chart, legend, tools: [], dataUrl: '' };
}
