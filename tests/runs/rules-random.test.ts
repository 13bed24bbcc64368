// tests/runs/rules-random.test.ts
// Purpose: under every rule, order, best, rank, groups, filters and rows agree with a naive evaluation of all points.
// Why: a value that counts in one place and not in another makes another run the winner.
// Relevant files: runs/rules/value-sql.ts, runs/ranking-changes.ts, runs/rules/recount-ranks.ts, tests/runs/rules-naive.ts

import { expect, it } from 'vitest';
import { requireExperiment } from '../../experiments/queries.ts';
import { readGroups } from '../../runs/groups/groups.ts';
import { RunStatus } from '../../runs/models.ts';
import { listRuns } from '../../runs/list-queries.ts';
import { metricsOf } from '../../runs/metric-queries.ts';
import { bestRun, countBetter } from '../../runs/ranking-queries.ts';
import { recountAll } from '../../runs/recount-changes.ts';
import { rulesOf, withCounted } from '../../runs/rules/rule-queries.ts';
import { Counts, ruleFor, USUAL, type RuleChoice } from '../../runs/rules/rule.ts';
import { randomFrom } from '../support/random.ts';
import { useTracker } from '../support/use.ts';
import { naiveValue, type NaivePoint, type NaiveRun, type NaiveValue, type Way } from './rules-naive.ts';

const tracker = useTracker();

const KEYS = ['acc', 'val/loss', 'grad'];
const GUESSED: Record<string, Way> = { acc: 'max', 'val/loss': 'min', grad: null };
const VALUES = [0, -0, 1, -1, 0.5, 0.25, 2 ** 40, 1.7e308, -1.7e308, 1e-300, NaN, Infinity, -Infinity];

interface Made {
  id: string;
  points: NaiveRun;
  isOpen: boolean;
  isTrashed: boolean;
}

/** One experiment with its runs, as the server has it and as it is in memory. */
class World {
  readonly runs: Made[] = [];
  readonly rules = new Map<string, RuleChoice>();
  readonly random: () => number;
  id = 0;
  #clock = 1;

  constructor(random: () => number) {
    this.random = random;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  ways = (key: string): Way => {
    const chosen = this.rules.get(key)?.direction ?? null;
    return chosen === 'none' ? null : (chosen ?? GUESSED[key] ?? null);
  };

  valueOf(run: Made, key: string): NaiveValue | null {
    return naiveValue(run.points, key, this.rules.get(key) ?? USUAL, this.ways);
  }

  inSight(): Made[] {
    return this.runs.filter(({ isTrashed }) => !isTrashed);
  }

  async add(name: string): Promise<void> {
    const { body } = await tracker.api<{ id: string; experiment_id: number }>('POST', '/api/runs', {
      experiment: name,
    });
    this.id = body.experiment_id;
    this.runs.push({ id: body.id, points: new Map(), isOpen: true, isTrashed: false });
  }

  async log(run: Made, keys = KEYS): Promise<void> {
    const metrics: (NaivePoint & { key: string })[] = [];
    for (const key of keys) {
      const known = run.points.get(key) ?? [];
      for (let i = 0; i < 1 + this.random() * 6; i++) {
        const value = this.random() < 0.5 ? this.pick(VALUES) : Math.round(this.random() * 1e6) / 1e6;
        const point = {
          step: Math.floor(this.random() * 8),
          timestamp: 1e12 + this.#clock++ * this.pick([0, 1]),
          value,
        };
        const isThere = known.some((one) => one.step === point.step && one.timestamp === point.timestamp && Object.is(one.value, point.value)); // prettier-ignore
        if (!isThere) known.push(point);
        metrics.push({ key, ...point });
      }
      run.points.set(key, known);
    }
    const sent = metrics.map((point) => ({ ...point, value: Object.is(point.value, -0) ? '-0' : Number.isFinite(point.value) ? point.value : String(point.value) })); // prettier-ignore
    const { status, body } = await tracker.api('POST', `/api/runs/${run.id}/log`, { metrics: sent });
    expect(status, JSON.stringify(body)).toBe(200);
  }

  async say(): Promise<void> {
    const key = this.pick(KEYS);
    const value = this.pick(Object.values(Counts));
    const choice: RuleChoice = {
      direction: this.pick([null, null, 'max', 'min', 'none']),
      value,
      k: value === Counts.MeanLast ? 1 + Math.floor(this.random() * 6) : null,
      by: value === Counts.AtBest ? this.pick(KEYS.filter((other) => other !== key)) : null,
      unit: '',
      digits: null,
    };
    const known = new Set(this.runs.flatMap(({ points }) => [...points.keys()]));
    if (!known.has(key) || (choice.by !== null && !known.has(choice.by))) return;
    const path = `/api/experiments/${this.id}/metric-rules?key=${encodeURIComponent(key)}`;
    const isBack = this.random() < 0.15;
    const { status, body } = isBack ? await tracker.api('DELETE', path) : await tracker.api('PUT', path, choice);
    expect(status, JSON.stringify(body)).toBe(isBack ? 204 : 200);
    this.rules.set(key, isBack ? USUAL : choice);
  }

  async change(): Promise<void> {
    const run = this.pick(this.runs);
    const roll = this.random();
    if (run.isTrashed) {
      await tracker.api('POST', `/api/runs/${run.id}/restore`);
      run.isTrashed = false;
    } else if (roll < 0.45)
      await this.log(
        run,
        KEYS.filter(() => this.random() < 0.6),
      );
    else if (roll < 0.7 && run.isOpen) {
      await tracker.api('PATCH', `/api/runs/${run.id}`, { status: RunStatus.Finished });
      run.isOpen = false;
    } else if (roll < 0.8) {
      await tracker.api('DELETE', `/api/runs/${run.id}`);
      run.isTrashed = true;
    } else await this.say();
  }
}

function isClose(a: number | null | undefined, b: number | null | undefined, size = 0): boolean {
  if (a === null || b === null || a === undefined || b === undefined) return (a ?? null) === (b ?? null);
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Object.is(a, b);
  return Math.abs(a / 2 - b / 2) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b), size);
}

