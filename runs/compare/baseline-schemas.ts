// runs/compare/baseline-schemas.ts
// Purpose: what sets a baseline through API and forms, and what the API says of it.
// Why: a run or a group, never both; both ways in check the same.
// Relevant files: runs/compare/baseline-api.ts, runs/compare/baseline-routes.ts, runs/compare/baseline-changes.ts

import { z } from 'zod';
import { LIMITS } from '../../shared/limits.ts';
import { experimentId, runId, text } from '../../shared/schemas.ts';
import { localPath } from '../table/bulk-schemas.ts';

export const baselineParams = z.object({ id: experimentId });

const filter = text(LIMITS.query);
const choice = { run: runId.optional(), group: filter.optional() };

export const baselineBody = z
  .strictObject({
    run: choice.run.describe('The id of a run of the experiment.'),
    group: choice.group.describe('A filter: the runs that match it, whichever they are then.'),
  })
  .refine(({ run, group }) => (run === undefined) !== (group === undefined), 'must have either `run` or `group`');

/** Of our own forms and of the address that undoes them; neither: there is to be no baseline. */
export const baselineForm = z.object({ ...choice, back: localPath.optional() });
