// shared/setup/run.js
// Purpose: installs what is missing, then hands over to `manage.ts run` in this same process.
// Why: apart from start.js, which must stay readable for an old Node.
// Relevant files: shared/setup/start.js, shared/setup/ensure.js, manage.ts

import module from 'node:module';
import { ensureInstalled } from './ensure.js';

/** @type {(flags: string[]) => Promise<void>} */
export async function start(flags) {
  ensureInstalled();
  // Node 22 and newer keep compiled code on disk between starts.
  /** @type {{ enableCompileCache?: () => unknown }} */ (module).enableCompileCache?.();
  const { register } = await import('tsx/esm/api');
  register();
  const { main } = await import('../../manage.ts');
  await main(['run', ...flags]);
}