/** Means of values of any size: what is lost is measured by the largest. */
function sizeOf(run: Made, key: string): number {
  return Math.max(0, ...(run.points.get(key) ?? []).map(({ value }) => (Number.isFinite(value) ? Math.abs(value) : 0)));
}

const RUN_ORDER = { order: 'number' };

async function expectAgreement(world: World, note: string): Promise<void> {
  const { read } = tracker.app.store;
  const rules = await rulesOf(read, world.id);
  for (const key of KEYS) {
    const said = `${note}, ${key}: ${JSON.stringify(world.rules.get(key) ?? USUAL)}`;
    const values = new Map(world.inSight().map((run) => [run.id, world.valueOf(run, key)]));
    const sizes = new Map(world.inSight().map((run) => [run.id, sizeOf(run, key)]));
    await expectRows(world, key, values, sizes, said);
    await expectOrder(world, key, values, sizes, said);
    await expectBest(world, key, values, sizes, said);
    await expectFilter(world, key, values, sizes, said);
    expect(ruleFor(rules, key).countedTo, said).toBeNull();
  }
  await expectGroups(world, note);
}

type Values = Map<string, NaiveValue | null>;
type Sizes = Map<string, number>;

async function expectRows(world: World, key: string, values: Values, sizes: Sizes, said: string): Promise<void> {
  const { read } = tracker.app.store;
  const rows = await metricsOf(read, world.inSight().map(({ id }) => id), [key]); // prettier-ignore
  for (const { run_id, counts } of await withCounted(read, await rulesOf(read, world.id), rows)) {
    const expected = values.get(run_id);
    expect(
      isClose(counts?.value, expected?.value, sizes.get(run_id)),
      `${said} row ${counts?.value} ${expected?.value}`,
    ).toBe(true);
    expect(counts?.step ?? null, said).toBe(expected?.step ?? null);
  }
}

async function expectOrder(world: World, key: string, values: Values, sizes: Sizes, said: string): Promise<void> {
  for (const descending of [false, true]) {
    const order = `${descending ? '-' : ''}metrics.${key}`;
    const paged: string[] = [];
    for (let offset = 0; offset < world.runs.length + 3; offset += 3) {
      const { items } = await listRuns(tracker.app.store.read, { experiment: world.id, order }, { limit: 3, offset });
      paged.push(...items.map(({ id }) => id));
    }
    expect([...paged].sort(), said).toEqual(world.inSight().map(({ id }) => id).sort()); // prettier-ignore
    const size = Math.max(...sizes.values());
    const found = paged.map((id) => values.get(id)?.value ?? NaN);
    const firstNone = found.findIndex(Number.isNaN);
    const numbers = firstNone < 0 ? found : found.slice(0, firstNone);
    expect(found.slice(numbers.length).every(Number.isNaN), `${said} ${order} ${found.join()}`).toBe(true);
    numbers.forEach((value, i) => {
      const next = numbers[i + 1];
      if (next === undefined) return;
      const isRising = descending ? value >= next : value <= next;
      expect(isRising || isClose(value, next, size), `${said} ${order} ${numbers.join()}`).toBe(true);
    });
  }
}

