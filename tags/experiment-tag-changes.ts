// tags/experiment-tag-changes.ts
// Purpose: tags hung on an experiment, replaced, taken off.
// Why: pages, API, MLflow and imports share these steps of a transaction.
// Relevant files: tags/changes.ts, tags/hang-changes.ts, experiments/changes.ts

import { and, eq } from 'drizzle-orm';
import type { Db } from '../shared/db/store.ts';
import { experimentTags } from './models.ts';
import { tagsOfExperiments } from './queries.ts';
import { tagId } from './new-tag-changes.ts';

export async function setExperimentTags(tx: Db, experimentId: number, sent: Record<string, string>): Promise<number> {
  if (Object.keys(sent).length === 0) return 0;
  const before = (await tagsOfExperiments(tx, [experimentId])).get(experimentId) ?? [];
  const known = new Map(before.map((tag) => [tag.key, tag.value]));
  const changed = Object.entries(sent).filter(([key, value]) => known.get(key) !== value);
  for (const [key, value] of changed) {
    await tx
      .insert(experimentTags)
      .values({ experiment_id: experimentId, tag_id: await tagId(tx, key), value })
      .onConflictDoUpdate({ target: [experimentTags.experiment_id, experimentTags.tag_id], set: { value } });
  }
  return changed.length;
}

export async function removeExperimentTag(tx: Db, experimentId: number, key: string): Promise<string | undefined> {
  const hung = ((await tagsOfExperiments(tx, [experimentId])).get(experimentId) ?? []).find((tag) => tag.key === key);
  if (hung) {
    await tx
      .delete(experimentTags)
      .where(and(eq(experimentTags.experiment_id, experimentId), eq(experimentTags.tag_id, hung.id)));
  }
  return hung?.value;
}

/** Exactly these tags afterwards: what is not named is taken off. */
export async function replaceExperimentTags(
  tx: Db,
  experimentId: number,
  wanted: Record<string, string>,
): Promise<void> {
  const before = (await tagsOfExperiments(tx, [experimentId])).get(experimentId) ?? [];
  for (const { key } of before) if (!Object.hasOwn(wanted, key)) await removeExperimentTag(tx, experimentId, key);
  await setExperimentTags(tx, experimentId, wanted);
}
