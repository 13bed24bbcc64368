// tests/models/pages.test.ts
// Purpose: the pages of models: what they show, their forms, valid HTML, every link; the models on a run's page.
// Why: the registry is where people find what to deploy, also without JavaScript.
// Relevant files: models/pages.ts, models/logged-pages.ts, models/views.ts, tests/support/crawl.ts

import { beforeAll, expect, it } from 'vitest';
import { linkModels, logModelPoints, setLoggedModelStatus } from '../../models/logged-changes.ts';
import { LoggedModelStatus, ModelRole } from '../../models/models.ts';
import { crawl } from '../support/crawl.ts';
import { faultsOf } from '../support/html.ts';
import { startTracker, type Answer } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';
import { makeModel, makeRun, must, putFile, register, type MadeRun } from './support.ts';

const NASTY = '<b>"it\'s" & ü';
const AT = `/models/${encodeURIComponent(NASTY)}`;

const tracker = useTracker();
let run: MadeRun;
let model: string;
beforeAll(async () => {
  run = await makeRun(tracker);
  model = (
    await makeModel(tracker, run, { name: 'net', params: { lr: '0.1', long: 'y'.repeat(300) }, tags: { t: '' } })
  ).id;
  await putFile(tracker, model, 'data/ä b.txt', 'some text <i>');
  await tracker.app.store.write((tx) => setLoggedModelStatus(tx, model, LoggedModelStatus.Ready, Date.now()));
  const point = { model_id: model, key: 'acc', value: NaN, step: 1, timestamp: 2, dataset_name: 'iris' };
  await must(tracker, 'POST', `/api/runs/${run.id}/log`, { metrics: [{ key: 'acc', value: 'NaN', step: 1 }] });
  await tracker.app.store.write((tx) => logModelPoints(tx, run, [point], Date.now()));
  await tracker.app.store.write((tx) => linkModels(tx, run, ModelRole.Output, [{ model_id: model, step: 7 }]));
  await register(tracker, NASTY, model);
  await must(tracker, 'POST', `/api${AT}/versions`, { source: `s3://bucket/${'deep/'.repeat(50)}` });
});

const flashOf = (answer: Answer<string>): string => {
  const cookie = /flash=([^;]*)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
  return (JSON.parse(Buffer.from(cookie, 'base64url').toString()) as { text: string }).text;
};

it('shows them, valid, with every link leading somewhere', async () => {
  const { visited, faults } = await crawl(tracker.url, '/models');
  expect(faults.join('\n')).toBe('');
  const paths = [...visited.keys()];
  for (const page of [
    AT,
    `${AT}/versions/1`,
    `/logged-models/${model}`,
    `/logged-models/${model}/artifacts/data/%C3%A4%20b.txt`,
  ])
    expect(paths).toContain(page);
  const list = await tracker.get('/models');
  expect(list.body).toContain('1 registered model<');
  expect((await tracker.get('/models?q=nothing')).body).toContain('No model matches');
  expect((await tracker.get('/models?q=IT%27S')).body).toContain('&lt;b&gt;&quot;it&#39;s&quot; &amp; ü');
});

it('the empty list says how a model comes here', async () => {
  const empty = await startTracker();
  try {
    const { body } = await empty.get('/models');
    expect(body).toContain('No model is registered yet');
    expect(body).toContain(`MLFLOW_TRACKING_URI=${empty.url}`);
    expect(await faultsOf(body)).toEqual([]);
  } finally {
    await empty.stop();
  }
});

