// runs/repeat-keys.ts
// Purpose: params that tell repeats of one configuration apart: seeds, folds, ids of runs.
// Why: tables show them last and groups ignore them: by one guess from the name, unless the experiment says otherwise.
// Relevant files: runs/table/table.ts, runs/groups/groups.ts, runs/groups/group-forms.ts

import type { ExperimentRow } from '../experiments/models.ts';

const REPEAT_KEY =
  /(^|[._/-])(seeds?|seed_everything|random_state|rng|fold|repeat|repetition|replicate|trial|(run|trial)_?(id|name|number|index))$/i;

/** The guess from the name. */
export function isRepeatKey(key: string): boolean {
  return REPEAT_KEY.test(key);
}

export interface RepeatRule {
  /** Whether runs that differ in this param only repeat each other. */
  isRepeat: (key: string) => boolean;
  /** What was said against the guess, or beside it. */
  said: Record<string, boolean>;
}

export function repeatRule({ repeat_keys }: Pick<ExperimentRow, 'repeat_keys'>): RepeatRule {
  const said = JSON.parse(repeat_keys) as Record<string, boolean>;
  return { said, isRepeat: (key) => (Object.hasOwn(said, key) ? said[key] === true : isRepeatKey(key)) };
}
