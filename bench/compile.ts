// bench/compile.ts
// Purpose: one TypeScript file as JavaScript, so that a reference starts as a plain Node program does.
// Why: a reference that carries a compiler along starts slowly and looks larger than it is.
// Relevant files: bench/servers.ts, bench/limit.ts, shared/setup/compiled.js

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';
import { projectRoot } from '../shared/setup/root.js';

/** Below node_modules, so that it finds the packages. */
const CACHE = path.join(projectRoot, 'node_modules', '.cache', 'bench');

export function compiled(file: string): string {
  const { code } = transformSync(readFileSync(path.join(projectRoot, file), 'utf8'), {
    loader: 'ts',
    target: 'node20',
  });
  const made = path.join(CACHE, path.basename(file).replace(/\.ts$/, '.mjs'));
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(made, code);
  return made;
}
