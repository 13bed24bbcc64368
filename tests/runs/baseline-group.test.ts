// tests/runs/baseline-group.test.ts
// Purpose: a group of runs as the baseline: set, changed, undone and lost; what every page and file measures against it.
// Why: "better than the baseline" is a claim about a mean of several runs; which runs they are must be right at any time.
// Relevant files: runs/compare/baseline-changes.ts, runs/compare/baseline-words.ts, runs/groups/group-baseline.ts, runs/conclusions/conclusions.ts

import { beforeAll, expect, test } from 'vitest';
import { filterWords } from '../../runs/compare/baseline-words.ts';
import type { ConclusionsOut } from '../../runs/conclusions/conclusion-schemas.ts';
import type { GroupsOut } from '../../runs/groups/group-schemas.ts';
import { RunStatus } from '../../runs/models.ts';
import type { BaselineOut } from '../../runs/compare/baseline-out-schemas.ts';
import { decode, faultsOf } from '../support/html.ts';
import type { Answer } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';
import { addRun, hrefOf, idOf, linesOf, readPage, tableOf, textOf } from './page-support.ts';

const SGD = 'params."opt" = "sgd"';
const tracker = useTracker();
let id: number;
beforeAll(async () => {
  const ends = { adam: [0.7, 0.8, 0.9], sgd: [0.5, 0.6], rms: [0.55, 0.4] };
  for (const [opt, values] of Object.entries(ends))
    for (const [seed, value] of values.entries()) {
      const run = { id: `${opt.length}${opt.charCodeAt(0)}${seed}`, name: `${opt}-${seed}`, params: { opt, seed } };
      const made = { ...run, experiment: 'base', status: RunStatus.Finished, metrics: { 'val/acc': [0.1, value] } };
      id = (await addRun(tracker, made)).experiment_id;
    }
});

const run = (opt: string, seed: number): string => idOf(`${opt.length}${opt.charCodeAt(0)}${seed}`);
const put = (body: unknown): Promise<Answer<BaselineOut & { errors?: { path: string }[] }>> =>
  tracker.api('PUT', `/api/experiments/${id}/baseline`, body);
const get = async (): Promise<BaselineOut> =>
  (await tracker.api<BaselineOut>('GET', `/api/experiments/${id}/baseline`)).body;
const NONE = { run: null, group: null, label: null, runs: [], total: 0 };

async function page(path: string): Promise<string> {
  const html = await readPage(tracker, path);
  expect(await faultsOf(html), path).toEqual([]);
  return html;
}

test('a filter made of values is named by them, any other stays as it is', () => {
  expect(filterWords('params."lr" = "0.1" and params."a ""b"" and c" = "x and y" and tags."t" is null')).toBe('lr 0.1 · a "b" and c x and y · no t'); // prettier-ignore
  expect(filterWords('params.lr > 0.1')).toBe('params.lr > 0.1');
});

test('the API sets a run or a group, never both, and names what is wrong', async () => {
  expect(await get()).toEqual(NONE);
  const set = await put({ group: SGD });
  expect([set.status, set.body]).toEqual([200, { run: null, group: SGD, label: 'opt sgd', runs: [run('sgd', 1), run('sgd', 0)], total: 2 }]); // prettier-ignore
  expect((await put({ run: run('adam', 0) })).body).toEqual({ ...NONE, run: run('adam', 0), label: 'adam-0', runs: [run('adam', 0)], total: 1 }); // prettier-ignore
  const other = await addRun(tracker, { experiment: 'elsewhere' });
  const wrong = [
    [{ run: run('adam', 0), group: SGD }, 'body'],
    [{}, 'body'],
    [{ run: other.id }, 'run'],
    [{ group: ' ' }, 'group'],
    [{ group: 'params.opt = ' }, 'group'],
    [{ group: 'params.opt = none' }, 'group'],
    [{ group: 'started > -7d' }, 'group'],
  ] as const;
  for (const [body, path] of wrong) {
    const answer = await put(body);
    expect([answer.status, answer.body.errors?.[0]?.path], JSON.stringify(body)).toEqual([400, path]);
  }
  expect((await get()).run, 'a refused one changes nothing').toBe(run('adam', 0));
  expect((await tracker.api('DELETE', `/api/experiments/${id}/baseline`)).status).toBe(204);
  expect(await get()).toEqual(NONE);
});

/** A form, and the address that its undo posts to, as the next page shows it. */
async function submit(path: string, fields: Record<string, string>): Promise<{ text: string; undo: string }> {
  const { status, headers } = await tracker.form(path, fields);
  expect(status).toBe(303);
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
  const { body } = await tracker.get(headers.get('location') ?? '', { cookie });
  return { text: textOf(body), undo: decode(/action="([^"]*\/baseline\/undo[^"]*)"/.exec(body)?.[1] ?? '') };
}

