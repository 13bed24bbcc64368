// tests/exports/page.test.ts
// Purpose: /exports: what can be had with counts and links, filter and pages, past exports with Again, empty states.
// Why: every link must answer 200, also after things went to the trash.
// Relevant files: exports/pages.ts, exports/views.ts, exports/templates/exports.html

import { describe, expect, it } from 'vitest';
import { beginExport, endExport } from '../../exports/changes.ts';
import { ExportState } from '../../exports/models.ts';
import { trashExperiment } from '../../experiments/changes.ts';
import { faultsOf } from '../support/html.ts';
import { useTracker } from '../support/use.ts';
import { addPoints, addRun, download, lastExport, series } from './support.ts';

const tracker = useTracker();

function linksOf(html: string): string[] {
  return [...html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
}

/** The text of each cell of the row that names `name`. */
function cellsOf(html: string, name: string): string[] {
  const row = html.split('<tr>').find((part) => part.includes(name)) ?? '';
  return [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = '']) => cell.replace(/<[^>]+>/g, '').trim());
}

describe('/exports', () => {
  it('of a fresh tracker says that there is nothing yet', async () => {
    const { status, body } = await tracker.get('/exports');
    expect(status).toBe(200);
    expect(body).toContain('Nothing to export yet');
    expect(body).toContain('None yet.');
    expect(await faultsOf(body)).toEqual([]);
  });

  it('shows experiments with counts and a link for each format, all of which answer', async () => {
    const run = await addRun(tracker, { experiment: 'digits <mlp> & "co"', name: 'one' }, series('loss', 1_200));
    await addRun(tracker, { experiment_id: 1, name: 'two' }, series('acc', 34));
    await addRun(tracker, { experiment: 'other', name: 'three' });
    const { body } = await tracker.get('/exports');
    expect(body).toContain('2 experiments · 3 runs · 1,234 points');
    expect(cellsOf(body, 'digits')).toEqual([
      'digits &lt;mlp&gt; &amp; &quot;co&quot;', '2', '1,234', 'JSON', 'CSV JSON', 'CSV NDJSON',
    ]); // prettier-ignore
    expect(await faultsOf(body)).toEqual([]);
    const links = linksOf(body).filter((href) => href.startsWith('/exports/'));
    expect(links).toHaveLength(12);
    for (const href of links) expect([href, (await download(tracker, href)).status]).toEqual([href, 200]);
    await addPoints(tracker, run, [{ key: 'loss', step: 9_999, timestamp: 0, value: 1 }]);
    expect((await tracker.get('/exports')).body).toContain('3 runs · 1,235 points');
  });

  it('states the rules of the files', async () => {
    const { body } = await tracker.get('/exports');
    expect(body).toContain("drop the first <code>'</code> of a text cell that begins with one");
    expect(body).toContain('NaN, Infinity and -Infinity are these words in CSV and strings in JSON');
  });

  it('shows what was exported, and Again makes it again', async () => {
    const url = '/exports/experiments/1/runs.csv?status=running&order=number';
    const first = await download(tracker, url);
    const row = await lastExport(tracker);
    const { body } = await tracker.get('/exports');
    const past = body.slice(body.indexOf('id="past"'));
    const sha256 = row.sha256 ?? '';
    expect(past).toContain(`title="${sha256}">${sha256.slice(0, 12)}…`);
    const cells = cellsOf(past, sha256);
    expect(cells[0]).toBe('runs of digits &lt;mlp&gt; &amp; &quot;co&quot;, filtered');
    expect([cells[1], cells[3], cells[4], cells[6], cells[7]]).toEqual([
      'CSV', '2', `${first.bytes.length} B`, 'complete', 'Again',
    ]); // prettier-ignore
    expect(past).toContain(`<time datetime="${new Date(row.created_at).toISOString()}"`);
    const again = linksOf(past).find((href) => href.includes('order=number')) ?? '';
    expect(again).toBe(url);
    expect((await download(tracker, again)).bytes.equals(first.bytes)).toBe(true);
  });

  it('has no link to what is in the trash by now', async () => {
    await download(tracker, '/exports/experiments/2/points.csv');
    await tracker.app.store.write((tx) => trashExperiment(tx, 2, Date.now()));
    const { body } = await tracker.get('/exports');
    expect(cellsOf(body.slice(body.indexOf('id="past"')), 'points of other')[7]).toBe('gone');
    for (const href of linksOf(body)) expect([href, (await tracker.get(href)).status]).toEqual([href, 200]);
  });

  it('shows states in words, and a broken export without sha256', async () => {
    const begun = { what: 'points of nowhere', format: 'csv', url: '/exports/experiments/1/points.csv' };
    const id = await tracker.app.store.write((tx) => beginExport(tx, begun, Date.now()));
    expect(cellsOf((await tracker.get('/exports')).body, begun.what).slice(3, 7)).toEqual(['–', '–', '–', 'writing']);
    const broken = { state: ExportState.Broken, rows: 5, bytes: 2_048, sha256: null };
    await tracker.app.store.write((tx) => endExport(tx, id, broken));
    expect(cellsOf((await tracker.get('/exports')).body, begun.what).slice(3, 7)).toEqual([
      '5',
      '2.0 KiB',
      '–',
      'broken',
    ]);
  });

  it('filters, and keeps both lists to 50 a page', async () => {
    for (let i = 0; i < 51; i += 1) {
      await tracker.api('POST', '/api/experiments', { name: `numbered ${i}` });
      await tracker.app.store.write((tx) =>
        beginExport(tx, { what: `export ${i}`, format: 'csv', url: '/exports/experiments.csv' }, Date.now()),
      );
    }
    const { body } = await tracker.get('/exports?q=NUMBERED');
    expect(body).toContain('1 to 50 of 51 experiments.');
    expect(body.match(/\/runs\.csv"/g)).toHaveLength(50);
    expect(body).toContain('numbered 50<');
    const next = linksOf(body).find((href) => href.includes('page=2')) ?? '';
    const second = await tracker.get(next);
    expect(second.body).toContain('51 to 51 of 51 experiments.');
    expect(second.body).toContain('numbered 0<');
    const older = linksOf(second.body).find((href) => href.includes('past=2')) ?? '';
    expect(older).toBe('/exports?q=NUMBERED&page=2&past=2#past');
    const both = await tracker.get(older);
    expect(both.body).toContain('51 to 51 of 51 experiments.');
    expect(both.body).toContain('points of nowhere');
    expect(await faultsOf(both.body)).toEqual([]);
    const none = await tracker.get('/exports?q=nothing%20like%20it');
    expect(none.body).toContain('No experiment matches');
    expect(await faultsOf(none.body)).toEqual([]);
  });

  it.each(['?page=0', '?past=x', '?q[]=a', '?size=5'])('%s is refused', async (query) => {
    expect((await tracker.get(`/exports${query}`)).status).toBe(400);
  });
});
