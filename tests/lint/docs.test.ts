// tests/lint/docs.test.ts
// Purpose: what README.md and ARCHITECTURE.md say is so: links, files, packages, versions, numbers.
// Why: a reader believes the first page they see.
// Relevant files: README.md, ARCHITECTURE.md, tests/lint/readme.test.ts, shared/limits.ts, package.json

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareQuery } from '../../runs/compare/compare-schemas.ts';
import { DEFAULTS } from '../../shared/config.ts';
import { LIMITS } from '../../shared/limits.ts';
import { projectRoot } from '../../shared/lint/paths.js';
import { runId } from '../../shared/schemas.ts';
import { trackedFiles } from './tracked-files.ts';

const FILES = trackedFiles();
const DOCS = FILES.filter(({ file }) => file.endsWith('.md'));
const README = textOf('README.md');
const ARCHITECTURE = textOf('ARCHITECTURE.md');

interface Package {
  version: string;
  engines: { node: string };
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  overrides: Record<string, string>;
}
const PACKAGE = JSON.parse(textOf('package.json')) as Package;
const PACKAGES = { ...PACKAGE.dependencies, ...PACKAGE.devDependencies };

function textOf(file: string): string {
  return readFileSync(path.join(projectRoot, file), 'utf8');
}

/** Without fenced code, in which an example may look like a link. */
function prose(text: string): string {
  return text.replace(/^ *```[^]*?^ *```/gm, '');
}

describe('links and files', () => {
  it('every relative link and picture is there', () => {
    const links = DOCS.flatMap(({ file, text }) =>
      [...prose(text).matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, target = '']) => ({ file, target })),
    ).filter(({ target }) => !/^[a-z]+:|^#/.test(target));
    const dead = links.filter(
      ({ file, target }) => !existsSync(path.join(projectRoot, path.dirname(file), target.split('#')[0] ?? '')),
    );
    expect(links.length).toBeGreaterThan(0);
    expect(dead).toEqual([]);
  });

  it.each(['README.md', 'ARCHITECTURE.md'])('every file and folder that %s names is there', (file) => {
    const named = [...prose(textOf(file)).matchAll(/`([\w.@-]*(?:\/[\w.@-]+)*(?:\/|\.(?:ts|js|json|md|html|sh)))`/g)];
    const places = named.map(([, place = '']) => place).filter((place) => !place.startsWith('/'));
    expect(places.length).toBeGreaterThan(0);
    const isThere = (place: string): boolean =>
      FILES.some(({ file: one }) =>
        place.endsWith('/') ? `/${one}`.includes(`/${place}`) : `/${one}`.endsWith(`/${place}`),
      );
    expect(places.filter((place) => !isThere(place))).toEqual([]);
  });

  it('the house is drawn with its folders, all of them', () => {
    const drawn = [...(/^```\n(manage\.ts[^]*?)^```/m.exec(ARCHITECTURE)?.[1] ?? '').matchAll(/^(\w+)\/ /gm)];
    const folders = FILES.flatMap(({ file }) => /^([a-z]\w*)\/.*\.(?:ts|py)$/.exec(file)?.[1] ?? []);
    expect(drawn.map(([, folder]) => folder).sort()).toEqual([...new Set(folders)].sort());
  });
});

describe('packages', () => {
  /** What the table of packages names, with the reason. */
  const reasons = new Map(
    [...ARCHITECTURE.matchAll(/^\| ([@\w/, .-]+) \| (.+) \|$/gm)]
      .filter(([, names]) => names !== 'package')
      .flatMap(([, names = '', why = '']) => names.split(', ').map((name) => [name, why] as const)),
  );

  it('each has its reason, and nothing else is in the table', () => {
    // The types of a package come with it.
    const own = Object.keys(PACKAGES).filter((name) => !name.startsWith('@types/'));
    expect([...reasons.keys()].sort()).toEqual(own.sort());
    for (const [name, why] of reasons) expect(why.trim().length, name).toBeGreaterThan(10);
  });

  it('types are of packages that are used', () => {
    const typed = Object.keys(PACKAGES).filter((name) => name.startsWith('@types/') && name !== '@types/node');
    for (const name of typed) expect(Object.keys(PACKAGE.dependencies)).toContain(name.replace('@types/', ''));
  });

  it('those held back are at the version that is stated', () => {
    const text = ARCHITECTURE.replace(/\s+/g, ' ');
    const [, held = '', pinned = ''] = /`overrides` pins ([\w-]+) to (\d+\.\d+\.\d+)/.exec(text) ?? [];
    expect(PACKAGE.overrides).toEqual({ [held]: pinned });
    const newest = /; ([^;]*) are the newest for Node/.exec(text)?.[1] ?? '';
    const stated = [...newest.matchAll(/([\w-]+) (\d+)/g), ...text.matchAll(/`(@fastify\/\w+)` (\d+(?:\.\d+)?)/g)];
    expect(stated.length).toBeGreaterThanOrEqual(6);
    for (const [, name = '', version = ''] of stated)
      expect(PACKAGES[name]?.replace(/^[~^]/, ''), name).toMatch(new RegExp(`^${version.replace('.', '\\.')}(\\.|$)`));
  });
});

describe('numbers in README.md', () => {
  const stated = (pattern: RegExp): string => pattern.exec(README)?.[1] ?? `${String(pattern)} is not stated`;

  it('the version of Node is the one of package.json', () => {
    expect(PACKAGE.engines.node).toBe(`>=${stated(/^Node (\d+\.\d+) or newer/m)}.0`);
  });

  it('npm start and npm test are scripts, and the address is the default', () => {
    expect(Object.keys(PACKAGE.scripts)).toEqual(expect.arrayContaining(['start', 'test']));
    expect(stated(/serves (http:\S+)/)).toBe(`http://${DEFAULTS.host}:${DEFAULTS.port}`);
    expect(new Set(README.match(/localhost:\d+/g))).toEqual(new Set([`localhost:${DEFAULTS.port}`]));
  });

  it('so many runs are compared', () => {
    expect(stated(/; 2 to (\d+) runs/)).toBe(String(LIMITS.compareRuns));
    const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i).padStart(32, '0'));
    expect(compareQuery.safeParse({ run: ids(LIMITS.compareRuns) }).success).toBe(true);
    expect(compareQuery.safeParse({ run: ids(LIMITS.compareRuns + 1) }).success).toBe(false);
  });

  it('a run id has so many digits', () => {
    const digits = Number(stated(/run ids (\d+) hexadecimal digits/));
    expect(runId.safeParse('f'.repeat(digits)).success).toBe(true);
    for (const wrong of ['f'.repeat(digits - 1), 'f'.repeat(digits + 1), 'F'.repeat(digits), 'g'.repeat(digits)])
      expect(runId.safeParse(wrong).success).toBe(false);
  });
});
