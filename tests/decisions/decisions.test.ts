// tests/decisions/decisions.test.ts
// Purpose: decisions through API and pages: noted with the numbers of their time, edited, trashed with Undo, gone with their experiment.
// Why: what somebody decided by must still be there, as it was, when the runs have moved on.
// Relevant files: decisions/routes.ts, decisions/pages.ts, decisions/changes.ts

import { beforeAll, expect, it } from 'vitest';
import { DecisionStatus } from '../../decisions/models.ts';
import type { DecisionOut } from '../../decisions/schemas.ts';
import { RunStatus } from '../../runs/models.ts';
import { addRun, hrefOf, openPage, tablesOf, textOf } from '../runs/page-support.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();
let id: number;
let api: string;

beforeAll(async () => {
  for (const seed of [1, 2]) {
    const run = await addRun(tracker, {
      experiment: 'decided',
      params: { seed, lr: 0.1 },
      metrics: { accuracy: [seed / 4] },
    });
    await tracker.api('PATCH', `/api/runs/${run.id}`, { status: RunStatus.Finished });
    id = run.experiment_id;
  }
  api = `/api/experiments/${id}/decisions`;
});

const made = async (body: object): Promise<DecisionOut> => {
  const answer = await tracker.api<DecisionOut>('POST', api, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  expect(answer.headers.get('location')).toBe(`/api/decisions/${answer.body.id}`);
  return answer.body;
};

it('keeps what the page said, also when the page says something else by now', async () => {
  const url = `/experiments/${id}/groups?by=params.lr`;
  const decision = await made({ hypothesis: 'lr 0.1 is enough', url });
  expect(decision).toMatchObject({ status: DecisionStatus.Open, verdict: '', url, trashed_at: null });
  expect(decision.numbers).toMatchObject({ by: ['params.lr'], items: [{ metrics: { accuracy: { n: 2, mean: 0.375 } } }] });
  const run = await addRun(tracker, { experiment: 'decided', params: { seed: 3, lr: 0.1 }, metrics: { accuracy: [1] } });
  await tracker.api('PATCH', `/api/runs/${run.id}`, { status: RunStatus.Finished });
  const later = await tracker.api<DecisionOut>('GET', `/api/decisions/${decision.id}`);
  expect(later.body.numbers).toEqual(decision.numbers);
  const html = await openPage(tracker, `/decisions/${decision.id}`);
  expect(textOf(html)).toContain('lr 0.1 is enough');
  expect(textOf(html)).toContain('0.375');
  expect(hrefOf(html, url)).toBe(url);
}); // prettier-ignore

it('a comparison of runs of one experiment leads to a decision that keeps its numbers', async () => {
  const { body } = await tracker.api<{ items: { id: string }[] }>('GET', `/api/runs?experiment=${id}&limit=2`);
  const url = `/compare?${body.items.map((run) => `run=${run.id}`).join('&')}`;
  const href = new URL(hrefOf(await openPage(tracker, url), 'Note a decision').replaceAll('&amp;', '&'), tracker.url);
  expect([href.pathname, href.searchParams.get('url')]).toEqual([`/experiments/${id}/decisions/new`, url]);
  const { numbers } = await made({ hypothesis: 'the second is better', url });
  expect(numbers).toMatchObject({ runs: body.items.map((run) => ({ id: run.id })) });
});

it('a comparison of groups keeps mean, deviation and n of its time; conclusions keep difference, interval and p', async () => {
  const runs: { id: string; params: Record<string, string | number>; accuracy: number }[] = [1, 2, 3, 4].map((seed) => ({
    ...{ id: String(7000 + seed), params: { seed, opt: seed < 3 ? 'adam' : 'sgd' }, accuracy: seed / 8 },
  }));
  let grouped = 0;
  for (const { id: run, params, accuracy } of runs) {
    const made = await addRun(tracker, { experiment: 'grouped', id: run, status: RunStatus.Finished, params, metrics: { accuracy: [accuracy] } });
    grouped = made.experiment_id;
  }
  let last = 0;
  const noted = async (url: string): Promise<unknown> => {
    const { body } = await tracker.api<DecisionOut>('POST', `/api/experiments/${grouped}/decisions`, { hypothesis: 'sgd is better', url });
    last = body.id;
    return body.numbers;
  };
  const groups = ['adam', 'sgd'].map((opt) => `group=${encodeURIComponent(`${grouped}:params.opt = ${opt}`)}`);
  const compared = (await noted(`/compare?${groups.join('&')}&metric=accuracy`)) as { groups: { metrics: object }[]; sentences: string[] };
  expect(compared.groups.map(({ metrics }) => metrics)).toEqual([
    { accuracy: { n: 2, mean: 0.1875, std: Math.sqrt(1 / 128), min: 0.125, max: 0.25, without: 0 } },
    { accuracy: { n: 2, mean: 0.4375, std: Math.sqrt(1 / 128), min: 0.375, max: 0.5, without: 0 } },
  ]);
  // Welch of two and two: t 2.828, df 2, p 0.1056; ±4.3027 standard errors of √(1/128) (scipy 1.17).
  const sentence = 'By accuracy adam and sgd cannot be told apart: difference −0.25 (95 % CI −0.63 to 0.13; Holm-corrected p = 0.106; n = 2 each). With n = 2 each no claim can be made either way.';
  expect(compared.sentences).toEqual([sentence]);
  const shown = await openPage(tracker, `/decisions/${last}`);
  expect(textOf(shown)).toContain(sentence);
  expect(tablesOf(shown)[0]?.rows.map((row) => row.map(({ text }) => text))).toEqual([['adam (2)', '0.188 ± 0.088 (2)'], ['sgd (2)', '0.438 ± 0.088 (2)']]);
  const page = await openPage(tracker, `/compare?${groups.join('&')}`);
  expect(textOf(page)).toContain(sentence);
  expect(hrefOf(page, 'Note a decision')).toContain(`/experiments/${grouped}/decisions/new?url=`);
  expect(hrefOf(page, 'grouped')).toBe(`/experiments/${grouped}`);
  const concluded = (await noted(`/experiments/${grouped}/conclusions?by=params.opt`)) as { comparisons: object[] };
  expect(concluded.comparisons).toMatchObject([{ n: [2, 2], difference: -0.25, welch: { df: 2 } }]);
  expect(tablesOf(await openPage(tracker, `/decisions/${last}`))[0]?.rows.map((row) => row.map(({ text }) => text))).toEqual([['sgd', 'a', '1–2', '0.438 ± 0.088 (2)'], ['adam', 'a', '1–2', '0.188 ± 0.088 (2)']]);
}); // prettier-ignore

it('is edited in its words only', async () => {
  const { id: one, ...before } = await made({ hypothesis: 'a', url: '/runs' });
  expect(before.numbers).toBeNull();
  const { body } = await tracker.api<DecisionOut>('PATCH', `/api/decisions/${one}`, {
    ...{ status: DecisionStatus.Holds, verdict: 'it **does**' },
  });
  expect(body).toMatchObject({ hypothesis: 'a', status: DecisionStatus.Holds, verdict: 'it **does**', url: '/runs' });
  expect(await openPage(tracker, `/decisions/${one}`)).toContain('it <strong>does</strong>');
  const form = await tracker.form(`/decisions/${one}`, { hypothesis: 'b', status: DecisionStatus.Fails, verdict: '' });
  expect([form.status, form.headers.get('location')]).toEqual([303, `/decisions/${one}`]);
  expect(textOf(await openPage(tracker, `/experiments/${id}`))).toContain('Decided: b ● does not hold'.replace('● ', ''));
  expect((await tracker.form(`/decisions/${one}`, { hypothesis: ' ' })).status).toBe(400);
}); // prettier-ignore

it('goes to the trash and comes back, on the pages and in the API', async () => {
  const { id: one } = await made({ hypothesis: 'gone and back' });
  const trash = await tracker.form(`/decisions/${one}/trash`, {});
  expect(trash.headers.get('location')).toBe(`/experiments/${id}/decisions`);
  const list = async (query = ''): Promise<number[]> =>
    (await tracker.api<{ items: { id: number }[] }>('GET', `${api}${query}`)).body.items.map((row) => row.id);
  expect(await list()).not.toContain(one);
  expect(await list('?status=trash')).toEqual([one]);
  expect((await tracker.api('GET', `/api/decisions/${one}`)).status).toBe(404);
  expect(textOf(await openPage(tracker, `/experiments/${id}/decisions?status=trash`))).toContain('gone and back');
  // One choice alone is none: it is offered as soon as something is in the trash.
  expect(await openPage(tracker, `/experiments/${id}/decisions`)).toContain('class="seg"');
  const { body: untouched } = await tracker.api<{ id: number }>('POST', '/api/experiments', { name: 'undecided' });
  expect(await openPage(tracker, `/experiments/${untouched.id}/decisions`)).not.toContain('class="seg"');
  expect((await tracker.form(`/decisions/${one}/restore`, {})).headers.get('location')).toBe(`/decisions/${one}`);
  expect((await list())[0]).toBe(one);
  expect((await tracker.api('DELETE', `/api/decisions/${one}`)).status).toBe(204);
  expect((await tracker.api('DELETE', `/api/decisions/${one}`)).status).toBe(204);
  expect((await tracker.api('POST', `/api/decisions/${one}/restore`)).status).toBe(200);
});

it('lists the newest first, page by page', async () => {
  const first = await tracker.api<{ items: { id: number }[]; next_cursor: string; total: number }>('GET', `${api}?limit=2`);
  const second = await tracker.api<{ items: { id: number }[] }>('GET', `${api}?limit=2&cursor=${first.body.next_cursor}`);
  const ids = [...first.body.items, ...second.body.items].map((row) => row.id);
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
  expect(new Set(ids).size).toBe(Math.min(4, first.body.total));
  expect(tablesOf(await openPage(tracker, `/experiments/${id}/decisions`))[0]?.rows.length).toBe(first.body.total);
}); // prettier-ignore

it('a form that fails keeps what was typed', async () => {
  await openPage(tracker, `/experiments/${id}/decisions/new?url=%2Fruns`);
  const { status, body } = await tracker.form(`/experiments/${id}/decisions`, {
    ...{ hypothesis: '', status: DecisionStatus.Open, verdict: 'typed', url: '/runs' },
  });
  expect(status).toBe(400);
  expect(textOf(body)).toContain('must say what was expected');
  expect(body).toContain('typed</textarea>');
  const done = await tracker.form(`/experiments/${id}/decisions`, {
    ...{ hypothesis: 'x', status: DecisionStatus.Open, verdict: '', url: '/runs' },
  });
  expect(done.headers.get('location')).toMatch(/^\/decisions\/\d+$/);
});

it.each([
  ['POST', '', {}, 'hypothesis'],
  ['POST', '', { hypothesis: 'x', url: 'https://elsewhere/' }, 'url'],
  ['POST', '', { hypothesis: 'x', url: '//elsewhere/' }, 'url'],
  ['POST', '', { hypothesis: 'x', url: '/\\elsewhere' }, 'url'],
  ['POST', '', { hypothesis: 'x', status: 'maybe' }, 'status'],
  ['POST', '', { hypothesis: 'x', numbers: {} }, 'numbers'],
  ['GET', '?limit=0', undefined, '?limit'],
  ['GET', '?cursor=x', undefined, '?cursor'],
])('%s %s %j is wrong at %s', async (method, query, body, path) => {
  const answer = await tracker.api<{ errors: { path: string }[] }>(method, `${api}${query}`, body);
  expect([answer.status, answer.body.errors[0]?.path]).toEqual([400, path]);
});

it('there is none of an experiment that is not there, and none left when it is removed for ever', async () => {
  expect((await tracker.api('GET', '/api/experiments/999/decisions')).status).toBe(404);
  expect((await tracker.api('GET', '/api/decisions/999')).status).toBe(404);
  expect((await tracker.get('/decisions/999')).status).toBe(404);
  const { body } = await tracker.api<{ id: number }>('POST', '/api/experiments', { name: 'to be removed' });
  await tracker.api('POST', `/api/experiments/${body.id}/decisions`, { hypothesis: 'x' });
  await tracker.api('DELETE', `/api/experiments/${body.id}`);
  expect((await tracker.api('POST', `/api/experiments/${body.id}/purge`)).status).toBe(202);
  await expect.poll(async () => (await tracker.api('GET', `/api/experiments/${body.id}`)).status).toBe(404);
}); // prettier-ignore
