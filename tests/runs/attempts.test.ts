// tests/runs/attempts.test.ts
// Purpose: a run that was restarted: one trajectory with the latest attempt's points, earlier ones kept aside, states, ends.
// Why: no reader knows of attempts; so what is set aside, and what stays, must be exactly right in every order of arrival.
// Relevant files: runs/attempts/superseding-changes.ts, runs/attempts/attempt-changes.ts, runs/attempts/cut-series.ts

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { brokenCounters } from '../../runs/check-queries.ts';
import { RunStatus } from '../../runs/models.ts';
import { allPoints } from '../../runs/points.ts';
import { metricsOf, requireMetric } from '../../runs/metric-queries.ts';
import { recount } from '../../runs/recount.ts';
import type { Receipt, RunDetail } from '../../runs/schemas.ts';
import type { Point } from '../../runs/summary.ts';
import { faultsOf } from '../support/html.ts';
import { randomFrom } from '../support/random.ts';
import type { Answer } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();

interface AttemptOut {
  number: number;
  id: string | null;
  status: RunStatus;
  end_time: number | null;
  reason: string;
  is_latest: boolean;
  superseded_points: number;
}

type Sent = { key: string; step: number; timestamp: number; value: number };

const newId = (): string => randomBytes(16).toString('hex');

async function newRun(): Promise<string> {
  return (await tracker.api<RunDetail>('POST', '/api/runs', { experiment: 'restarted' })).body.id;
}

async function begin(run: string, start_time?: number): Promise<string> {
  const id = newId();
  const { status } = await tracker.api('POST', `/api/runs/${run}/attempts`, { id, start_time, host: 'gpu-1', pid: 7 });
  expect(status).toBe(201);
  return id;
}

const log = (run: string, metrics: Sent[], attempt?: string): Promise<Answer<Receipt>> =>
  tracker.api<Receipt>('POST', `/api/runs/${run}/log${attempt ? `?attempt=${attempt}` : ''}`, { metrics });

const steps = (from: number, until: number, value: number, key = 'loss'): Sent[] =>
  Array.from({ length: until - from }, (_, i) => ({ key, step: from + i, timestamp: value, value: value + i / 1e6 }));

const attemptsOf = async (run: string): Promise<AttemptOut[]> =>
  (await tracker.api<{ items: AttemptOut[] }>('GET', `/api/runs/${run}/attempts`)).body.items;

async function shown(run: string, key = 'loss'): Promise<Point[]> {
  const points: Point[] = [];
  const row = await requireMetric(tracker.app.store.read, run, key);
  for await (const page of allPoints(tracker.app.store.read, row)) points.push(...page);
  return points;
}

async function aside(run: string, attempt: number, key = 'loss'): Promise<Point[]> {
  const path = `/api/runs/${run}/points?key=${key}&limit=10000&attempt=${attempt}`;
  const { body } = await tracker.api<{ items: Point[]; total: number; next_cursor: string | null }>('GET', path);
  expect(body.next_cursor).toBeNull();
  expect(body.total).toBe(body.items.length);
  return body.items;
}

async function expectSums(run: string): Promise<void> {
  const { read } = tracker.app.store;
  expect(await brokenCounters(read)).toEqual([]);
  for (const row of await metricsOf(read, [run])) expect(await recount(read, row), row.key).toEqual([]);
  const { rows } = await read.execute<{ kept: number; counted: number }>(
    `select e.points as kept, (select coalesce(sum(m.count), 0) from runs r join metrics m on m.run_seq = r.seq
      where r.experiment_id = e.id and r.trashed_at is null) as counted
      from experiments e join runs r on r.experiment_id = e.id where r.id = ?`,
    [run],
  );
  expect(Number(rows[0]?.kept)).toBe(Number(rows[0]?.counted));
}

