// tests/imports/read-pack.test.ts
// Purpose: what is packed comes back equal, and a broken pack is named with its line.
// Why: the seed relies on it, and so does everybody who hands runs on in one file.
// Relevant files: imports/pack.ts, imports/pack-lines.ts

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../imports/detect.ts';
import { packSource } from '../../imports/pack.ts';
import { DIGITS_PACK, emptyFolder, errorOf, FIXTURES, readAll } from './read-support.ts';

const FAST = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

describe('a pack', () => {
  it.each(['mlruns', 'small.db'])('of %s reads back equal', async (store) => {
    const file = join(await emptyFolder(), 'all.pack');
    const size = await packSource(await openSource(join(FIXTURES, store)), file);
    expect((await readFile(file)).length).toBe(size);
    const before = await readAll(await openSource(join(FIXTURES, store)));
    const after = await readAll(await openSource(file));
    expect(before.flatMap(({ runs }) => runs.flatMap(({ points }) => points)).length).toBeGreaterThan(50);
    expect(after).toEqual(before);
  });

  it('takes a description where the store has none, and leaves one that is there', async () => {
    const file = join(await emptyFolder(), 'all.pack');
    await packSource(await openSource(join(FIXTURES, 'mlruns')), file, { '1e3': 'Added.', 'digits-mlp': 'Not this.' });
    const descriptions = (await readAll(await openSource(file))).map(({ description }) => description);
    expect(descriptions).toEqual(['Cut from the digits runs.\nSix runs are kept.', 'Added.']);
  });

  it.each<[string, (lines: string[]) => string[], RegExp]>([
    ['cut short', (lines) => lines.slice(0, 60), /line 60: is cut short: \d+ of 27 runs/],
    ['another version', (lines) => ['{"format":"runs-pack","version":2}', ...lines.slice(1)], /line 1: version: /],
    ['not JSON', (lines) => lines.with(4, '{"type":'), /line 5: is not JSON/],
    ['a run before its experiment', (lines) => lines.toSpliced(1, 1), /line 2: run before what it belongs to/],
    ['columns of different length', (lines) => shortened(lines), /line \d+: .*the columns differ in length/],
  ])('%s is named', async (_, spoil, words) => {
    const lines = brotliDecompressSync(await readFile(DIGITS_PACK))
      .toString()
      .trimEnd()
      .split('\n');
    const file = join(await emptyFolder(), 'bad.pack');
    await writeFile(file, brotliCompressSync(spoil(lines).join('\n'), FAST));
    expect((await errorOf(file)).message).toMatch(words);
  });

  it('that is no Brotli is named', async () => {
    const file = join(await emptyFolder(), 'bad.pack');
    await writeFile(file, 'no pack at all');
    expect((await errorOf(file)).message).toMatch(/bad\.pack: is not a \.pack file/);
  });
});

function shortened(lines: string[]): string[] {
  const at = lines.findIndex((line) => line.startsWith('{"type":"points"'));
  return lines.with(at, (lines[at] ?? '').replace(/"steps":\[\d+,/, '"steps":['));
}
