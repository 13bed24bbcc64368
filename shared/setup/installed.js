// shared/setup/installed.js
// Purpose: tells whether node_modules is what package-lock.json asks for, and built for this Node.
// Why: the stamp makes the usual start quick; npm's own record spares those who ran `npm ci` themselves.
// Relevant files: shared/setup/ensure.js, tests/setup/installed.test.ts

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const STAMP = 'node_modules/.tracker-stamp';
const BINDING = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';

/** The lock file's sha256 and what native code depends on: another lock or another Node makes another stamp. */
/** @type {(root: string) => string} */
function stampFor(root) {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform}-${process.arch} abi ${process.versions.modules}\n`;
}

/** @type {(root: string) => boolean} */
export function isStamped(root) {
  try {
    return readFileSync(path.join(root, STAMP), 'utf8') === stampFor(root);
  } catch {
    return false;
  }
}

/** @type {(root: string) => void} */
export function writeStamp(root) {
  try {
    writeFileSync(path.join(root, STAMP), stampFor(root));
  } catch {
    // In a read-only folder everything works without a stamp, a little slower.
  }
}

/** @type {(root: string) => boolean} */
export function bindingIsThere(root) {
  return existsSync(path.join(root, BINDING));
}

/**
 * Compares the lock with npm's record of what it installed, version by version; packages that npm
 * left out for good reason (optional ones of other systems) are not missed.
 * @type {(root: string) => boolean}
 */
export function packagesMatchLock(root) {
  const wanted = packagesIn(path.join(root, 'package-lock.json'));
  const found = packagesIn(path.join(root, 'node_modules/.package-lock.json'));
  return Object.entries(wanted).every(
    ([where, entry]) => where === '' || entry.optional === true || found[where]?.version === entry.version,
  );
}

/** @type {(file: string) => Record<string, { version?: string, optional?: boolean }>} */
function packagesIn(file) {
  if (!existsSync(file)) return {};
  const lock = /** @type {{ packages?: Record<string, { version?: string, optional?: boolean }> }} */ (
    JSON.parse(readFileSync(file, 'utf8'))
  );
  return lock.packages ?? {};
}