test('a value may be called running, now or today; what moves with time is refused, however it is written', async () => {
  for (const mode of ['running', 'now', 'today', '-1d'])
    await addRun(tracker, { experiment: 'words', params: { mode }, status: RunStatus.Finished });
  const words = (await addRun(tracker, { experiment: 'words', params: { mode: 'x' } })).experiment_id;
  const at = `/api/experiments/${words}/baseline`;
  for (const group of ['params.mode = running', 'params."mode" = "now"', 'params.mode in (today, now)', 'params.mode = -1d', 'name = now or params.mode = today'])
    expect([group, (await tracker.api('PUT', at, { group })).status]).toEqual([group, 200]);
  for (const group of ['status = running', 'not status = stalled', 'params.mode = now and started > -7d', 'created = today or params.mode = now', 'ended < now'])
    expect([group, (await tracker.api('PUT', at, { group })).status]).toEqual([group, 400]);
  expect((await tracker.api('DELETE', at)).status).toBe(204);
}); // prettier-ignore

test('forms set it, and Undo gives back what was there before: a run, a group, nothing', async () => {
  await put({ run: run('rms', 0) });
  const set = await submit(`/experiments/${id}/baseline`, { group: SGD, back: `/experiments/${id}/groups?by=params.opt` }); // prettier-ignore
  expect(set.text).toContain('opt sgd (2 runs) is the baseline now.');
  expect((await get()).group).toBe(SGD);
  const none = await submit(`/experiments/${id}/baseline`, { back: `/experiments/${id}/groups` });
  expect(none.text).toContain('There is no baseline any more.');
  expect((await tracker.form(none.undo, {})).status).toBe(303);
  expect((await get()).group).toBe(SGD);
  expect((await tracker.form(set.undo, {})).status).toBe(303);
  expect((await get()).run).toBe(run('rms', 0));
});

test('a baseline that is in the trash or purged by now is not undone to, and the message says why', async () => {
  const old = await addRun(tracker, { experiment: 'gone', name: 'old one', params: { opt: 'a' } });
  const next = await addRun(tracker, { experiment: 'gone', name: 'next one', params: { opt: 'b' } });
  const [home, groups] = [`/api/experiments/${old.experiment_id}/baseline`, `/experiments/${old.experiment_id}/groups`];
  await tracker.api('PUT', home, { run: old.id });
  const set = await submit(`/experiments/${old.experiment_id}/baseline`, { run: next.id, back: groups });
  await tracker.api('DELETE', `/api/runs/${old.id}`);
  const baseline = async (): Promise<string | null> => (await tracker.api<BaselineOut>('GET', home)).body.run;
  const undone = await submit(set.undo, {});
  expect(undone.text).toContain('Not undone. Run old one is in the trash: restore it first.');
  expect(await baseline()).toBe(next.id);
  expect((await tracker.api('DELETE', `/api/experiments/${old.experiment_id}/baseline`)).status).toBe(204);
  expect((await submit(set.undo.replace(old.id, idOf('9999')), {})).text).toContain(`Not undone. Run ${idOf('9999')} does not exist.`);
  expect(await baseline()).toBe(null);
}); // prettier-ignore

