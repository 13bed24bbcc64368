// tests/support/use.ts
// Purpose: what all tests of a file share: a tracker, an open database, a folder; there before them, gone after them.
// Why: set up and given back in one way, so that a test file begins with what it tests.
// Relevant files: tests/support/tracker.ts, tests/support/database.ts

import { rmSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import type { Store } from '../../shared/db/store.ts';
import { giveBack, openAt } from './database.ts';
import { freshFolder, startTracker, type Tracker } from './tracker.ts';

/** A tracker that runs for all tests of the file (or of the `describe` in which this is called). Empty before its hook ran. */
export function useTracker(start: () => Promise<Tracker> = startTracker): Tracker {
  const tracker = {} as Tracker;
  beforeAll(async () => void Object.assign(tracker, await start()));
  afterAll(() => tracker.stop());
  return tracker;
}

/** The same for a database without a server, and the folder it lies in. */
export function useStore(): { store: Store; folder: string } {
  const folder = freshFolder();
  const store = {} as Store;
  beforeAll(async () => void Object.assign(store, await openAt(folder)));
  afterAll(async () => {
    await store.close();
    await giveBack(folder);
    rmSync(folder, { recursive: true, force: true });
  });
  return { store, folder };
}

/** An empty folder, removed with all that was put into it. */
export function useFolder(): string {
  const folder = freshFolder();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
