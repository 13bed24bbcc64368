// tests/runs/chart-story.test.ts
// Purpose: who "ends best" in a chart's words is by the metric's rule, not by a guess from its name.
// Why: who hears a chart must not be told of another winner than the table.
// Relevant files: runs/curves/chart-story.ts, runs/curves/curves.ts

import { expect, it } from 'vitest';
import { startTracker } from '../support/tracker.ts';
import { addRun } from './page-support.ts';

it('follows the rule of the experiment, and a guess where nobody set one', async () => {
  const tracker = await startTracker();
  try {
    const ids: string[] = [];
    for (const [name, end] of [['low', 1], ['high', 9]] as const)
      ids.push((await addRun(tracker, { experiment: 'story', name, metrics: { loss: [5, end] } })).id); // prettier-ignore
    const path = `/curves.md?run=${ids[0]}&run=${ids[1]}&key=loss`;
    const read = async (): Promise<string> => (await fetch(tracker.url + path)).text();
    expect(await read()).toMatch(/ends best: low/i);
    const rule = await tracker.api('PUT', '/api/experiments/1/metric-rules?key=loss', { direction: 'max' });
    expect(rule.status).toBe(200);
    expect(await read()).toMatch(/ends best: high/i);
  } finally {
    await tracker.stop();
  }
});
