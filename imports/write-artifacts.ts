// imports/write-artifacts.ts
// Purpose: artifacts of a run that is imported: contents into the store, then their rows with the run.
// Why: files are copied outside the transaction, so that nobody waits for them; what is here already is not copied again.
// Relevant files: imports/write-run.ts, runs/artifacts/artifact-store.ts, runs/artifacts/artifact-queries.ts

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { findArtifact, recordArtifact } from '../runs/artifacts/artifact-queries.ts';
import { saveArtifact } from '../runs/artifacts/artifact-store.ts';
import type { SavedContent } from '../runs/artifacts/contents.ts';
import { dropContents } from '../runs/artifacts/dropped-changes.ts';
import type { Db } from '../shared/db/store.ts';
import { Problem } from '../shared/errors.ts';
import type { SourceArtifact, SourceRun } from './records.ts';
import type { Remarks } from './remarks.ts';
import type { Tally } from './tally.ts';
import type { Writing } from './writing.ts';

export interface KeptFile extends SavedContent {
  path: string;
}

/** Saves the contents that are not here yet. A file that is here under the same name with other contents stays. */
export async function keepContents({ store, contents, tally, remarks }: Writing, run: SourceRun): Promise<KeptFile[]> {
  const kept: KeptFile[] = [];
  for await (const { path, file } of run.artifacts()) {
    const here = await findArtifact(store.read, run.id, path);
    if (!here) {
      const saved = await saveArtifact(store, contents, file).catch((error: unknown) => problemOf(error));
      if (saved instanceof Problem) leaveOut(run.id, path, saved.message, tally, remarks);
      else kept.push({ path, ...saved });
    } else if (here.sha256 === (await sha256Of(file))) tally.count('artifacts', 'known');
    else leaveOut(run.id, path, 'it has other contents here', tally, remarks);
  }
  return kept;
}

/** Names the saved contents. Nothing is written for a name that is refused. */
export async function linkContents(
  tx: Db,
  runId: string,
  files: KeptFile[],
  now: number,
  { tally, remarks }: { tally: Tally; remarks: Remarks },
): Promise<void> {
  for (const file of files) {
    const done = await recordArtifact(tx, runId, file, now).catch((error: unknown) => problemOf(error));
    if (done instanceof Problem) {
      leaveOut(runId, file.path, done.message, tally, remarks);
      await dropContents(tx, file.sha256, now);
    } else tally.count('artifacts', 'written');
  }
}

/** What a user's file may be refused for; everything else is thrown on: a full disk, a storage that does not answer. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem && error.status < 500) return error;
  throw error;
}

function leaveOut(runId: string, path: string, why: string, tally: Tally, remarks: Remarks): void {
  tally.count('artifacts', 'left');
  remarks.skip(`artifact ${JSON.stringify(path)} of run ${runId}`, why);
}

async function sha256Of(file: SourceArtifact['file']): Promise<string> {
  const hash = createHash('sha256');
  if (typeof file !== 'string') return hash.update(file).digest('hex');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
