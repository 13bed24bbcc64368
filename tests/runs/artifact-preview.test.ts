// tests/runs/artifact-preview.test.ts
// Purpose: what a page shows of an artifact, by kind and size, and the page itself.
// Why: a preview must be quick for any size, right for any bytes, and never run what is in the file.
// Relevant files: runs/artifacts/artifact-preview.ts, runs/artifacts/artifact-page.ts, runs/templates/artifact.html

import path from 'node:path';
import { expect, test } from 'vitest';
import { PREVIEW, previewArtifact, type Preview } from '../../runs/artifacts/artifact-preview.ts';
import { contentsAt, saveArtifact } from '../../runs/artifacts/artifact-store.ts';
import { faultsOf } from '../support/html.ts';
import { raw } from '../support/raw.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();

async function preview(name: string, contents: string | Uint8Array): Promise<Preview> {
  const place = contentsAt(path.join(tracker.folder, 'artifacts'));
  const saved = await saveArtifact(tracker.app.store, place, Buffer.from(contents));
  return previewArtifact(place, { run_id: 'r', path: name, created_at: 0, ...saved });
}

test('pictures have an address; SVG, models and archives have no preview', async () => {
  for (const name of ['a.png', 'a.JPG', 'a.jpeg', 'a.gif', 'a.webp'])
    expect(await preview(name, 'x')).toEqual({ kind: 'image', src: `/api/runs/r/artifacts/${name}` });
  expect(await preview('plots/ä ?#%.png', 'x')).toEqual({
    kind: 'image',
    src: '/api/runs/r/artifacts/plots/%C3%A4%20%3F%23%25.png',
  });
  for (const name of ['a.svg', 'a.pt', 'a.zip', 'a']) expect(await preview(name, 'x')).toEqual({ kind: 'none' });
});

test('sounds and films are played from their address, and saved when it is opened by itself', async () => {
  for (const [name, kind] of [
    ['a.wav', 'audio'],
    ['a.MP3', 'audio'],
    ['a.ogg', 'audio'],
    ['a.mp4', 'video'],
    ['a.webm', 'video'],
  ])
    expect(await preview(name ?? '', 'x'), name).toEqual({ kind, src: `/api/runs/r/artifacts/${name}` });
  const run = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'sounds' })).body.id;
  await raw(tracker.url, 'PUT', `/api/runs/${run}/artifacts/a.wav`, { body: 'x' });
  const page = await tracker.get(`/runs/${run}/artifacts/a.wav`);
  expect(page.body).toContain(`<audio controls preload="none" src="/api/runs/${run}/artifacts/a.wav"`);
  expect(page.headers.get('content-security-policy')).toContain("media-src 'self'");
  expect(await faultsOf(page.body)).toEqual([]);
  const { headers } = await tracker.get(`/api/runs/${run}/artifacts/a.wav`);
  expect(headers.get('content-type')).toBe('audio/wav');
  expect(headers.get('content-disposition')).toMatch(/^attachment/);
});

test('columns of numbers are told, and how much of a table is shown', async () => {
  expect(await preview('n.csv', 'id,name,x,gap\n1,a,-2.5e3,\n2,b,NaN,7\n')).toMatchObject({
    numbers: [true, false, true, true],
  });
  expect(await preview('none.csv', 'a,b\nx,\n')).not.toHaveProperty('numbers');
  const run = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'tables' })).body.id;
  const said = async (name: string, body: string): Promise<string> => {
    await raw(tracker.url, 'PUT', `/api/runs/${run}/artifacts/${name}`, { body });
    const page = await tracker.get(`/runs/${run}/artifacts/${name}`);
    expect(await faultsOf(page.body)).toEqual([]);
    return /<p class="tail">([^<]*)/.exec(page.body.split('</table>')[1] ?? '')?.[1] ?? '';
  };
  const line = Array.from({ length: 30 }, (_, i) => i).join(',');
  expect(await said('all.csv', 'a,b\n1,2\n')).toBe('');
  expect(await said('rows.csv', `a,b\n${'1,x\n'.repeat(500)}`)).toBe(
    '50 of 500 rows are shown; download it for the rest.',
  );
  expect(await said('wide.csv', `${line}\n${line}\n`)).toBe('20 of 30 columns are shown; download it for the rest.');
  expect(await said('both.csv', `${line}\n`.repeat(61))).toMatch(/^50 of 60 rows and 20 of 30 columns are shown/);
  expect(await said('long.csv', `a,b\n${'1,"long row"\n'.repeat(10_000)}`)).toMatch(/^The first 50 rows are shown/);
  expect((await tracker.get(`/runs/${run}/artifacts/rows.csv`)).body).toContain('<td class="n">1</td><td>x</td>');
});

test('the page of a run shows pictures before texts, nothing that is empty, and the first of them open', async () => {
  const run = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'shown' })).body.id;
  const files = ['a.bin', 'b.txt', 'c.txt', 'd.txt', 'e.txt', 'y.png', 'z.png'];
  for (const name of files) await raw(tracker.url, 'PUT', `/api/runs/${run}/artifacts/${name}`, { body: 'x' });
  await raw(tracker.url, 'PUT', `/api/runs/${run}/artifacts/aa.txt`, { body: '' });
  const { body } = await tracker.get(`/runs/${run}`);
  const shown = [...body.matchAll(/<details class="peek" data-key="([^"]*)"( open)?/g)].map(([, name, open]) => [
    name,
    open !== undefined,
  ]);
  expect(shown).toEqual([
    ['b.txt', true],
    ['c.txt', false],
    ['y.png', false],
    ['z.png', false],
  ]);
});

