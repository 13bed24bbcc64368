// runs/repeat-keys.ts
// Purpose: params that tell repeats of one configuration apart: seeds, folds, trials.
// Why: tables show them last and groups ignore them, by one guess from the name.
// Relevant files: runs/table/table.ts, runs/groups/groups.ts

const REPEAT_KEY = /(^|[._/-])(seed|random_state|fold|repeat|trial|run_id|run_name)$/i;

export function isRepeatKey(key: string): boolean {
  return REPEAT_KEY.test(key);
}
