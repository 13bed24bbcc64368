// shared/setup/run.js
// Purpose: installs what is missing, then hands over to `manage.ts run` in this same process.
// Why: apart from start.js, which must stay readable for an old Node.
// Relevant files: shared/setup/start.js, shared/setup/ensure.js, manage.ts

import module from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { compiledEntry } from './compiled.js';
import { ensureInstalled } from './ensure.js';
import { traceSources } from './traces.js';

/** @type {(flags: string[]) => Promise<void>} */
export async function start(flags) {
  ensureInstalled();
  // Node 22 and newer keep compiled code on disk between starts.
  /** @type {{ enableCompileCache?: () => unknown }} */ (module).enableCompileCache?.();
  // Loading leaves much garbage behind; without this, V8 keeps the room for it for ever: 20 MB that are never used again.
  setFlagsFromString('--optimize-for-size');
  const { main } = await loadManage();
  await main(['run', ...flags]);
  setFlagsFromString('--no-optimize-for-size');
}

/** Compiled once and kept; where that cannot be, translated on the way, as `npx tsx manage.ts` does. */
async function loadManage() {
  try {
    const entry = await compiledEntry();
    traceSources(new URL('.', entry).href);
    return /** @type {typeof import('../../manage.ts')} */ (await import(entry));
  } catch {
    const { register } = await import('tsx/esm/api');
    register();
    return import('../../manage.ts');
  }
}
