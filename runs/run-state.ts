// runs/run-state.ts
// Purpose: a run's state as a word with a tone.
// Why: states are words with a dot, the same everywhere; "stalled" is derived here and never stored.
// Relevant files: runs/status.ts, runs/run/run-views.ts, experiments/views.ts

import { RUN_STATUSES, RunStatus, type RunRow } from './models.ts';
import { isStalled } from './status.ts';

/** What a running run is called that has not been heard of for a while. Derived, never stored. */
export const STALLED = 'stalled';
export type RunState = RunStatus | typeof STALLED;

/** In the order in which counts are said. */
export const RUN_STATES: RunState[] = RUN_STATUSES.flatMap((status): RunState[] =>
  status === RunStatus.Running ? [status, STALLED] : [status],
);

export interface RunStateView {
  label: string;
  tone: 'ok' | 'run' | 'fail' | 'kill' | 'plain';
}

const TONES: Record<RunStatus, RunStateView['tone']> = {
  [RunStatus.Scheduled]: 'plain',
  [RunStatus.Running]: 'run',
  [RunStatus.Finished]: 'ok',
  [RunStatus.Failed]: 'fail',
  [RunStatus.Killed]: 'kill',
};

export function runState(run: Pick<RunRow, 'status' | 'heard_at'>, now: number): RunStateView {
  return showState(isStalled(run, now) ? STALLED : run.status);
}

export function showState(state: RunState): RunStateView {
  return { label: state, tone: state === STALLED ? 'kill' : TONES[state] };
}
