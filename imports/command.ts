// imports/command.ts
// Purpose: `manage.ts import SOURCE`: checks, writes, and says what happened.
// Why: moving here is one command; a source that is broken leaves no trace.
// Relevant files: manage.ts, imports/write.ts, imports/detect.ts, imports/summary.ts

import type { Settings } from '../shared/config.ts';
import { openStore } from '../shared/db/open.ts';
import { UsageError } from '../shared/errors.ts';
import { name } from '../shared/schemas.ts';
import { openSource } from './detect.ts';
import { progressBar } from './progress-bar.ts';
import { formatSummary } from './summary.ts';
import { planImport, writeSource, type ImportSummary } from './write.ts';

/** The database is opened after the source has been read: a server may have it open too. */
export async function importCommand(settings: Settings, source: string, experiment?: string): Promise<void> {
  const into = experiment === undefined ? undefined : checkedName(experiment);
  const start = performance.now();
  const summary = await importFrom(settings, source, into);
  console.log(formatSummary(summary, performance.now() - start));
}

async function importFrom(settings: Settings, path: string, experiment?: string): Promise<ImportSummary> {
  const { onProgress, stop } = progressBar();
  try {
    const plan = await planImport(() => openSource(path), onProgress);
    const store = await openStore(settings);
    try {
      return await writeSource(store, settings.artifacts, await openSource(path), plan, { experiment, onProgress });
    } finally {
      await store.close();
    }
  } finally {
    stop();
  }
}

function checkedName(text: string): string {
  const parsed = name.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UsageError(`--experiment ${parsed.error.issues[0]?.message ?? 'is not a name'}`);
}
