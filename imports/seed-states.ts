// imports/seed-states.ts
// Purpose: two made-up experiments: one that shows every state a run can be in, and a draft without runs.
// Why: the real runs of the seed have all ended well enough; pages must be seen with the rest too.
// Relevant files: imports/seed.ts, imports/seed-training.ts, imports/seed-texts.ts, imports/seed-files.ts

import { ExperimentStatus } from '../experiments/models.ts';
import { RunStatus } from '../runs/models.ts';
import { idOf } from './random.ts';
import type { SourceExperiment, SourceRun } from './records.ts';
import { filesOf } from './seed-files.ts';
import * as words from './seed-texts.ts';
import { diverge, train, type Training } from './seed-training.ts';
import { listOf, seriesOf } from './seed-source.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What all these runs have unless they say otherwise. */
const BASE: Training = { lr: 0.3, l2: 0.001, epochs: 60, seed: 1 };

interface State extends Partial<Omit<SourceRun, 'id' | 'name' | 'points'>> {
  name: string;
  training?: Partial<Training>;
  /** Hours between its start and the seeding. */
  hours: number;
  /** Seconds for each epoch. */
  pace?: number;
  /** Seconds from start to end, where that is not its epochs. */
  lasts?: number;
  /** Metric values step by step, in place of a training's. */
  values?: Record<string, number>[];
  parent?: string;
}

const STATES: State[] = [
  {
    name: 'baseline',
    hours: 30,
    notes: words.LONG_NOTES,
    tags: { baseline: '', 'paper-fig-2': '', hardware: 'laptop' },
  },
  { name: 'large-lr', hours: 28, training: { lr: 3, l2: 0, seed: 2 }, tags: { hardware: 'laptop' } },
  { name: words.LONG_NAME, hours: 26, training: { lr: 0.1, l2: 0.0001, seed: 4 }, tags: { hardware: 'cluster' } },
  {
    name: 'too-slow',
    hours: 24,
    training: { lr: 0.003, epochs: 20 },
    status: RunStatus.Killed,
    notes: 'Killed by hand after 20 epochs: at this learning rate it would take days.',
    tags: { hardware: 'laptop' },
  },
  {
    name: 'out-of-memory',
    hours: 22,
    training: { epochs: 37, seed: 5 },
    status: RunStatus.Failed,
    notes: words.FAILED_NOTES,
    tags: { 'needs-review': '', hardware: 'cluster' },
  },
  {
    name: 'nan-in-the-middle',
    hours: 20,
    training: { epochs: 80, seed: 3, brokenEpochs: [40, 41, 42] },
    notes: words.NAN_NOTES,
    tags: { 'needs-review': '', hardware: 'laptop' },
  },
  {
    name: 'diverged-to-infinity',
    hours: 18,
    values: diverge(400, 120),
    training: { lr: 400 },
    status: RunStatus.Failed,
    notes: 'The loss passes the largest double at epoch 54; later the weights themselves are lost.',
    tags: { 'needs-review': '', hardware: 'laptop' },
  },
  { name: 'two-fold', hours: 6, values: [], lasts: 1800, tags: { hardware: 'laptop' } },
  { name: 'fold-1', hours: 5.9, training: { seed: 11 }, parent: 'two-fold', tags: { hardware: 'laptop' } },
  { name: 'fold-2', hours: 5.6, training: { seed: 12 }, parent: 'two-fold', tags: { hardware: 'laptop' } },
  {
    name: 'still-running',
    hours: 0.4,
    training: { lr: 0.05, seed: 7, epochs: 48 },
    pace: 30,
    status: RunStatus.Running,
    notes:
      'Was heard of half a minute before the seeding. Nothing goes on here: after 15 minutes it counts as stalled.',
    tags: { hardware: 'cluster' },
  },
  { name: 'waits-for-a-machine', hours: 0, values: [], status: RunStatus.Scheduled, tags: { hardware: 'cluster' } },
];

export const STATE_IDS = STATES.map(({ name }) => stateId(name));

function stateId(name: string): string {
  return idOf(`training-states/${name}`);
}

/** `now`: when the seed is loaded, ms since the epoch; all times are told from it. */
export function statesExperiment(now: number): SourceExperiment {
  return {
    name: 'training-states',
    description: words.STATES_DESCRIPTION,
    main_metric: 'val/loss',
    created_at: now - 31 * HOUR,
    trashed_at: null,
    tags: { 'made-up': '' },
    runs: () => listOf(STATES.map((state) => runOf(state, now))),
  };
}

export function draftExperiment(now: number): SourceExperiment {
  return {
    name: 'digits-dropout',
    description: words.DRAFT_DESCRIPTION,
    status: ExperimentStatus.Draft,
    created_at: now - HOUR,
    trashed_at: null,
    tags: { 'made-up': '' },
    runs: () => listOf([]),
  };
}

function runOf(state: State, now: number): SourceRun {
  const { name, hours, pace = 5, parent, values, lasts, status = RunStatus.Finished, tags = {}, notes = '' } = state;
  const options = { ...BASE, ...state.training };
  const { epochs, weights } = train(options);
  const shown = values ?? epochs;
  const isOpen = status === RunStatus.Running || status === RunStatus.Scheduled;
  const start = now - hours * HOUR;
  const hasFiles = name === 'baseline';
  return {
    id: stateId(name),
    ...{ name, status, tags, notes },
    start_time: status === RunStatus.Scheduled ? null : start,
    end_time: isOpen ? null : start + (lasts ?? shown.length * pace) * 1000,
    parent_id: parent === undefined ? null : stateId(parent),
    trashed_at: null,
    params: paramsOf(options, state),
    points: () => listOf([seriesOf(shown, start, pace * 1000)]),
    artifacts: () => listOf(hasFiles ? filesOf(options, epochs, weights) : []),
  };
}

function paramsOf({ lr, l2, seed }: Training, { values }: State): Record<string, string> {
  const model = values && values.length > 0 ? 'least squares' : 'logistic regression';
  return { model, lr: String(lr), weight_decay: String(l2), seed: String(seed), batch: 'a third' };
}