it('names, tags and aliases are changed by forms; what is wrong comes back at its field', async () => {
  const saved = await tracker.form(`${AT}/versions/2`, {
    description: '# best',
    aliases: 'champion, live  x',
    tags: 'a, b=c',
  });
  expect([saved.status, saved.headers.get('location'), flashOf(saved)]).toEqual([
    303,
    `${AT}/versions/2`,
    'Saved version 2.',
  ]);
  expect(await must(tracker, 'GET', `/api${AT}/versions/2`)).toMatchObject({
    ...{ description: '# best', aliases: ['champion', 'live', 'x'], tags: { a: '', b: 'c' } },
  });
  await tracker.form(`${AT}/versions/1`, { description: '', aliases: 'live', tags: '' });
  expect((await tracker.get(AT)).body).toContain('@live');
  expect(await must(tracker, 'GET', `/api${AT}`)).toMatchObject({ aliases: { champion: 2, live: 1, x: 2 } });
  for (const [path, fields, message] of [
    [`${AT}/versions/1`, { description: 'typed', aliases: 'v1', tags: '' }, 'must not be latest'],
    [`${AT}/versions/1`, { description: 'typed', aliases: '', tags: `${'k'.repeat(501)}=v` }, 'at most 500 characters'],
    [AT, { name: 'a/b', description: 'typed', tags: '' }, 'must not hold / or :'],
    [AT, { name: '', description: 'typed', tags: '' }, 'must not be empty'],
  ] as const) {
    const wrong = await tracker.form(path, fields);
    expect([wrong.status, wrong.body.includes(message), wrong.body.includes('typed')], message).toEqual([
      400,
      true,
      true,
    ]);
    expect(await faultsOf(wrong.body)).toEqual([]);
  }
  expect(await must(tracker, 'GET', `/api${AT}`)).toMatchObject({
    aliases: { champion: 2, live: 1, x: 2 },
    description: '',
  });
});

it('a rename leads to the new page', async () => {
  await must(tracker, 'POST', '/api/models', { name: 'before' });
  await must(tracker, 'POST', '/api/models', { name: 'there' });
  const taken = await tracker.form('/models/before', { name: 'there', description: '', tags: '' });
  expect([taken.status, taken.body.includes('There is already')]).toEqual([400, true]);
  const saved = await tracker.form('/models/before', { name: 'after ?#', description: 'x', tags: 'y' });
  expect([saved.status, saved.headers.get('location')]).toEqual([303, '/models/after%20%3F%23']);
  expect((await tracker.get('/models/after%20%3F%23')).status).toBe(200);
  expect((await tracker.get('/models/before')).status).toBe(404);
});

it('a logged model is registered from its page, under a new name or as the next version', async () => {
  const page = await tracker.get(`/logged-models/${model}`);
  for (const text of ['net', 'lr', 'NaN', 'iris', 'data/ä b.txt', `href="/runs/${run.id}"`])
    expect(page.body).toContain(text);
  for (const [name, version] of [
    ['from the page', 1],
    ['from the page', 2],
  ] as const) {
    const done = await tracker.form(`/logged-models/${model}/register`, { name });
    expect([done.status, done.headers.get('location')]).toEqual([303, `/models/from%20the%20page/versions/${version}`]);
  }
  const wrong = await tracker.form(`/logged-models/${model}/register`, { name: 'a:b' });
  expect([wrong.status, wrong.body.includes('must not hold / or :')]).toEqual([400, true]);
  expect(await faultsOf(wrong.body)).toEqual([]);
  expect((await must<{ total: number }>(tracker, 'GET', '/api/models?q=a:b')).total).toBe(0);
});

it('a run shows the models that it made, and follows their changes', async () => {
  const before = await tracker.get(`/runs/${run.id}`);
  expect(before.body).toContain(`href="/logged-models/${model}"`);
  const etag = before.headers.get('etag') ?? '';
  const again = async (): Promise<number> => (await tracker.get(`/runs/${run.id}`, { 'if-none-match': etag })).status;
  await tracker.form(`/logged-models/${model}/register`, { name: 'seen on the run' });
  expect(await again()).toBe(200);
  expect((await tracker.get(`/runs/${run.id}`)).body).toContain('seen on the run 1');
  await must(tracker, 'DELETE', `/api/logged-models/${model}`);
  expect((await tracker.get(`/runs/${run.id}`)).body).not.toContain(`href="/logged-models/${model}"`);
  expect((await tracker.get(`/logged-models/${model}`)).status).toBe(404);
  // What was deployed by a version still finds its files.
  const version = await tracker.get(`${AT}/versions/1`);
  expect(version.body).toContain('data/ä b.txt');
  await must(tracker, 'POST', `/api/logged-models/${model}/restore`);
});

it.each([
  ['/models/nobody', 404],
  [`/models/${'x'.repeat(600)}`, 400],
  [`${AT}/versions/9`, 404],
  [`${AT}/versions/x`, 400],
  ['/logged-models/nothing', 400],
  [`/logged-models/m-${'0'.repeat(32)}`, 404],
  ['/models?page=x', 400],
])('%s: a page that says what is wrong (%i)', async (path, status) => {
  const answer = await tracker.get(path);
  expect([answer.status, await faultsOf(answer.body)]).toEqual([status, []]);
});
