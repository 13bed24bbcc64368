// runs/attempts/attempt-schemas.ts
// Purpose: what the API of a run's attempts takes and gives.
// Why: requests are checked and answers promised in one place.
// Relevant files: runs/attempts/attempt-routes.ts, runs/schemas.ts, shared/schemas.ts

import { z } from 'zod';
import { LIMITS } from '../../shared/limits.ts';
import { runId, text, time } from '../../shared/schemas.ts';
import { RunStatus } from '../models.ts';
import { runStatus } from '../schemas.ts';

export const attemptParams = z.object({ id: runId, attempt: runId });

export const attemptCreate = z.strictObject({
  id: runId.optional().describe('Your own id, so that sending the same request again makes no second attempt.'),
  start_time: time.optional().describe('Says which attempt is later; the time of arrival where left out.'),
  host: text(LIMITS.name).optional(),
  pid: z.int('must be a whole number').min(0).optional(),
});
export type AttemptCreate = z.infer<typeof attemptCreate>;

export const attemptPatch = z.strictObject({
  status: z.enum([RunStatus.Finished, RunStatus.Failed, RunStatus.Killed]),
  end_time: time.optional(),
  reason: text(LIMITS.tagValue).optional().describe('Why it ended: a signal, an exception.'),
});
export type AttemptPatch = z.infer<typeof attemptPatch>;

export const attemptOut = z.object({
  number: z.number().describe('1, 2, 3 … in the order in which they began.'),
  id: z.string().nullable().describe('null: of a run that had begun before its first attempt was told.'),
  start_time: z.number(),
  end_time: z.number().nullable(),
  status: runStatus,
  reason: z.string(),
  host: z.string(),
  pid: z.number().nullable(),
  is_latest: z.boolean(),
  superseded_points: z.number().describe('Points that a later attempt stands before: `…/points?key=…&attempt=…`.'),
});
export const attemptsOut = z.object({ items: z.array(attemptOut) });
