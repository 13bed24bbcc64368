// imports/seed-training.ts
// Purpose: a small training that really runs: logistic regression by gradient descent on two made-up clouds of points.
// Why: the seed shows states of runs with curves that behave like curves, computed in a few milliseconds.
// Relevant files: imports/seed-states.ts, imports/random.ts

import { normal, randomOf, type Random } from './random.ts';

export interface Example {
  x: number;
  y: number;
  label: 0 | 1;
}

export interface Training {
  lr: number;
  /** Weight decay. */
  l2: number;
  epochs: number;
  seed: number;
  /** Validates on a broken batch in these epochs: one value of it is NaN. */
  brokenEpochs?: readonly number[];
}

export type Epoch = Record<'train/loss' | 'val/loss' | 'val/accuracy' | 'grad_norm', number>;

/** Two weights and a bias. */
export type Weights = [number, number, number];

function examplesOf(random: Random, count: number): Example[] {
  return Array.from({ length: count }, (_, i): Example => {
    const label = i % 2 === 0 ? 0 : 1;
    const centre = label === 0 ? -0.9 : 0.9;
    return { x: centre + normal(random), y: centre * 0.6 + normal(random), label };
  });
}

export function probability([a, b, bias]: Weights, x: number, y: number): number {
  return 1 / (1 + Math.exp(-(a * x + b * y + bias)));
}

export function train(options: Training): { epochs: Epoch[]; weights: Weights } {
  const random = randomOf(options.seed);
  const [training, validation] = [examplesOf(random, 240), examplesOf(random, 120)];
  const broken = [{ x: NaN, y: 0, label: 0 } satisfies Example, ...validation.slice(1)];
  let weights: Weights = [normal(random), normal(random), normal(random)];
  const epochs: Epoch[] = [];
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    // A third of the examples at a time: the curves get the noise that mini-batches give.
    const batch = training.filter(() => random() < 1 / 3);
    const gradient = gradientOf(weights, batch, options.l2);
    weights = weights.map((weight, i) => weight - options.lr * (gradient[i] ?? 0)) as Weights;
    const seen = options.brokenEpochs?.includes(epoch) ? broken : validation;
    epochs.push({
      'train/loss': lossOf(weights, batch),
      'val/loss': lossOf(weights, seen),
      'val/accuracy': accuracyOf(weights, validation),
      grad_norm: Math.hypot(...gradient),
    });
  }
  return { epochs, weights };
}

function gradientOf(weights: Weights, batch: Example[], l2: number): Weights {
  const sum: Weights = [l2 * weights[0] * batch.length, l2 * weights[1] * batch.length, 0];
  for (const { x, y, label } of batch) {
    const error = probability(weights, x, y) - label;
    sum[0] += error * x;
    sum[1] += error * y;
    sum[2] += error;
  }
  return sum.map((part) => part / batch.length) as Weights;
}

/** Mean cross-entropy. */
function lossOf(weights: Weights, examples: Example[]): number {
  const losses = examples.map(({ x, y, label }) => -Math.log(Math.abs(1 - label - probability(weights, x, y))));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function accuracyOf(weights: Weights, examples: Example[]): number {
  const right = examples.filter(({ x, y, label }) => probability(weights, x, y) > 0.5 === (label === 1));
  return right.length / examples.length;
}

/** Least squares with a learning rate far too large: the loss passes the largest double, so ±Infinity, then NaN. */
export function diverge(lr: number, epochs: number): Record<'loss' | 'log_likelihood', number>[] {
  const examples = examplesOf(randomOf(6), 60);
  let [slope, bias] = [0.1, 0];
  return Array.from({ length: epochs }, () => {
    const errors = examples.map(({ x, y }) => slope * x + bias - y);
    const loss = errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
    const push = examples.map(({ x }, i) => x * (errors[i] ?? 0)).reduce((sum, part) => sum + part, 0);
    slope -= (lr * push) / examples.length;
    bias -= (lr * errors.reduce((sum, error) => sum + error, 0)) / examples.length;
    return { loss, log_likelihood: -loss };
  });
}
