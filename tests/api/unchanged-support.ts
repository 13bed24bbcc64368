// tests/api/unchanged-support.ts
// Purpose: a tracker with a bit of everything, the addresses of everything that has an ETag, and every kind of change.
// Why: whatever can be changed must move the tag of whatever shows it; both lists are meant to grow.
// Relevant files: tests/api/unchanged.test.ts, shared/http/unchanged.ts

import { expect } from 'vitest';
import { ExperimentStatus } from '../../experiments/models.ts';
import { RunStatus } from '../../runs/models.ts';
import type { Tracker } from '../support/tracker.ts';

/** Runs `a` and `b` of experiment 1; `c` of experiment 2 is a child of `a`, `b` one of `d` of experiment 2. */
export interface Filled {
  a: string;
  b: string;
  c: string;
  d: string;
}

const id = (letter: string): string => letter.padStart(32, '0');

export async function fill(tracker: Tracker): Promise<Filled> {
  const ids = { a: id('a'), b: id('b'), c: id('c'), d: id('d') };
  const start_time = Date.now() - 125_000;
  const add = (body: Record<string, unknown>): Promise<unknown> =>
    send(tracker, 'POST', '/api/runs', { start_time, ...body });
  await add({
    id: ids.a,
    experiment: 'one',
    name: 'alpha',
    params: { lr: 0.1, width: 8 },
    tags: { keep: '', model: 'mlp' },
  });
  await add({ id: ids.d, experiment: 'two', name: 'delta' });
  await add({
    id: ids.b,
    experiment: 'one',
    name: 'beta',
    params: { lr: 0.2, width: 8 },
    parent_id: ids.d,
    notes: 'first',
  });
  await add({ id: ids.c, experiment: 'two', name: 'gamma', parent_id: ids.a });
  for (const run of [ids.a, ids.b, ids.c]) await log(tracker, run, 'loss', [0.9, 0.5, run === ids.b ? 'NaN' : 0.4]);
  await put(tracker, ids.a, 'notes.txt', 'hello');
  await send(tracker, 'PUT', '/api/experiments/1/tags/mine', {});
  await send(tracker, 'POST', '/api/tags', { key: 'other' });
  await send(tracker, 'PATCH', `/api/runs/${ids.b}`, { status: RunStatus.Finished });
  return ids;
}

export function pathsOf({ a, b, c, d }: Filled): string[] {
  const both = `run=${a}&run=${b}`;
  const curve = `${both}&key=loss`;
  return [
    ...['/experiments', '/experiments?q=on', '/experiments?status=trash', '/experiments?tag=mine'],
    ...['/experiments/1', '/experiments/1?status=trash', '/experiments/1?q=alpha', '/experiments/2'],
    ...['/runs', '/runs?status=trash', '/runs?tag=keep', '/runs?q=beta'],
    ...[`/runs/${a}`, `/runs/${b}`, `/runs/${c}`, `/runs/${d}`, `/runs/${a}?metric=loss`, `/runs/${a}/artifacts/notes.txt`],
    ...[`/compare?${both}`, `/compare?${both}&run=${c}`, `/curves?${curve}`, `/curves.svg?${curve}`, `/curves.csv?${curve}`],
    ...['/tags', '/tags?status=trash', '/exports', '/docs', '/openapi.json'],
    ...['/api/experiments', '/api/experiments/1', '/api/experiments/2', '/api/tags', '/api/tags/1'],
    ...['/api/runs', '/api/runs?experiment=1', '/api/runs?experiment=2&order=name', `/api/runs/${a}`, `/api/runs/${c}`],
    ...[`/api/runs/${a}/metrics`, `/api/runs/${a}/points?key=loss`, `/api/runs/${a}/curve?key=loss`, `/api/runs/${a}/artifacts`],
    ...[`/api/compare?${both}`, `/api/curves?${curve}`],
    ...['/exports/experiments.csv', '/exports/experiments.json', '/exports/experiments/1.json', '/exports/experiments/1/runs.csv'],
    ...['/exports/experiments/1/points.ndjson', `/exports/runs/${a}.json`, `/exports/runs/${a}/points.csv`],
  ]; // prettier-ignore
}

type Change = (tracker: Tracker, filled: Filled) => Promise<unknown>;

