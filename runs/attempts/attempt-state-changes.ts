// runs/attempts/attempt-state-changes.ts
// Purpose: what the latest attempt's row says of its state follows the run's.
// Why: people and scripts end and reopen runs without naming an attempt.
// Relevant files: runs/changes.ts, runs/attempts/attempt-changes.ts

import type { Db } from '../../shared/db/store.ts';
import type { RunRow } from '../models.ts';

export async function followRun(
  tx: Db,
  { seq, attempts }: Pick<RunRow, 'seq' | 'attempts'>,
  { status, end_time }: Pick<RunRow, 'status' | 'end_time'>,
): Promise<void> {
  if (attempts === 0) return;
  await tx.execute(
    `update run_attempts set status = ?, end_time = ? where run_seq = ?
      and no = (select no from run_attempts where run_seq = ? order by start_time desc, no desc limit 1)`,
    [status, end_time, seq, seq],
  );
}
