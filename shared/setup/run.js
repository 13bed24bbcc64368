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
  // Most of what loading makes stays: without this, V8 takes room for young objects that it never gives back.
  const { main, keep } = await loadManage(() => growYoungSpaceBy(1));
  await main(['run', ...flags]);
  setTimeout(() => {
    // V8 takes kept code only under the flags that it was kept under.
    growYoungSpaceBy(USUAL_GROWTH);
    keep();
    growYoungSpaceBy(1);
    collectGarbage();
    growYoungSpaceBy(USUAL_GROWTH);
  }, SETTLED_MS).unref();
}

/** V8's own. */
const USUAL_GROWTH = 2;

/** @type {(factor: number) => void} */
function growYoungSpaceBy(factor) {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

/**
 * What loading left, 10 MB: V8 by itself would get to it when much more is there. What stays moves together, too, or 5 MB of
 * room would be left between.
 */
function collectGarbage() {
  for (const flag of COLLECTING) setFlagsFromString(`--${flag}`);
  /** @type {() => void} */ (runInNewContext('gc'))();
  for (const flag of COLLECTING) setFlagsFromString(`--no-${flag}`);
}

const COLLECTING = ['expose-gc', 'compact-on-every-full-gc'];

/** @typedef {typeof import('../../manage.ts')} Manage */

/** Compiled once and kept; where that cannot be, translated on the way, as `npx tsx manage.ts` does. */
/** @type {(read: () => void) => Promise<{ main: Manage['main'], keep: () => void }>} */
async function loadManage(read) {
  try {
    const entry = await compiledEntry();
    traceSources(new URL('.', entry).href);
    const { exports, keep } = runKept(entry, read);
    return { main: /** @type {Manage} */ (exports).main, keep };
  } catch {
    const { register } = await import('tsx/esm/api');
    register();
    const { main } = await import('../../manage.ts');
    return { main, keep: () => undefined };
  }
}
