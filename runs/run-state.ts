// runs/run-state.ts
// Purpose: a run's state as a word with a tone.
// Why: states are words with a dot, the same everywhere; "stalled" is derived here and never stored.
// Relevant files: runs/status.ts, runs/run/run-views.ts, experiments/views.ts

import { RunStatus, type RunRow } from './models.ts';
import { isStalled } from './status.ts';

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
  if (isStalled(run, now)) return { label: 'stalled', tone: 'kill' };
  return { label: run.status, tone: TONES[run.status] };
}