async function expectBest(world: World, key: string, values: Values, sizes: Sizes, said: string): Promise<void> {
  const { read } = tracker.app.store;
  const finite = [...values.values()].flatMap((one) => (one && Number.isFinite(one.value) ? [one.value] : []));
  for (const way of ['max', 'min'] as const) {
    const best = await bestRun(read, { experiment: world.id }, key, way);
    if (finite.length === 0) expect(best, said).toBeUndefined();
    else {
      const value = way === 'max' ? Math.max(...finite) : Math.min(...finite);
      expect(
        isClose(best?.counts.value, value, Math.max(...sizes.values())),
        `${said} best ${way} ${best?.counts.value} ${value}`,
      ).toBe(true);
      expect(best?.counts.step, said).toBe(values.get(best?.run.id ?? '')?.step);
      expect(best?.among, said).toBe(finite.length);
      const equal = finite.filter((one) => one === best?.counts.value).length;
      if (equal > 0) expect(best?.shared.length, said).toBe(equal);
      const { better, among } = await countBetter(read, world.id, key, best?.counts.value ?? NaN, way === 'max');
      expect([better, among], said).toEqual([0, finite.length]);
    }
  }
}

async function expectFilter(world: World, key: string, values: Values, sizes: Sizes, said: string): Promise<void> {
  const { read } = tracker.app.store;
  const find = async (where: string): Promise<string[]> =>
    (await listRuns(read, { experiment: world.id, where, ...RUN_ORDER }, { limit: 100 })).items.map(({ id }) => id);
  const expected = (passes: (value: number) => boolean): string[] =>
    world.inSight().flatMap(({ id }) => { const one = values.get(id); return one && passes(one.value) ? [id] : []; }); // prettier-ignore
  // A mean of very large values of both signs may come out on either side.
  const isSure = (id: string): boolean => !isClose(values.get(id)?.value ?? NaN, 0.3, sizes.get(id));
  const found = (await find(`metrics.${key} > 0.3`)).filter(isSure);
  expect(found, said).toEqual(expected((value) => value > 0.3).filter(isSure));
  expect(await find(`metrics.${key} = nan`), said).toEqual(expected(Number.isNaN));
}

async function expectGroups(world: World, note: string): Promise<void> {
  const { read } = tracker.app.store;
  const experiment = await requireExperiment(read, world.id);
  const { groups, valueless } = await readGroups(read, experiment, { experiment: world.id }, { by: ['parent'] });
  for (const [key, { stats }] of [...groups, ...valueless].flatMap(({ metrics }) => [...metrics])) {
    const ended = world.inSight().filter(({ isOpen }) => !isOpen);
    const finite = ended.flatMap((run) => { const one = world.valueOf(run, key); return one && Number.isFinite(one.value) ? [one.value] : []; }); // prettier-ignore
    expect(stats?.n ?? 0, `${note} group ${key}`).toBe(finite.length);
    const mean = finite.reduce((sum, value) => sum + value / finite.length, 0);
    const size = Math.max(0, ...world.runs.map((run) => sizeOf(run, key)));
    if (stats) expect(isClose(stats.mean, mean, size), `${note} group ${key} ${stats.mean} ${mean}`).toBe(true);
  }
}

it.each([1, 2, 3, 4])('what counts, after random changes, agrees everywhere with the points (%i)', async (seed) => {
  const world = new World(randomFrom(seed * 1_009));
  for (let i = 0; i < 7; i++) {
    await world.add(`world ${seed}`);
    const run = world.runs.at(-1);
    if (run && world.random() < 0.9) await world.log(run, KEYS.filter(() => world.random() < 0.8)); // prettier-ignore
  }
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 5; i++) await world.change();
    await world.say();
    await expectAgreement(world, `seed ${seed}, round ${round}`);
  }
  const kept = await ranks();
  await tracker.app.store.write((tx) => recountAll(tx));
  expect(kept).toEqual(await ranks());
});

async function ranks(): Promise<unknown[]> {
  const text = 'select run_seq, no, rank_value, rank_step from metrics order by 1, 2';
  return (await tracker.app.store.read.execute(text, [])).rows;
}
