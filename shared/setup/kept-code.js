// shared/setup/kept-code.js
// Purpose: runs a CommonJS file with what V8 compiled of it in an earlier start, kept beside it.
// Why: parsing and compiling 4 MB takes a fifth of the start, and is the same each time.
// Relevant files: shared/setup/run.js, shared/setup/compiled.js

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

/**
 * What the module at `url` exports, and `keep`, to be called when all is compiled that a start needs. `read`: told when
 * V8 has the code, before it runs: from then on its flags may change, and must be as they were when `keep` is called.
 */
/** @type {(url: string, read: () => void) => { exports: unknown, keep: () => void }} */
export function runKept(url, read) {
  const file = fileURLToPath(url);
  const kept = readKept(file);
  const script = new vm.Script(module.wrap(readFileSync(file, 'utf8')), {
    filename: file,
    cachedData: kept,
  });
  read();
  const made = { exports: {} };
  /** @type {(...args: unknown[]) => void} */ (script.runInThisContext())(
    made.exports,
    createRequire(file),
    made,
    file,
    path.dirname(file),
  );
  // Another version of V8, or other flags: it has compiled the text anew.
  const isOld = kept === undefined || script.cachedDataRejected === true;
  return { exports: made.exports, keep: () => void (isOld && writeKept(file, script.createCachedData())) };
}

/** @type {(file: string) => Buffer | undefined} */
function readKept(file) {
  try {
    return readFileSync(`${file}.code`);
  } catch {
    return undefined;
  }
}

/** @type {(file: string, code: Buffer) => void} */
function writeKept(file, code) {
  try {
    writeFileSync(`${file}.${process.pid}`, code);
    renameSync(`${file}.${process.pid}`, `${file}.code`);
  } catch {
    // In a read-only folder each start compiles.
  }
}
