// runs/receipt.ts
// Purpose: what a receipt means over HTTP: part of a batch rejected is an answer, all of it is an error.
// Why: a script that looks at the status only must not believe that its data is there when none of it is.
// Relevant files: runs/series-api.ts, runs/api.ts, runs/ingest.ts

import { Problem } from '../shared/errors.ts';
import { firstErrors } from '../shared/http/field-errors.ts';
import type { Receipt } from './schemas.ts';

/** 422 when a batch was rejected as a whole. Thrown in the transaction, so that nothing of it stays. */
export function acceptSome({ accepted, duplicates, rejected }: Receipt): void {
  if (rejected.length > 0 && accepted + duplicates === 0)
    throw refused(422, 'Nothing of this batch can be stored.', rejected);
}

/** 409 when a run that is there has other params than those sent with its id. */
export function acceptAll({ rejected }: Receipt): void {
  if (rejected.length > 0) throw refused(409, 'The run is there already, with other params.', rejected);
}

function refused(status: number, detail: string, rejected: Receipt['rejected']): Problem {
  const errors = firstErrors(rejected.map(({ path, reason }) => ({ path, message: reason })));
  return new Problem(status, `${detail} ${errors[0]?.path}: ${errors[0]?.message}.`, errors);
}
