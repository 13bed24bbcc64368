// runs/status.ts
// Purpose: a run's states: which are final, which may follow which, and when a running one counts as stalled.
// Why: states tell the truth only if nothing changes them by accident.
// Relevant files: runs/models.ts, runs/changes.ts, runs/run/run-views.ts

import { conflict } from '../shared/errors.ts';
import { RunStatus, type RunRow } from './models.ts';

const NEXT: Record<RunStatus, readonly RunStatus[]> = {
  [RunStatus.Scheduled]: [RunStatus.Running, RunStatus.Finished, RunStatus.Failed, RunStatus.Killed],
  [RunStatus.Running]: [RunStatus.Finished, RunStatus.Failed, RunStatus.Killed],
  [RunStatus.Finished]: [],
  [RunStatus.Failed]: [],
  [RunStatus.Killed]: [],
};

/** Not heard of for this long, a running run is shown as stalled. It goes on by itself when it speaks again. */
export const STALLED_AFTER_MS = 15 * 60 * 1000;

/** The states a run may be given from this one; none: it has ended and must be reopened first. */
export function nextStatuses(status: RunStatus): readonly RunStatus[] {
  return NEXT[status];
}

export function isFinal(status: RunStatus): boolean {
  return NEXT[status].length === 0;
}

export function isStalled(run: Pick<RunRow, 'status' | 'heard_at'>, now: number): boolean {
  return run.status === RunStatus.Running && now - run.heard_at > STALLED_AFTER_MS;
}

export function checkTransition(from: RunStatus, to: RunStatus): void {
  if (from === to || NEXT[from].includes(to)) return;
  const hint = isFinal(from)
    ? 'Reopen it first (POST /api/runs/{id}/reopen).'
    : `From ${from} it can become ${NEXT[from].join(', ')}.`;
  throw conflict('status', `A run that is ${from} cannot become ${to}. ${hint}`);
}
