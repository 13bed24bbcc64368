// shared/setup/longest-first.ts
// Purpose: the order of test files: those that take minutes first, all others as vitest orders them.
// Why: without times of an earlier run vitest begins with the largest files; the longest ones are small, came last, and one worker waited.
// Relevant files: vitest.config.ts, shared/setup/test-engines.ts

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest first: a minute or more on two quiet cores. */
const LONG = [
  'tests/mlflow/beside-scripts.test.ts',
  'tests/faults/kill.test.ts',
  'tests/browser/pages.test.ts',
  'tests/bench/quick.test.ts',
  'tests/client/exactly-once.test.ts',
  'tests/mlflow/beside-searches.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONG.findIndex((name) => moduleId.replaceAll('\\', '/').endsWith(name));
  return place < 0 ? LONG.length : place;
}
