// tests/setup/installed.test.ts
// Purpose: when node_modules counts as installed, and when not.
// Why: a false yes fails later in a way nobody understands; a false no costs a minute at every start.
// Relevant files: shared/setup/installed.js, shared/setup/ensure.js

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bindingIsThere, isStamped, packagesMatchLock, writeStamp } from '../../shared/setup/installed.js';
import { projectRoot } from '../../shared/setup/root.js';

interface Entry {
  version: string;
  optional?: boolean;
}

const LOCKED = { 'node_modules/zod': { version: '4.0.0' }, 'node_modules/yaml': { version: '2.0.0' } };

let root = '';

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'a clone '));
  mkdirSync(path.join(root, 'node_modules'));
  writeLock('package-lock.json', LOCKED);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function writeLock(file: string, packages: Record<string, Entry>): void {
  writeFileSync(path.join(root, file), JSON.stringify({ packages: { '': { name: 'x' }, ...packages } }));
}

describe('packages', () => {
  it('match when npm recorded each version of the lock', () => {
    writeLock('node_modules/.package-lock.json', LOCKED);
    expect(packagesMatchLock(root)).toBe(true);
  });

  it('do not match when nothing was installed', () => {
    expect(packagesMatchLock(root)).toBe(false);
  });

  it('do not match when the lock asks for another version, or one more', () => {
    writeLock('node_modules/.package-lock.json', { ...LOCKED, 'node_modules/zod': { version: '3.9.9' } });
    expect(packagesMatchLock(root)).toBe(false);
    writeLock('node_modules/.package-lock.json', { 'node_modules/zod': { version: '4.0.0' } });
    expect(packagesMatchLock(root)).toBe(false);
  });

  it('match without the optional ones of other systems', () => {
    writeLock('package-lock.json', { ...LOCKED, 'node_modules/other-os': { version: '1.0.0', optional: true } });
    writeLock('node_modules/.package-lock.json', LOCKED);
    expect(packagesMatchLock(root)).toBe(true);
  });

  it('match in this very checkout, where the tests run', () => {
    expect(packagesMatchLock(projectRoot)).toBe(true);
    expect(bindingIsThere(projectRoot)).toBe(true);
  });
});

describe('the stamp', () => {
  it('holds until the lock changes', () => {
    expect(isStamped(root)).toBe(false);
    writeStamp(root);
    expect(isStamped(root)).toBe(true);
    writeLock('package-lock.json', { ...LOCKED, 'node_modules/zod': { version: '4.0.1' } });
    expect(isStamped(root)).toBe(false);
  });

  it('is no reason to fail where it cannot be written', () => {
    rmSync(path.join(root, 'node_modules'), { recursive: true });
    expect(() => writeStamp(root)).not.toThrow();
    expect(isStamped(root)).toBe(false);
  });
});
