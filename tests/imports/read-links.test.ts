// tests/imports/read-links.test.ts
// Purpose: symbolic links in place of a file store's folders are left out by name, wherever they stand.
// Why: a store from a stranger must not bring along what lies elsewhere on the machine; nor may a run vanish in silence.
// Relevant files: imports/folder.ts, imports/mlflow-files.ts, imports/artifact-folder.ts

import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSource } from '../../imports/detect.ts';
import { copyOfFixtures, DIGITS_ID, readAll, type ReadExperiment } from './read-support.ts';

const RUN = 'fe2720984edb4f13b6cd996cda478989';
const WHY = 'it is a symbolic link';

/** Puts a link to a folder with a secret in it at `path` of a copied store, and reads the store. */
async function readWithLink(path: string): Promise<{ read: ReadExperiment[]; skipped: unknown[]; link: string }> {
  const folder = await copyOfFixtures();
  const secret = join(folder, 'secret');
  await mkdir(secret);
  await writeFile(join(secret, 'password'), '1 2 3\n');
  const link = join(folder, 'mlruns', path);
  await rm(link, { recursive: true, force: true });
  await symlink(secret, link);
  const source = await openSource(join(folder, 'mlruns'));
  return { read: await readAll(source), skipped: source.skipped, link };
}

it.each(['params', 'tags', 'metrics', 'artifacts'])("a run's %s is not read through a link", async (part) => {
  const { read, skipped, link } = await readWithLink(join(DIGITS_ID, RUN, part));
  expect(JSON.stringify(read)).not.toContain('password');
  expect(read.flatMap(({ runs }) => runs).map(({ id }) => id)).toContain(RUN);
  expect(skipped).toContainEqual({ what: link, why: WHY });
});

it("an experiment's tags are not read through a link", async () => {
  const { read, skipped, link } = await readWithLink(join(DIGITS_ID, 'tags'));
  expect(JSON.stringify(read)).not.toContain('password');
  expect(read[0]?.runs).toHaveLength(5);
  expect(skipped).toContainEqual({ what: link, why: WHY });
});

it.each([
  ['a run', join(DIGITS_ID, RUN), 5],
  ['an experiment', DIGITS_ID, 1],
  ['the trash', '.trash', 5],
])('%s that is a link to a real one is not followed, but named', async (_, path, runs) => {
  const folder = await copyOfFixtures();
  const link = join(folder, 'mlruns', path);
  await rename(link, join(folder, 'elsewhere'));
  await symlink(join(folder, 'elsewhere'), link);
  const source = await openSource(join(folder, 'mlruns'));
  expect((await readAll(source)).flatMap((experiment) => experiment.runs)).toHaveLength(runs);
  expect(source.skipped).toContainEqual({ what: link, why: WHY });
});
