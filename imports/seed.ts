// imports/seed.ts
// Purpose: `manage.ts seed`: real runs (digits), made-up ones that show every state, a draft; or a synthetic experiment.
// Why: a new installation has something true to look at; what people change or trash of it stays as they left it.
// Relevant files: manage.ts, imports/digits.pack, imports/seed-states.ts, imports/seed-scale.ts, imports/write.ts

import { fileURLToPath } from 'node:url';
import { ExperimentStatus } from '../experiments/models.ts';
import { flagsGiven, type SettingFlags, type Settings } from '../shared/config.ts';
import { openStore } from '../shared/db/open.ts';
import type { Store } from '../shared/db/store.ts';
import { UsageError } from '../shared/errors.ts';
import { plural } from '../shared/format.ts';
import { createTag } from '../tags/changes.ts';
import type { TagColor } from '../tags/models.ts';
import { openPack } from './pack.ts';
import { knownRunIds, knownTagKeys } from './queries.ts';
import type { Source, SourceExperiment } from './records.ts';
import { paramsAsked, parseScale, seedScale } from './seed-scale.ts';
import { madeSource } from './seed-source.ts';
import { draftExperiment, STATE_IDS, statesExperiment } from './seed-states.ts';
import { importSource, type ImportSummary } from './write.ts';

const DIGITS = fileURLToPath(new URL('./digits.pack', import.meta.url));
/** Labels that the digits runs get besides their own tags. */
const DIGITS_LABELS: Record<string, string[]> = {
  'sgd-lr0.1-w64-s0': ['baseline', 'paper-fig-2'],
  'sgd-lr0.1-w64-s1': ['baseline'],
  'sgd-lr0.1-w64-s2': ['baseline'],
  'adam-lr0.01-w64-s0': ['paper-fig-2'],
  diverged: ['needs-review'],
};
const COLORS: Record<string, TagColor> = {
  baseline: 'c2',
  'paper-fig-2': 'c5',
  'needs-review': 'c6',
  'made-up': 'c4',
  hardware: 'c7',
};

/** Errors: UsageError. */
export async function seedCommand(
  settings: Settings,
  flags: SettingFlags & { scale?: string | undefined; params?: string | undefined },
): Promise<void> {
  const { scale, params } = flags;
  if (params !== undefined && scale === undefined) throw new UsageError('--params needs --scale.');
  const size = scale === undefined ? undefined : { ...parseScale(scale), ...paramsAsked(params) };
  const store = await openStore(settings);
  try {
    if (size) console.log(await seedScale(store, settings.artifacts, size));
    else for (const line of await seed(store, settings.artifacts)) console.log(line);
  } finally {
    await store.close();
  }
  const command = `npx tsx manage.ts run${flagsGiven(flags)}`;
  console.log(`The data is in ${settings.data}. Start with "${command}" to look at it, or reload the page.`);
}

/** Says what was done, a line for each part. */
export async function seed(store: Store, artifacts: string, now = Date.now()): Promise<string[]> {
  const isFirstTime = (await knownRunIds(store.read, STATE_IDS)).size === 0;
  if (isFirstTime) await makeTags(store);
  const digits = await importSource(store, artifacts, openDigits);
  const lines = [lineOf('27 real runs of digits-mlp', digits)];
  // Their times are told from now: brought in again, they would be other points.
  if (!isFirstTime) return [...lines, 'training-states, digits-dropout: here already, left as they are.'];
  const open = (): Promise<Source> => {
    const experiments = [draftExperiment(now), statesExperiment(now)];
    return Promise.resolve(madeSource('made-up runs', experiments, STATE_IDS.length));
  };
  const states = await importSource(store, artifacts, open);
  return [...lines, lineOf('training-states (made up, to show states) and digits-dropout (a draft)', states)];
}

function lineOf(what: string, { counts }: ImportSummary): string {
  const { runs, points, artifacts } = counts;
  if (runs.written === 0) return `${what}: here already, left as they are.`;
  const parts = [plural(runs.written, 'run'), plural(points.written, 'point'), plural(artifacts.written, 'artifact')];
  return `${what}: ${parts.join(', ')} written.`;
}

/** Colours for the labels, where no tag of that name is here or in the trash. */
async function makeTags(store: Store): Promise<void> {
  await store.write(async (tx) => {
    const known = await knownTagKeys(tx, Object.keys(COLORS));
    for (const [key, color] of Object.entries(COLORS)) if (!known.has(key)) await createTag(tx, { key, color });
  });
}

/** The packed runs with a state, a main metric and labels, which a pack does not hold. */
async function openDigits(): Promise<Source> {
  const pack = await openPack(DIGITS);
  return {
    ...pack,
    async *experiments() {
      for await (const experiment of pack.experiments()) yield labelled(experiment);
    },
  };
}

function labelled(experiment: SourceExperiment): SourceExperiment {
  return {
    ...experiment,
    status: ExperimentStatus.Completed,
    main_metric: 'val/accuracy',
    async *runs() {
      for await (const run of experiment.runs()) {
        const labels = (DIGITS_LABELS[run.name] ?? []).map((label) => [label, '']);
        yield { ...run, tags: { ...run.tags, ...(Object.fromEntries(labels) as Record<string, string>) } };
      }
    },
  };
}
