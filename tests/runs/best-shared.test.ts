// tests/runs/best-shared.test.ts
// Purpose: of runs with exactly the same best value the earliest is the best, and they are told earliest first.
// Why: an index gives equals in the order they were logged in, PostgreSQL in that of its pages; the page would change with it.
// Relevant files: runs/ranking-queries.ts, runs/table/lead-views.ts, tests/runs/kept-random.test.ts

import { expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { bestRun } from '../../runs/ranking-queries.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();

it('runs that share the best value are told earliest first, in whatever order they logged and ended', async () => {
  const made: { id: string; experiment_id: number }[] = [];
  for (let i = 0; i < 6; i += 1)
    made.push((await tracker.api<(typeof made)[0]>('POST', '/api/runs', { experiment: 'equals' })).body);
  // The last two go on.
  for (const at of [5, 2, 0, 4, 3, 1]) {
    const path = `/api/runs/${made[at]?.id ?? ''}`;
    await tracker.api('POST', `${path}/log`, { metrics: [{ key: 'acc', value: 0.9, step: 0 }] });
    if (at < 4) await tracker.api('PATCH', path, { status: RunStatus.Finished });
  }
  const db = tracker.app.store.read;
  const { rows } = await db.execute<{ seq: number }>('select seq from runs order by number', []);
  const best = await bestRun(db, { experiment: made[0]?.experiment_id ?? 0 }, 'acc', 'max');
  expect(best?.run.id).toBe(made[0]?.id);
  expect(best?.shared).toEqual(rows.map(({ seq }) => Number(seq)));
});
