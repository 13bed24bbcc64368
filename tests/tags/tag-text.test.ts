// tests/tags/tag-text.test.ts
// Purpose: tags as one line of text: what people type, and that any tag survives being shown in a form and sent back.
// Why: an edit of an experiment must not destroy tags that came in by the API.
// Relevant files: shared/http/forms.ts, experiments/views.ts

import { expect, it } from 'vitest';
import { checkForm, formatTags, parseTags } from '../../shared/http/forms.ts';
import { tagsOf } from '../../tags/schemas.ts';
import { withCost } from '../support/cpu.ts';

it.each([
  ['', {}],
  [' , \n,', {}],
  ['baseline', { baseline: '' }],
  ['baseline, model=mlp', { baseline: '', model: 'mlp' }],
  ['baseline\nmodel = mlp \n', { baseline: '', model: 'mlp' }],
  ['model=', { model: '' }],
  ['eq=a=b', { eq: 'a=b' }],
  ['=x', { '': 'x' }],
  ['"a, b"', { 'a, b': '' }],
  [' "a, b" = "c, d" , e', { 'a, b': 'c, d', e: '' }],
  ['"a=b"=c', { 'a=b': 'c' }],
  ['note="two\\nlines"', { note: 'two\nlines' }],
  ['5" disk, 3" disk', { '5" disk': '', '3" disk': '' }],
  ['"open, b', { '"open': '', b: '' }],
  ['"a" b, c', { '"a" b': '', c: '' }],
  ['size="a" b, c', { size: '"a" b', c: '' }],
  ['a=1, a=2', { a: '2' }],
])('%j is read as %j', (text, tags) => {
  expect(parseTags(text)).toEqual(tags);
});

it.each<[string, string[]]>([
  ['a,,=x,', ['a tag has no name: =x']],
  ['', ['must name at least one tag, for example baseline or model=mlp']],
  [`${'k'.repeat(501)}=v`, [`"${'k'.repeat(20)}…${'k'.repeat(19)}": must have at most 500 characters`]],
  [`ok, k=${'v'.repeat(10_001)}`, ['"k": must have at most 10,000 characters']],
  ['a, b=1', []],
])('what is wrong with %.20j is said with the tag it is about', (text, messages) => {
  expect(Object.values(checkForm(tagsOf, parseTags(text)).errors ?? {})).toEqual(messages);
});

const PIECES = ['a', 'b', ',', '=', '"', '\\', ' ', '\n', '\r', '\t', '\u2028', 'ü', '𝛼', 'n', '/', '%'];

/** Texts made of awkward characters, the same ones in every run. */
function* awkward(count: number): Generator<string> {
  let seed = 20261123;
  const next = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  for (let i = 0; i < count; i++) yield Array.from({ length: next(7) }, () => PIECES[next(PIECES.length)]).join('');
}

it('any tags come back as they were', () => {
  const texts = [...awkward(6000)];
  let tried = 0;
  for (let at = 0; at + 6 <= texts.length; at += 6) {
    const six = texts.slice(at, at + 6);
    const tags = Object.fromEntries([0, 2, 4].map((i) => [six[i] || 'k', six[i + 1] ?? '']));
    const text = formatTags(Object.entries(tags).map(([key, value]) => ({ key, value })));
    expect(parseTags(text), text).toEqual(tags);
    // An <input type="text"> drops line ends, so there must be none.
    expect(text).not.toMatch(/[\r\n]/);
    tried++;
  }
  expect(tried).toBe(1000);
});

it('a long text without sense is read at once', async () => {
  const { ms } = await withCost(() => {
    parseTags(`"${' '.repeat(200_000)}x`);
    parseTags('"a,'.repeat(70_000));
    parseTags(`a${' '.repeat(200_000)}b`);
  });
  expect(ms).toBeLessThan(2000);
});