test('a run that goes on from a checkpoint shows one trajectory; what was overtaken is kept aside', async () => {
  const run = await newRun();
  await log(run, [...steps(0, 100, 1), ...steps(0, 50, 1, 'only/first')]);
  const second = await begin(run);
  expect((await log(run, steps(80, 120, 2), second)).body.accepted).toBe(40);
  expect((await shown(run)).map(({ step, timestamp }) => [step, timestamp])).toEqual([
    ...steps(0, 80, 1).map(({ step }) => [step, 1]),
    ...steps(80, 120, 2).map(({ step }) => [step, 2]),
  ]);
  // A key that was never logged again is whole.
  expect(await shown(run, 'only/first')).toHaveLength(50);
  expect((await aside(run, 1)).map(({ step }) => step)).toEqual(steps(80, 100, 1).map(({ step }) => step));
  expect(await attemptsOf(run)).toMatchObject([
    { number: 1, id: null, is_latest: false, superseded_points: 20 },
    { number: 2, id: second, is_latest: true, superseded_points: 0 },
  ]);
  // Sent again: nothing twice, neither in sight nor aside.
  expect((await log(run, steps(80, 120, 2), second)).body).toMatchObject({ accepted: 0, duplicates: 40 });
  await expectSums(run);
});

test('from the very beginning: nothing of the first attempt is left in sight, and summaries say so', async () => {
  const run = await newRun();
  await log(run, [...steps(0, 9_000, 100), { key: 'loss', step: 9_000, timestamp: 1, value: -1e9 }]);
  await begin(run);
  await log(run, steps(0, 10, 5));
  const { metrics } = (await tracker.api<RunDetail>('GET', `/api/runs/${run}`)).body;
  expect(metrics['loss']).toMatchObject({
    count: 10,
    min: { value: 5, step: 0 },
    first: { step: 0 },
    last: { step: 9 },
  });
  expect((await attemptsOf(run))[0]).toMatchObject({ superseded_points: 9_001 });
  await expectSums(run);
});

test('a journal that arrives late goes to its own attempt, which began earlier', async () => {
  const run = await newRun();
  const later = await begin(run, 2_000);
  await log(run, steps(50, 60, 2), later);
  const earlier = await begin(run, 1_000);
  expect((await log(run, steps(0, 55, 1), earlier)).body.accepted).toBe(55);
  expect((await shown(run)).map(({ timestamp }) => timestamp)).toEqual([
    ...steps(0, 50, 1).map(() => 1),
    ...steps(50, 60, 2).map(() => 2),
  ]);
  expect((await aside(run, 1)).map(({ step }) => step)).toEqual([50, 51, 52, 53, 54]);
  expect((await log(run, steps(0, 55, 1), earlier)).body).toMatchObject({ accepted: 0, duplicates: 55 });
  expect((await attemptsOf(run)).map(({ id }) => id)).toEqual([earlier, later]);
  await expectSums(run);
});

test('states: the latest attempt says how the run is; an older one only how itself ended', async () => {
  const run = await newRun();
  const one = await begin(run, 1_000);
  const end = (attempt: string, body: object): Promise<Answer> =>
    tracker.api('PATCH', `/api/runs/${run}/attempts/${attempt}`, body);
  const status = async (): Promise<unknown> => (await tracker.api<RunDetail>('GET', `/api/runs/${run}`)).body.status;
  await end(one, { status: RunStatus.Killed, reason: 'SIGTERM' });
  expect(await status()).toBe(RunStatus.Killed);
  const two = await begin(run, 2_000);
  expect(await status()).toBe(RunStatus.Running);
  await end(one, { status: RunStatus.Failed, reason: 'said again' });
  expect(await status()).toBe(RunStatus.Running);
  // A person ends it without naming an attempt.
  await tracker.api('PATCH', `/api/runs/${run}`, { status: RunStatus.Finished });
  expect(await attemptsOf(run)).toMatchObject([
    { id: one, status: RunStatus.Failed, reason: 'said again' },
    { id: two, status: RunStatus.Finished, reason: '' },
  ]);
  await tracker.api('POST', `/api/runs/${run}/reopen`);
  expect((await attemptsOf(run))[1]).toMatchObject({ status: RunStatus.Running, end_time: null });
  // The same attempt told again begins nothing.
  const again = await tracker.api('POST', `/api/runs/${run}/attempts`, { id: two });
  expect(again.status).toBe(200);
  expect(await attemptsOf(run)).toHaveLength(2);
});

