// shared/setup/compiled.js
// Purpose: the tracker and the packages it stands on as one JavaScript file, made once for each state of the sources and kept.
// Why: translating, finding and reading hundreds of modules at each start costs more than all the rest of it together.
// Relevant files: shared/setup/run.js, shared/setup/kept-code.js, manage.ts

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from './root.js';

const PACKAGES = path.join(projectRoot, 'node_modules');
const CACHE = path.join(PACKAGES, '.cache', 'tracker');
/** Folders without code of the server. */
const NOT_CODE = new Set(['node_modules', 'tests', 'bench', 'data', 'coverage', 'templates', 'migrations', 'static']);
/** Stay in node_modules: native code, what has files of its own beside it, and what is loaded only where it is asked for. */
const EXTERNAL = ['better-sqlite3', 'piscina', 'pg', 'pg-native', '@aws-sdk/*', 'chokidar'];

/**
 * The URL of a compiled manage.ts (a CommonJS module). Throws when it can be neither found nor made (a folder that cannot be written):
 * then the sources themselves still run, only slower.
 * @returns {Promise<string>}
 */
export async function compiledEntry() {
  const folder = path.join(CACHE, hashOfSources());
  const entry = path.join(folder, 'manage.cjs');
  if (!existsSync(entry)) await compile(folder);
  return pathToFileURL(entry).href;
}

/** @type {(folder: string) => Promise<void>} */
async function compile(folder) {
  const { build, stop } = await import('esbuild');
  const part = `${folder}.${process.pid}`;
  await build({
    // The second one is what worker threads start from (shared/heavy/threads.ts).
    entryPoints: ['manage.ts', 'worker.ts'].map((file) => path.join(projectRoot, file)),
    outdir: part,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    // What V8 has compiled can be kept for scripts (shared/setup/kept-code.js), in Node 20 not for ES modules.
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: EXTERNAL,
    // Kept code cannot import: V8 does not keep with it who is asked for the module.
    supported: { 'dynamic-import': false },
    // The text stays in memory; names stay, so that traces can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    define: { 'import.meta.dirname': '__dirname' },
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'silent',
    plugins: [{ name: 'fit', setup: (make) => void make.onLoad({ filter: /\.[cm]?[jt]s$/ }, fit) }],
  });
  // Its process would stay as long as ours does: 300 MB.
  await stop();
  for (const old of readdirSync(CACHE))
    if (!old.startsWith(path.basename(part))) rmSync(path.join(CACHE, old), { recursive: true, force: true });
  renameSync(part, folder);
}

const fit = (/** @type {{ path: string }} */ { path: file }) => {
  if (file.endsWith(OTHER_LANGUAGES)) return { contents: 'export {}' };
  const text = readFileSync(file, 'utf8');
  const isOwn = !file.startsWith(PACKAGES);
  if (!isOwn && !NOT_ASCII.test(text)) return undefined;
  return {
    // Our modules find their files (templates, migrations, package.json) from where they are written, not from the cache.
    contents: inAscii(isOwn ? text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href)) : text),
    loader: /** @type {'ts' | 'js'} */ (file.endsWith('.ts') ? 'ts' : 'js'),
  };
};

/** Zod's messages in fifty languages, 300 KB: ours are English. */
const OTHER_LANGUAGES = path.join('zod', 'v4', 'locales', 'index.js');

const NOT_ASCII = /[^\0-\x7f]/;

/**
 * Escaped letters, which esbuild leaves as they are in regular expressions and templates: V8 keeps the text of all code, and
 * with a single letter beyond Latin-1 in it each of its 4 million letters takes two bytes.
 * @type {(text: string) => string}
 */
function inAscii(text) {
  return text.replace(/(\\*)([^\0-\x7f])/g, (_, /** @type {string} */ slashes, /** @type {string} */ letter) => {
    const code = letter.charCodeAt(0).toString(16).padStart(4, '0');
    // A letter that is escaped already is the letter.
    return `${slashes.slice(slashes.length % 2)}\\u${code}`;
  });
}

function hashOfSources() {
  const hash = createHash('sha256').update(projectRoot).update(process.version);
  for (const file of sources(projectRoot)) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 20);
}

/** @type {(folder: string) => string[]} */
function sources(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !NOT_CODE.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return sources(file);
      return /\.[jt]s$|^package-lock\.json$/.test(entry.name) ? [file] : [];
    });
}
