// imports/writing.ts
// Purpose: what one import carries from run to run: where it writes, what it has counted, what it has to say.
// Why: the writers of runs and of artifacts share it without knowing each other.
// Relevant files: imports/write.ts, imports/write-run.ts, imports/write-artifacts.ts

import type { Contents } from '../runs/artifacts/contents.ts';
import type { Store } from '../shared/db/store.ts';
import type { Remarks } from './remarks.ts';
import type { Tally } from './tally.ts';

export interface Writing {
  store: Store;
  /** Where contents of artifacts go. */
  contents: Contents;
  tally: Tally;
  remarks: Remarks;
  /** ms since the epoch */
  importedAt: number;
}