test('text is shown, cut between characters; bytes that are no text are not', async () => {
  expect(await preview('log.txt', 'one\ntwo\n')).toEqual({ kind: 'text', text: 'one\ntwo\n', cut: false });
  expect(await preview('notes.md', '# x')).toMatchObject({ kind: 'text' });
  expect(await preview('conf.yaml', 'a: 1')).toMatchObject({ kind: 'text' });
  expect(await preview('empty.log', '')).toEqual({ kind: 'text', text: '', cut: false });
  expect(await preview('binary.txt', new Uint8Array([1, 0, 2]))).toEqual({ kind: 'none' });
  const long = await preview('long.txt', `a${'🎲'.repeat(20_000)}`);
  expect(long).toEqual({ kind: 'text', text: `a${'🎲'.repeat(Math.floor((PREVIEW.bytes - 1) / 4))}`, cut: true });
});

test('JSON is laid out when it is whole and no digit would change', async () => {
  expect(await preview('a.json', '{"a":[1,2.5]}')).toMatchObject({
    kind: 'json',
    text: '{\n  "a": [\n    1,\n    2.5\n  ]\n}',
  });
  const exact = '{"id":12345678901234567890}';
  expect(await preview('a.json', exact)).toMatchObject({ kind: 'json', text: exact });
  expect(await preview('a.json', '{broken')).toEqual({ kind: 'text', text: '{broken', cut: false });
  expect(await preview('a.json', `["${'x'.repeat(70_000)}"]`)).toMatchObject({ kind: 'text', cut: true });
});

test('JSON that would grow many times when laid out is shown as it is', async () => {
  const nested = (depth: number, inside = ''): string => '['.repeat(depth) + inside + ']'.repeat(depth);
  for (const text of [
    nested(30_000),
    nested(65),
    '['.repeat(60_000),
    // Not deep, yet every item is far to the right.
    nested(60, Array(20_000).fill('[]').join(',')),
  ])
    expect(await preview('deep.json', text)).toEqual({ kind: 'text', text, cut: false });
  expect(await preview('deep.json', nested(64))).toMatchObject({ kind: 'json', cut: false });
  const table = JSON.stringify(Array.from({ length: 1000 }, (_, i) => ({ step: i, 'a "[,\\': '{[]},:' })));
  expect(await preview('table.json', table)).toMatchObject({ text: JSON.stringify(JSON.parse(table), null, 2) });
});

test('CSV becomes rows, at most 50 by 20; what is malformed stays text', async () => {
  expect(await preview('t.csv', '\ufeffa,b\r\n"1, 2",x\r\n')).toEqual({
    kind: 'csv', header: ['a', 'b'], rows: [['1, 2', 'x']], cut: false,
  }); // prettier-ignore
  expect(await preview('t.tsv', 'a\tb\n1\t2\n')).toMatchObject({ kind: 'csv', rows: [['1', '2']] });
  const line = Array.from({ length: 30 }, (_, i) => i).join(',');
  const wide = await preview('wide.csv', `${line}\n`.repeat(60));
  expect(wide).toMatchObject({ kind: 'csv', cut: true });
  expect(wide.kind === 'csv' && [wide.header.length, wide.rows.length, wide.rows[0]?.length]).toEqual([20, 50, 20]);
  for (const text of ['a,b\n1\n', 'a,"b\n1,2', ''])
    expect(await preview('bad.csv', text)).toEqual({ kind: 'text', text, cut: false });
  const long = await preview('long.csv', `a,b\n${'1,"long row"\n'.repeat(10_000)}`);
  expect(long).toMatchObject({ kind: 'csv', header: ['a', 'b'], cut: true });
});

test('the page shows facts, preview and download, and what is in the file stays text', async () => {
  const run = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'x', name: 'the run' })).body.id;
  const put = (name: string, body: string): ReturnType<typeof raw> =>
    raw(tracker.url, 'PUT', `/api/runs/${run}/artifacts/${name}`, { body });
  await put('a/log%20%26.txt', '<script>alert(1)</script>');
  await put('t.csv', 'a,b\n<b>1</b>,2\n');
  await put('p.png', 'x');
  await put('m.pt', 'x');
  const text = await tracker.get(`/runs/${run}/artifacts/a/log%20%26.txt`);
  expect(text.status).toBe(200);
  expect(text.body).toContain('&lt;script&gt;alert(1)');
  expect(text.body).toContain('<h1 class="wrap">a/log &amp;.txt</h1>');
  expect(text.body).toContain(`href="/api/runs/${run}/artifacts/a/log%20%26.txt?download"`);
  expect(text.body).toContain(`<a href="/runs/${run}">the run</a>`);
  expect(text.body).toMatch(/<a href="\/experiments\/\d+">x<\/a> \/ <a href="\/runs\//);
  expect(text.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect((await tracker.get(`/runs/${run}/artifacts/t.csv`)).body).toContain('<td>&lt;b&gt;1&lt;/b&gt;</td>');
  expect((await tracker.get(`/runs/${run}/artifacts/p.png`)).body).toContain(
    `<img class="preview" src="/api/runs/${run}/artifacts/p.png" alt="p.png">`,
  );
  expect((await tracker.get(`/runs/${run}/artifacts/m.pt`)).body).toContain('No preview for this kind of file.');
  expect((await tracker.get(`/runs/${run}/artifacts/none`)).status).toBe(404);
});
