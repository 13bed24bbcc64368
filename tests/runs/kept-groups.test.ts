// tests/runs/kept-groups.test.ts
// Purpose: groups by params, tags and parents are those of the runs as they are, whatever changed since they were asked before.
// Why: columns of params are kept and only new runs are read again; a param, the trash or a removed run must not be missed.
// Relevant files: runs/param-columns-queries.ts, runs/run-list-queries.ts, runs/groups/members.ts

import { beforeAll, expect, it } from 'vitest';
import { randomOf } from '../../imports/random.ts';
import { RunStatus } from '../../runs/models.ts';
import type { GroupsOut } from '../../runs/groups/group-schemas.ts';
import { useTracker } from '../support/use.ts';
import { addRun } from './page-support.ts';

const tracker = useTracker();
let experiment: number;
const ids: string[] = [];
const inTrash = new Set<string>();
const random = randomOf(7);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

/** Names that every object has a member of are params like others. */
const KEYS = ['lr', 'model', 'toString', 'valueOf', 'a "quoted", key'];
const VALUES = ['0.1', '1e-1', '', 'zwölf', '{"x": [1]}', 'line\nbreak', '🙂'];

beforeAll(async () => {
  for (let at = 0; at < 6; at += 1) await addOne();
});

async function own(method: string, path: string, body?: unknown): Promise<void> {
  const { status } = await tracker.api(method, path, body);
  expect(status, `${method} ${path}`).toBeLessThan(300);
}

async function addOne(): Promise<void> {
  const params = Object.fromEntries(KEYS.filter(() => random() < 0.5).map((key) => [key, pick(VALUES)]));
  const run = await addRun(tracker, {
    ...{ experiment: 'columns', params, tags: random() < 0.3 ? { team: pick(['red', 'blue']) } : {} },
    ...(ids.length > 2 && random() < 0.3 && { parent_id: ids[0] }),
    metrics: { loss: [random()] },
  });
  experiment = run.experiment_id;
  ids.push(run.id);
}

const left = (): string[] => ids.filter((id) => !inTrash.has(id));

/** A param that the run does not have yet, to any run that is in sight. */
async function addParam(): Promise<void> {
  const id = pick(left());
  const { body } = await tracker.api<{ params: Record<string, string> }>('GET', `/api/runs/${id}`);
  const key = KEYS.find((one) => !Object.hasOwn(body.params, one));
  if (key !== undefined)
    await own('POST', `/api/runs/${id}/log`, { params: Object.fromEntries([[key, pick(VALUES)]]) });
}

const CHANGES: [string, () => Promise<unknown>][] = [
  ['a new run', addOne],
  ['two', async () => {
    await addOne();
    await addOne();
  }],
  ['a param of an older run', addParam],
  ['one, and a new run', async () => {
    await addParam();
    await addOne();
  }],
  ['a tag', () => own('PUT', `/api/runs/${pick(left())}/tags/team`, { value: pick(['red', 'green']) })],
  ['an end', () => own('PATCH', `/api/runs/${pick(left())}`, { status: RunStatus.Finished })],
  ['the trash', async () => {
    const id = pick(left().slice(1));
    await own('DELETE', `/api/runs/${id}`);
    inTrash.add(id);
  }],
  ['the way back', async () => {
    const [id] = inTrash;
    if (id === undefined) return;
    await own('POST', `/api/runs/${id}/restore`);
    inTrash.delete(id);
  }],
]; // prettier-ignore

const BY = [...KEYS.map((key) => `params.${key}`), 'tags.team', 'parent'];

interface Run {
  id: string;
  params: Record<string, string>;
  tags: Record<string, string>;
  parent_id: string | null;
}

/** Run by run, from the API of runs, which keeps nothing. */
async function expected(by: string[]): Promise<string[][]> {
  const groups = new Map<string, string[]>();
  for (const id of left()) {
    const { body: run } = await tracker.api<Run>('GET', `/api/runs/${id}`);
    const ownOf = (of: Record<string, string>, key: string): string | null => (Object.hasOwn(of, key) ? (of[key] ?? null) : null);
    const name = JSON.stringify(by.map((one) =>
      one === 'parent' ? run.parent_id : one === 'tags.team' ? ownOf(run.tags, 'team') : ownOf(run.params, one.slice('params.'.length)),
    ));
    groups.set(name, [...(groups.get(name) ?? []), id]);
  }
  return [...groups.values()].map((of) => of.sort()).sort();
} // prettier-ignore

async function grouped(by: string[], more = ''): Promise<string[][]> {
  const query = by.map((one) => `by=${encodeURIComponent(one)}`).join('&');
  const { status, body } = await tracker.api<GroupsOut>('GET', `/api/experiments/${experiment}/groups?${query}${more}`);
  expect(status).toBe(200);
  return body.items.map(({ runs }) => [...runs].sort()).sort();
}

const rounds = Array.from({ length: 24 }, (_, round) => round);

it.each(rounds)('round %i of changes', async (round) => {
  const [what, change] = CHANGES[round % CHANGES.length] ?? ['', addOne];
  await change();
  const by = round % 3 === 0 ? BY : BY.filter(() => random() < 0.5);
  const usual = by.length === 0 ? ['params.lr'] : by;
  const want = await expected(usual);
  expect(await grouped(usual), what).toEqual(want);
  // Kept, then for few runs only.
  expect(await grouped(usual), what).toEqual(want);
  const one = want[0]?.[0] ?? '';
  expect(await grouped(usual, `&q=${one}`), what).toEqual([[one]]);
});

it('several who ask at the same time get the same', async () => {
  await addParam();
  await addOne();
  const want = await expected(BY);
  const answers = await Promise.all([grouped(BY), grouped(BY), grouped(BY.slice(0, 4)), grouped(BY)]);
  expect([answers[0], answers[1], answers[3]]).toEqual([want, want, want]);
  expect(answers[2]).toEqual(await expected(BY.slice(0, 4)));
});

it('runs in the trash are grouped, too', async () => {
  const id = pick(left().slice(1));
  await own('DELETE', `/api/runs/${id}`);
  inTrash.add(id);
  const path = `/experiments/${experiment}/groups.json?status=trash&by=params.lr`;
  const { status, body } = await tracker.api<GroupsOut>('GET', path);
  expect(status).toBe(200);
  const found = body.items.flatMap(({ runs }) => runs);
  expect(found.sort()).toEqual([...inTrash].sort());
});
