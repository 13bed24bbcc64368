// tests/mlflow/made-runs.test.ts
// Purpose: what is known of a run since it was made is true, whatever was written between two calls for it.
// Why: calls for a run that was just made read nothing of it; one change that does not empty that memory would be lost.
// Relevant files: mlflow/run-writes.ts, runs/queries.ts, runs/ingest.ts, shared/db/sqlite.ts

import { expect, it } from 'vitest';
import { randomOf } from '../../imports/random.ts';
import { recountAll } from '../../runs/recount-changes.ts';
import { useTracker } from '../support/use.ts';
import { mlflowOf } from './support.ts';

const tracker = useTracker();
const mlflow = mlflowOf(tracker);

interface Pair {
  key: string;
  value: string;
}
interface Told {
  info: { run_id: string; status: string; run_name: string; user_id: string; lifecycle_stage: string };
  data: { params?: Pair[]; tags?: Pair[] };
}

/** A run as it must be. */
interface Wanted {
  id: string;
  name: string;
  status: string;
  params: Map<string, string>;
  tags: Map<string, string>;
  isTrashed: boolean;
}

const byKey = (a: Pair, b: Pair): number => (a.key < b.key ? -1 : 1);
const pairsOf = (all: Map<string, string>): Pair[] => [...all].map(([key, value]) => ({ key, value })).sort(byKey);

async function expectTold({ id, name, status, params, tags, isTrashed }: Wanted, what: string): Promise<void> {
  const { run } = await mlflow.get<{ run: Told }>('/runs/get', { run_id: id });
  const { info, data } = run;
  expect([info.run_name, info.status, info.user_id], what).toEqual([name, status, tags.get('mlflow.user') ?? '']);
  expect(info.lifecycle_stage, what).toBe(isTrashed ? 'deleted' : 'active');
  expect([...(data.params ?? [])].sort(byKey), what).toEqual(pairsOf(params));
  const own = (data.tags ?? []).filter(({ key }) => key !== 'mlflow.runName').sort(byKey);
  expect(own, what).toEqual(pairsOf(tags));
}

it.each([1, 2, 3, 4])('after each of 120 random steps (%i)', async (seed) => {
  const random = randomOf(seed);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const experiment_id = await mlflow.experiment();
  const runs: Wanted[] = [];
  const make = async (): Promise<string> => {
    const tags = random() < 0.3 ? [{ key: pick(['mlflow.user', 'team']), value: 'me' }] : [];
    const name = `run ${runs.length}`;
    const id = await mlflow.run({ experiment_id, run_name: name, tags });
    const hung = new Map(tags.map(({ key, value }) => [key, value]));
    runs.push({ id, name, status: 'RUNNING', params: new Map(), tags: hung, isTrashed: false });
    return 'made';
  };
  await make();
  for (let step = 0; step < 120; step++) {
    // Mostly the newest, as sweeps do.
    const run = random() < 0.7 ? (runs.at(-1) as Wanted) : pick(runs);
    const gone = async (path: string, body: object): Promise<string> => {
      const { status } = await tracker.api('POST', `/api/2.0/mlflow${path}`, body);
      expect(status).toBeGreaterThanOrEqual(400);
      return `${path} refused`;
    };
    const log = async (): Promise<string> => {
      const params = random() < 0.6 ? [{ key: pick(['lr', 'depth']), value: pick(['1', '2']) }] : [];
      const tags = random() < 0.5 ? [{ key: pick(['team', 'mlflow.user', 'stage']), value: pick(['a', 'b']) }] : [];
      const metrics = random() < 0.5 ? [{ key: 'loss', value: random(), step, timestamp: step }] : [];
      const name = random() < 0.1 ? `named ${step}` : undefined;
      const sent = name === undefined ? tags : [...tags, { key: 'mlflow.runName', value: name }];
      const body = { run_id: run.id, params, tags: sent, metrics };
      const isOther = params.some(({ key, value }) => (run.params.get(key) ?? value) !== value);
      if (run.isTrashed || isOther) return gone('/runs/log-batch', body);
      await mlflow.post('/runs/log-batch', body);
      for (const { key, value } of params) run.params.set(key, value);
      for (const { key, value } of tags) run.tags.set(key, value);
      run.name = name ?? run.name;
      return `logged ${JSON.stringify(body)}`;
    };
    const update = async (): Promise<string> => {
      const status = pick(['RUNNING', 'FINISHED', 'FAILED']);
      if (run.isTrashed) return gone('/runs/update', { run_id: run.id, status });
      const { run_info } = await mlflow.post<{ run_info: Told['info'] }>('/runs/update', { run_id: run.id, status });
      run.status = status;
      expect([run_info.run_name, run_info.status]).toEqual([run.name, status]);
      expect(run_info.user_id).toBe(run.tags.get('mlflow.user') ?? '');
      return status;
    };
    const rename = async (): Promise<string> => {
      if (run.isTrashed) return 'nothing';
      run.name = `renamed ${step}`;
      expect((await tracker.api('PATCH', `/api/runs/${run.id}`, { name: run.name })).status).toBe(200);
      return run.name;
    };
    const hang = async (): Promise<string> => {
      if (run.isTrashed) return 'nothing';
      await mlflow.post('/runs/set-tag', { run_id: run.id, key: 'stage', value: 'c' });
      run.tags.set('stage', 'c');
      return 'hung';
    };
    const retag = async (): Promise<string> => {
      // Its key is free at once: what is hung next under it is another tag.
      const { body } = await tracker.api<{ items: { id: number; key: string }[] }>('GET', '/api/tags?q=team');
      const tag = body.items.find(({ key }) => key === 'team');
      if (!tag) return 'nothing';
      expect((await tracker.api('PATCH', `/api/tags/${tag.id}`, { key: `team ${seed} ${step}` })).status).toBe(200);
      for (const { tags } of runs) if (tags.has('team')) tags.set(`team ${seed} ${step}`, tags.get('team') ?? '');
      for (const { tags } of runs) tags.delete('team');
      return 'tag renamed';
    };
    const move = async (): Promise<string> => {
      await mlflow.post(run.isTrashed ? '/runs/restore' : '/runs/delete', { run_id: run.id });
      run.isTrashed = !run.isTrashed;
      return run.isTrashed ? 'trashed' : 'restored';
    };
    const what = await pick([make, make, log, log, log, log, update, update, rename, hang, retag, move])();
    await expectTold(run, `step ${step}: ${what}`);
  }
  const sums = 'select experiment_id, kind, key, hash, runs from experiment_values order by 1, 2, 3, 4';
  const kept = (await tracker.app.store.read.execute(sums, [])).rows;
  await tracker.app.store.write((tx) => recountAll(tx));
  expect(kept).toEqual((await tracker.app.store.read.execute(sums, [])).rows);
});
