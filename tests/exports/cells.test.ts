// tests/exports/cells.test.ts
// Purpose: the rule about formulas is reversible for any text; numbers and times read back exactly.
// Why: what a cell looks like is a promise on the page of exports.
// Relevant files: shared/cells.ts, shared/csv.ts

import { describe, expect, it } from 'vitest';
import { parse } from 'csv-parse/sync';
import { guard, isoTime, numberJson, numberText, unguard } from '../../shared/cells.ts';
import { csvLines, csvStart } from '../../shared/csv.ts';
import { bits, NASTY_NUMBERS, NASTY_TEXTS } from './support.ts';

/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const ALPHABET = [...`=+-@'"\t\r\n,;. 0159eExa\u00fc\u6a21\uff1d\uff0b\uff0d\uff20`, '🚀'];

function randomTexts(count: number): string[] {
  const next = random(20261123);
  return Array.from({ length: count }, () =>
    Array.from({ length: Math.floor(next() * 8) }, () => ALPHABET[Math.floor(next() * ALPHABET.length)]).join(''),
  );
}

describe('guard', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+cmd', "'+cmd"],
    ['-2+3', "'-2+3"],
    ['@a', "'@a"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ['\nx', "'\nx"],
    ["'x", "''x"],
    ['＝1', "'＝1"],
    ['-', "'-"],
    ['-Infinity', "'-Infinity"],
    ['-5', '-5'],
    ['+1e-3', '+1e-3'],
    ['-.5', '-.5'],
    ['a=1', 'a=1'],
    [' =1', ' =1'],
    ['', ''],
  ])('%j becomes %j', (text, cell) => expect(guard(text)).toBe(cell));

  it('is undone by unguard, for any text', () => {
    const texts = [...NASTY_TEXTS, ...randomTexts(5_000)];
    expect(texts.map((text) => unguard(guard(text)))).toEqual(texts);
  });

  it('leaves no cell that begins like a formula and is no number', () => {
    const risky = randomTexts(5_000)
      .map(guard)
      .filter((cell) => /^[=+\-@\t\r\n]/.test(cell) && !Number.isFinite(Number(cell)));
    expect(risky).toEqual([]);
  });
});

describe('csvLines', () => {
  it('reads back as it was, whatever the text', () => {
    const rows = [...NASTY_TEXTS, ...randomTexts(2_000)].map((text, index) => [text, `n${index}`, text]);
    const read = parse(csvLines(rows), { record_delimiter: '\r\n' });
    expect(read.map((cells) => cells.map(unguard))).toEqual(rows);
  });

  it('ends rows with CRLF, tells empty text from nothing, and guards no numbers or times', () => {
    const time = new Date(Date.UTC(2026, 10, 23, 1, 2, 3, 4));
    expect(csvLines([['=a', -1.5, null, '', time, -0, NaN, -Infinity]])).toBe(
      `'=a,-1.5,,"",2026-11-23T01:02:03.004Z,-0,NaN,-Infinity\r\n`,
    );
    expect(csvStart(['a,b', 'c'])).toBe('"a,b",c');
  });
});

describe('numbers and times', () => {
  it('numbers read back as the same double, in CSV and in JSON', () => {
    expect(bits(NASTY_NUMBERS.map((value) => Number(numberText(value))))).toEqual(bits(NASTY_NUMBERS));
    const json = `[${NASTY_NUMBERS.map(numberJson).join(',')}]`;
    expect(bits((JSON.parse(json) as (number | string)[]).map(Number))).toEqual(bits(NASTY_NUMBERS));
  });

  it('times are what Date writes, in any order', () => {
    const next = random(7);
    const times = [0, -1, 59_999, 60_000, -60_000, 8.64e15, -8.64e15, 1_795_450_229_105];
    for (let i = 0; i < 2_000; i += 1) times.push(Math.floor((next() - 0.5) * (i % 2 ? 4e12 : 2e5)));
    expect(times.map(isoTime)).toEqual(times.map((ms) => new Date(ms).toISOString()));
  });
});