test('comparison, groups and conclusions measure against its mean, and say n; files and JSON say which one it was', async () => {
  await put({ group: 'params.opt = sgd' });
  const own = `group=${encodeURIComponent(`${id}:${SGD}`)}`;
  const rms = `group=${encodeURIComponent(`${id}:params.opt = rms`)}`;
  const compared = `/compare?run=${run('adam', 0)}&${own}&${rms}`;
  const html = await page(compared);
  // The mean of 0.5 and 0.6 is 0.55; rms has 0.55 and 0.4.
  expect(linesOf(tableOf(html, 0))).toEqual({ 'val/acc': ['0.550 ± 0.071 (2)', '0.48 ± 0.11 (2) ▼ −0.0750'] });
  expect(linesOf(tableOf(html, 2))['val/acc ↑']).toEqual(['0.7000 ▲ +0.1500']);
  expect(html).toContain('title="0.1500 above the mean of the baseline group (n = 2), 27 %: better"');
  expect(textOf(html)).toContain('Differences are from the mean of the baseline group opt sgd (2 runs)');
  const json = await tracker.api(`GET`, `/api${compared}`);
  expect(json.body.baseline).toEqual({ run: null, group: `${id}:${SGD}`, label: 'opt sgd', values: { 'val/acc': { value: 0.55, n: 2 } } }); // prettier-ignore
  const away = await page(`/compare?run=${run('adam', 0)}&run=${run('rms', 0)}`);
  expect(away).not.toContain('class="delta');
  expect(decode(hrefOf(away, 'Add the baseline params.opt = sgd (2 runs)'))).toContain('group=');

  const groups = `/experiments/${id}/groups`;
  const table = await page(groups);
  expect(tableOf(table).rows.map((row) => row[2]?.text)).toEqual(['0.80 ± 0.10 (3) ▲ +0.2500', '0.550 ± 0.071 (2) baseline', '0.48 ± 0.11 (2) ▼ −0.0750']); // prettier-ignore
  expect(textOf(table)).toContain('Differences are from the mean of the baseline group params.opt = sgd (2 runs).');
  const files = await tracker.api<GroupsOut>('GET', `/api${groups}`);
  expect(files.body.baseline).toEqual({ run: null, group: 'params.opt = sgd', label: 'params.opt = sgd', total: 2, among: true }); // prettier-ignore
  expect(files.body.items.map((one) => [one.is_baseline, one.metrics['val/acc']?.difference])).toEqual([[false, expect.closeTo(0.25, 12)], [true, 0], [false, expect.closeTo(-0.075, 12)]]); // prettier-ignore
  expect((await tracker.get(`${groups}.csv`)).body.split('\r\n')[0]).toBe('opt,runs,unfinished,baseline,val/acc mean,val/acc std,val/acc n,val/acc min,val/acc max,val/acc minus baseline'); // prettier-ignore
  expect((await tracker.get(`${groups}.md`)).body).toBe('| opt | val/acc ↑ |\n| --- | ---: |\n| adam | **0.80 ± 0.10** (3), +0.2500 |\n| sgd (baseline) | 0.550 ± 0.071 (2) |\n| rms | 0.48 ± 0.11 (2), −0.0750 |\n\nDifferences are from the mean of the baseline group params.opt = sgd (2 runs).\n'); // prettier-ignore
  const latex = (await tracker.get(`${groups}.tex`)).body;
  expect(latex).toContain('% Differences are from the mean of the baseline group params.opt = sgd (2 runs).');
  expect(latex).toContain('sgd (baseline) &');
  expect(textOf(await page(`${groups}?by=params.seed`))).toContain('The baseline group params.opt = sgd (2 runs) is none of these groups.'); // prettier-ignore

  const said = await page(`/experiments/${id}/conclusions`);
  expect(textOf(said)).toContain('By val/acc against the baseline sgd the others are');
  const concluded = await tracker.api<ConclusionsOut>('GET', `/api/experiments/${id}/conclusions`);
  expect(concluded.body.comparisons.map(({ label }) => label)).toEqual(['adam against sgd', 'rms against sgd']);
  expect(concluded.body.baseline).toMatchObject({ group: 'params.opt = sgd', among: true, used: true });
  const along = await tracker.api<ConclusionsOut>('GET', `/api/experiments/${id}/conclusions?pairs=params.opt`);
  expect(along.body.base).toBe('sgd');
  const asked = await tracker.api<ConclusionsOut>('GET', `/api/experiments/${id}/conclusions?base=${concluded.body.groups[0]?.group ?? ''}`); // prettier-ignore
  expect([asked.body.comparisons[0]?.label, asked.body.baseline?.used]).toEqual(['sgd against adam', false]);
});

test('its mean follows its runs: one more, one in the trash; a run may be the baseline of groups, too', async () => {
  await put({ group: SGD });
  const groups = `/experiments/${id}/groups`;
  const column = async (): Promise<(string | undefined)[]> => tableOf(await readPage(tracker, groups)).rows.map((row) => row[2]?.text); // prettier-ignore
  await tracker.api('DELETE', `/api/runs/${run('sgd', 1)}`);
  expect((await column())[0]).toBe('0.80 ± 0.10 (3) ▲ +0.3000');
  await tracker.api('POST', `/api/runs/${run('sgd', 1)}/restore`);
  expect((await column())[0]).toBe('0.80 ± 0.10 (3) ▲ +0.2500');
  await put({ run: run('adam', 2) });
  expect(await column()).toEqual(['0.80 ± 0.10 (3) ▼ −0.1000 baseline', '0.550 ± 0.071 (2) ▼ −0.3500', '0.48 ± 0.11 (2) ▼ −0.4250']); // prettier-ignore
  const { body } = await tracker.api<ConclusionsOut>('GET', `/api/experiments/${id}/conclusions`);
  expect(body.comparisons.map(({ label }) => label)).toEqual(['sgd against adam', 'rms against adam']);
});

test('the page of a run leads to the group, and says when it has lost its runs', async () => {
  await put({ group: SGD });
  const html = await page(`/runs/${run('adam', 0)}`);
  expect(hrefOf(html, 'baseline: opt sgd (2 runs)')).toBe(`/compare?${new URLSearchParams({ run: run('adam', 0), group: `${id}:${SGD}` }).toString()}`); // prettier-ignore
  for (const seed of [0, 1]) await tracker.api('DELETE', `/api/runs/${run('sgd', seed)}`);
  expect((await get()).total).toBe(0);
  expect(textOf(await page(`/runs/${run('adam', 0)}`))).toContain('The baseline group opt sgd has no runs any more.');
  for (const seed of [0, 1]) await tracker.api('POST', `/api/runs/${run('sgd', seed)}/restore`);
});
