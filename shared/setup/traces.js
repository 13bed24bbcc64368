// shared/setup/traces.js
// Purpose: stack traces of the compiled tracker name the lines of the sources.
// Why: Node's own way reads the maps of all packages at start, 5 MB of them; this reads ours, when an error is shown.
// Relevant files: shared/setup/run.js, shared/setup/compiled.js, tests/setup/traces.test.ts

import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** After the folder, which may have spaces and brackets in its name. */
const PLACE = /^(.*?\.cjs):(\d+):(\d+)/;

/** @type {(folder: string) => void} folder: URL of the compiled files, which lie beside their maps */
export function traceSources(folder) {
  const compiled = fileURLToPath(folder);
  Error.prepareStackTrace = (error, frames) => {
    const lines = frames.map((frame) => `\n    at ${inSources(textOf(frame), compiled)}`);
    return `${Error.prototype.toString.call(error)}${lines.join('')}`;
  };
}

/** @type {(frame: { toString: () => string }) => string} */
const textOf = (frame) => frame.toString();

/** @type {(frame: string, folder: string) => string} */
function inSources(frame, folder) {
  const start = frame.indexOf(folder);
  if (start < 0) return frame;
  const inside = frame.slice(start).replace(PLACE, (place, /** @type {string} */ file, line, column) => {
    const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry)) return place;
    const source = path.resolve(folder, entry.originalSource);
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
  return frame.slice(0, start) + inside;
}

/** @type {Map<string, SourceMap | undefined>} */
const maps = new Map();

/** @type {(file: string) => SourceMap | undefined} */
function mapOf(file) {
  if (!maps.has(file)) maps.set(file, readMap(`${file}.map`));
  return maps.get(file);
}

/** A trace without its lines is better than none. @type {(file: string) => SourceMap | undefined} */
function readMap(file) {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
