// shared/setup/run.js
// Purpose: installs what is missing, then hands over to `manage.ts run` in this same process.
// Why: apart from start.js, which must stay readable for an old Node.
// Relevant files: shared/setup/start.js, shared/setup/ensure.js, manage.ts

import { setTimeout } from 'node:timers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compiledEntry } from './compiled.js';
import { ensureInstalled } from './ensure.js';
import { runKept } from './kept-code.js';
import { traceSources } from './traces.js';

/** The first that ask have been answered by then, and what they need is compiled, too. */
const SETTLED_MS = 1_000;

/** @type {(flags: string[]) => Promise<void>} */
export async function start(flags) {
  ensureInstalled();
  const { main, keep } = await loadManage();
  // Most of what loading makes stays: without this, V8 takes room for young objects that it never gives back.
  setFlagsFromString('--semi-space-growth-factor=1');
  await main(['run', ...flags]);
  setFlagsFromString('--semi-space-growth-factor=2');
  setTimeout(() => {
    keep();
    collectGarbage();
  }, SETTLED_MS).unref();
}

/** What loading left, 10 MB: V8 by itself would get to it when much more is there. */
function collectGarbage() {
  setFlagsFromString('--expose-gc');
  /** @type {() => void} */ (runInNewContext('gc'))();
  setFlagsFromString('--no-expose-gc');
}

/** @typedef {typeof import('../../manage.ts')} Manage */

/** Compiled once and kept; where that cannot be, translated on the way, as `npx tsx manage.ts` does. */
/** @type {() => Promise<{ main: Manage['main'], keep: () => void }>} */
async function loadManage() {
  try {
    const entry = await compiledEntry();
    traceSources(new URL('.', entry).href);
    const { exports, keep } = runKept(entry);
    return { main: /** @type {Manage} */ (exports).main, keep };
  } catch {
    const { register } = await import('tsx/esm/api');
    register();
    const { main } = await import('../../manage.ts');
    return { main, keep: () => undefined };
  }
}