test('the page shows all attempts with state, reason and place; a run without any shows none', async () => {
  const run = await newRun();
  const page = async (): Promise<string> => (await tracker.get(`/runs/${run}`)).body;
  expect(await page()).not.toContain('<h2>Attempts</h2>');
  const one = await begin(run, 1_000);
  await log(run, steps(0, 30, 1), one);
  await tracker.api('PATCH', `/api/runs/${run}/attempts/${one}`, {
    status: RunStatus.Killed,
    reason: '<SIGTERM>',
    end_time: 61_000,
  });
  await begin(run, 2_000);
  await log(run, steps(10, 12, 2));
  const rows = (await page()).split('<h2>Attempts</h2>')[1]?.split('</table>')[0]?.split('<tr ').slice(1) ?? [];
  expect(rows).toHaveLength(2);
  for (const text of ['killed', '&lt;SIGTERM&gt;', 'gpu-1 · 7', '1 min', '>20<']) expect(rows[0]).toContain(text);
  expect(rows[1]).toContain('latest');
  expect(rows[1]).toContain('running');
});

test('what was overtaken is drawn faint beside the curve of the run, also of thousands of points', async () => {
  const run = await newRun();
  await log(run, [...steps(0, 5_000, 1), { key: 'loss', step: 4_321, timestamp: 7, value: 99 }]);
  await begin(run);
  await log(run, steps(1_000, 1_500, 2));
  await begin(run);
  await log(run, steps(1_200, 1_300, 3));
  const page = (await tracker.get(`/runs/${run}`)).body;
  const figure = page.split('<h2>Attempts</h2>')[1]?.split('</figure>')[0] ?? '';
  expect(figure).toContain('loss by attempt');
  expect([...figure.matchAll(/ overtaken">/g)]).toHaveLength(2);
  expect(figure).toContain('attempt 1</a>');
  expect(figure).toContain('attempt 2</a>');
  // Scripts must not put something else in its place.
  expect(figure).not.toContain('data-curves');
  // The peak is kept: the axis reaches up to it.
  expect(
    Math.max(...[...figure.matchAll(/text-anchor="end">(\d+)</g)].map(([, label]) => Number(label))),
  ).toBeGreaterThan(90);
  expect(await faultsOf(page)).toEqual([]);
});

test('wrong: an attempt of another run, a run in the trash, a state that is no end', async () => {
  const [run, other] = [await newRun(), await newRun()];
  await begin(run);
  const two = await begin(run);
  expect((await log(run, steps(0, 1, 1), newId())).status).toBe(404);
  await log(run, steps(0, 1, 1));
  expect((await tracker.api('GET', `/api/runs/${run}/points?key=loss&attempt=3`)).status).toBe(404);
  expect(
    (await tracker.api('PATCH', `/api/runs/${other}/attempts/${two}`, { status: RunStatus.Finished })).status,
  ).toBe(404);
  expect((await tracker.api('PATCH', `/api/runs/${run}/attempts/${two}`, { status: RunStatus.Running })).status).toBe(
    400,
  );
  expect((await tracker.api('POST', `/api/runs/${run}/attempts`, { pid: -1 })).status).toBe(400);
  await tracker.api('DELETE', `/api/runs/${run}`);
  expect((await tracker.api('POST', `/api/runs/${run}/attempts`, {})).status).toBe(409);
  await tracker.api('POST', `/api/runs/${run}/restore`);
  await expectSums(run);
});

/** Which attempt's points stand at a step: of those whose lowest step of the key is not above it, the latest. */
function expected(sent: Map<number, Sent[]>): { shown: Sent[]; aside: Map<number, Sent[]> } {
  const lowest = [...sent].map(([attempt, points]) => [attempt, Math.min(...points.map(({ step }) => step))] as const);
  const owner = (step: number): number => Math.max(...lowest.filter(([, from]) => from <= step).map(([no]) => no));
  const all = [...sent].flatMap(([attempt, points]) => points.map((point) => ({ attempt, point })));
  const of = (is: (attempt: number, step: number) => boolean): Sent[] =>
    all.filter(({ attempt, point }) => is(attempt, point.step)).map(({ point }) => point);
  return {
    shown: of((attempt, step) => owner(step) === attempt),
    aside: new Map([...sent.keys()].map((no) => [no, of((attempt, step) => attempt === no && owner(step) !== no)])),
  };
}

const textsOf = (points: Point[]): string[] => points.map((p) => `${p.step} ${p.timestamp} ${p.value}`).sort();

test('in any order of attempts and batches, what is shown and what is aside is what it should be', async () => {
  for (let round = 0; round < 12; round++) {
    const random = randomFrom(round + 1);
    const pick = (below: number): number => Math.floor(random() * below);
    const run = await newRun();
    const count = 2 + pick(3);
    const order = Array.from({ length: count }, (_, i) => i + 1).sort(() => random() - 0.5);
    const ids = new Map<number, string>();
    const sent = new Map<number, Sent[]>();
    let time = 0;
    for (let batch = 0; batch < 14; batch++) {
      // Attempts are told in any order; each may go on when others have begun.
      const next = order[ids.size];
      if (next !== undefined && (ids.size === 0 || pick(3) === 0)) ids.set(next, await begin(run, next * 1_000));
      const attempt = [...ids.keys()][pick(ids.size)] ?? 0;
      const from = pick(4) === 0 ? pick(3_000) : pick(600);
      const metrics = steps(from, from + 1 + (pick(3) === 0 ? pick(6_000) : pick(300)), (time += 1));
      expect((await log(run, metrics, ids.get(attempt))).body.accepted, `round ${round}`).toBe(metrics.length);
      sent.set(attempt, [...(sent.get(attempt) ?? []), ...metrics]);
    }
    const should = expected(sent);
    expect(textsOf(await shown(run)), `round ${round}`).toEqual(textsOf(should.shown));
    await expectSums(run);
    const numbers = (await attemptsOf(run)).map(({ superseded_points }) => superseded_points);
    const told = [...ids.keys()].sort((a, b) => a - b);
    expect(numbers).toEqual(told.map((no) => should.aside.get(no)?.length ?? 0));
  }
});

test('what does not fit together is found: attempts that are not there', async () => {
  const run = await newRun();
  await log(run, steps(0, 10, 1));
  await begin(run);
  await log(run, steps(5, 10, 2));
  const { store } = tracker.app;
  const { rows } = await store.read.execute<{ seq: number }>('select seq from runs where id = ?', [run]);
  const seq = rows[0]?.seq ?? 0;
  await store.write((tx) => tx.execute('delete from run_attempts where run_seq = ? and no = 1', [seq]));
  expect(await brokenCounters(store.read)).toEqual([
    `run ${run}: it counts 2 attempts, there are others`,
    `run number ${seq}: points of attempt 1, which is not there`,
  ]);
  await tracker.api('DELETE', `/api/runs/${run}`);
  await tracker.api('POST', `/api/runs/${run}/purge`);
  await expect.poll(async () => (await tracker.api('GET', `/api/runs/${run}`)).status).toBe(404);
});

test('removed for ever, nothing of it is left', async () => {
  const run = await newRun();
  await log(run, steps(0, 100, 1));
  await begin(run);
  await log(run, steps(0, 100, 2));
  const { read } = tracker.app.store;
  const left = async (): Promise<number> => {
    const tables = ['superseded_points', 'attempt_begins', 'run_attempts'];
    const counts = tables.map(
      (table) => `select count(*) as n from ${table} t join runs r on r.seq = t.run_seq where r.id = ?`,
    );
    const { rows } = await read.execute<{ n: number }>(
      counts.join(' union all '),
      tables.map(() => run),
    );
    return rows.reduce((sum, { n }) => sum + Number(n), 0);
  };
  expect(await left()).toBe(100 + 2 + 2);
  const seq = (await read.execute<{ seq: number }>('select seq from runs where id = ?', [run])).rows[0]?.seq ?? 0;
  await tracker.api('DELETE', `/api/runs/${run}`);
  await tracker.api('POST', `/api/runs/${run}/purge`);
  await expect.poll(async () => (await tracker.api('GET', `/api/runs/${run}`)).status).toBe(404);
  for (const table of ['superseded_points', 'attempt_begins', 'run_attempts', 'points', 'metrics', 'rollups'])
    expect((await read.execute(`select 1 from ${table} where run_seq = ?`, [seq])).rows, table).toEqual([]);
});
