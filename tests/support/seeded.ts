// tests/support/seeded.ts
// Purpose: a tracker with the example runs in it: 27 real ones, and one of each state.
// Why: pages are looked at with what a person sees after `manage.ts seed`.
// Relevant files: tests/support/tracker.ts, imports/seed.ts

import { seed } from '../../imports/seed.ts';
import { startTracker, type Tracker } from './tracker.ts';

export interface SeededTracker extends Tracker {
  /** The experiment with the 27 runs. */
  digits: number;
}

export async function startSeeded(): Promise<SeededTracker> {
  const tracker = await startTracker();
  await seed(tracker.app.store, tracker.app.settings.artifacts);
  const { body } = await tracker.api<{ items: { id: number; name: string }[] }>('GET', '/api/experiments?q=digits-mlp');
  const digits = body.items.find((one) => one.name === 'digits-mlp')?.id;
  if (digits === undefined) throw new Error('the seed made no experiment digits-mlp');
  return { ...tracker, digits };
}
