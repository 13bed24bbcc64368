// experiments/experiment-state.ts
// Purpose: an experiment's status and the states of its runs, as words.
// Why: the same words with the same tone in lists, tables and on the page.
// Relevant files: experiments/views.ts, runs/table/experiment-views.ts, runs/run-state.ts

import { RUN_STATES } from '../runs/run-state.ts';
import { formatCount } from '../shared/format.ts';
import { ExperimentStatus } from './models.ts';
import type { RunCounts } from './run-count-queries.ts';

export interface StateView {
  label: string;
  tone: 'ok' | 'run' | 'fail' | 'kill' | 'plain';
}

const TONES: Record<ExperimentStatus, StateView['tone']> = {
  [ExperimentStatus.Draft]: 'plain',
  [ExperimentStatus.Active]: 'run',
  [ExperimentStatus.Completed]: 'ok',
  [ExperimentStatus.Archived]: 'plain',
};

export function experimentState(status: ExperimentStatus): StateView {
  return { label: status, tone: TONES[status] };
}

export function sumCounts(counts: RunCounts): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

/** `25 finished · 1 failed` */
export function countsInWords(counts: RunCounts): string {
  return RUN_STATES.filter((state) => counts[state])
    .map((state) => `${formatCount(counts[state] ?? 0)} ${state}`)
    .join(' · ');
}