/** In this order, on one tracker: each finds what the ones before have left. */
export const CHANGES: Record<string, Change> = {
  'a point is logged': (t, { a }) => log(t, a, 'loss', [0.3], 10),
  'a late point': (t, { a }) => log(t, a, 'loss', [0.35], 7),
  'another value at a step that is there': (t, { a }) => log(t, a, 'loss', [0.36], 7),
  'a new metric': (t, { b }) => log(t, b, 'accuracy', [0.3, 0.4]),
  'a param': (t, { a }) => send(t, 'POST', `/api/runs/${a}/log`, { params: { depth: '3' } }),
  'a tag that the run logs': (t, { a }) => send(t, 'POST', `/api/runs/${a}/log`, { tags: { logged: 'yes' } }),
  'a tag on a run': (t, { b }) => send(t, 'PUT', `/api/runs/${b}/tags/keep`, {}),
  'another value of it': (t, { b }) => send(t, 'PUT', `/api/runs/${b}/tags/keep`, { value: 'long' }),
  'a tag taken off': (t, { b }) => send(t, 'DELETE', `/api/runs/${b}/tags/keep`),
  'a tag on ticked runs': (t, { a, b }) => t.form('/runs/tag', { run: [a, b], tags: 'ticked', back: '/runs' }),
  'a tag off ticked runs': (t, { a, b }) => t.form('/runs/untag', { run: [a, b], tags: 'ticked', back: '/runs' }),
  'a tag on an experiment': (t) => send(t, 'PUT', '/api/experiments/2/tags/mine', { value: 'x' }),
  'a tag off an experiment': (t) => send(t, 'DELETE', '/api/experiments/2/tags/mine'),
  'a tag is renamed': (t) => send(t, 'PATCH', '/api/tags/1', { key: 'kept' }),
  'a tag has a colour': (t) => send(t, 'PATCH', '/api/tags/1', { color: 'c3' }),
  'a tag that hangs nowhere': (t) => send(t, 'POST', '/api/tags', { key: 'nowhere' }),
  'a tag in the trash': (t) => send(t, 'DELETE', '/api/tags/1'),
  'a tag is restored': (t) => send(t, 'POST', '/api/tags/1/restore'),
  'tags are merged': async (t) => send(t, 'POST', '/api/tags/1/merge', { into: await tagOf(t, 'other') }),
  'a tag from the trash is merged': async (t) => send(t, 'POST', '/api/tags/1/merge', { into: await tagOf(t, 'nowhere') }),
  'a run has another name': (t, { a }) => send(t, 'PATCH', `/api/runs/${a}`, { name: 'alpha 2' }),
  'a run of another experiment, parent of one here, too': (t, { d }) => send(t, 'PATCH', `/api/runs/${d}`, { name: 'delta 2' }),
  'and a child': (t, { c }) => send(t, 'PATCH', `/api/runs/${c}`, { name: 'gamma 2' }),
  notes: (t, { a }) => send(t, 'PATCH', `/api/runs/${a}`, { notes: '**new**' }),
  'a form': (t, { a }) => t.form(`/runs/${a}`, { name: 'alpha 3', notes: 'newer', status: RunStatus.Running }),
  'a run ends': (t, { a }) => send(t, 'PATCH', `/api/runs/${a}`, { status: RunStatus.Failed }),
  'a run goes on': (t, { a }) => send(t, 'POST', `/api/runs/${a}/reopen`),
  'its times': (t, { a }) => send(t, 'PATCH', `/api/runs/${a}`, { start_time: 1_000_000 }),
  'another parent': (t, { a, d }) => send(t, 'PATCH', `/api/runs/${a}`, { parent_id: d }),
  'no parent': (t, { a }) => send(t, 'PATCH', `/api/runs/${a}`, { parent_id: null }),
  'an artifact': (t, { a }) => put(t, a, 'more.csv', 'a,b\n1,2\n'),
  'other contents': (t, { a }) => put(t, a, 'notes.txt', 'bye'),
  'an artifact less': (t, { a }) => send(t, 'DELETE', `/api/runs/${a}/artifacts/more.csv`),
  'a run in the trash': (t, { b }) => send(t, 'DELETE', `/api/runs/${b}`),
  'a run is back': (t, { b }) => send(t, 'POST', `/api/runs/${b}/restore`),
  'ticked runs in the trash': (t, { a, d }) => t.form('/runs/trash', { run: [a, d], back: '/runs', confirm: 'yes' }),
  'ticked runs are back': (t, { a, d }) => t.form('/runs/restore', { run: [a, d], back: '/runs?status=trash' }),
  'a new run': (t) => send(t, 'POST', '/api/runs', { experiment: 'one', name: 'new' }),
  'a new child elsewhere': (t, { a }) => send(t, 'POST', '/api/runs', { experiment: 'two', name: 'kid', parent_id: a }),
  'a new run that makes its experiment': (t) => send(t, 'POST', '/api/runs', { experiment: 'three' }),
  'a new experiment': (t) => send(t, 'POST', '/api/experiments', { name: 'four', status: ExperimentStatus.Draft }),
  'a draft becomes active': (t) => send(t, 'POST', '/api/runs', { experiment: 'four' }),
  'an experiment has another name': (t) => send(t, 'PATCH', '/api/experiments/1', { name: 'one and only' }),
  'a description': (t) => send(t, 'PATCH', '/api/experiments/1', { description: 'about' }),
  'a main metric': (t) => send(t, 'PATCH', '/api/experiments/1', { main_metric: 'accuracy' }),
  'archived': (t) => send(t, 'PATCH', '/api/experiments/2', { status: ExperimentStatus.Archived }),
  'a form of an experiment': (t) =>
    t.form('/experiments/1', { name: 'one', description: '', status: ExperimentStatus.Active, main_metric: '', tags: 'x=y' }),
  'an experiment in the trash': (t) => send(t, 'DELETE', '/api/experiments/2'),
  'an experiment is back': (t) => send(t, 'POST', '/api/experiments/2/restore'),
}; // prettier-ignore

async function send(tracker: Tracker, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await tracker.api(method, path, body);
  expect(answer.status, `${method} ${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}

async function tagOf(tracker: Tracker, key: string): Promise<number> {
  const { body } = await tracker.api<{ items: { id: number; key: string }[] }>('GET', '/api/tags');
  const found = body.items.find((tag) => tag.key === key);
  expect(found, key).toBeDefined();
  return found?.id ?? 0;
}

function log(tracker: Tracker, run: string, key: string, values: unknown[], step = 1): Promise<unknown> {
  const metrics = values.map((value, place) => ({ key, value, step: step + place, timestamp: Date.now() }));
  return send(tracker, 'POST', `/api/runs/${run}/log`, { metrics });
}

async function put(tracker: Tracker, run: string, name: string, body: string): Promise<void> {
  const { status } = await fetch(`${tracker.url}/api/runs/${run}/artifacts/${name}`, { method: 'PUT', body });
  expect(status).toBeLessThan(300);
}
