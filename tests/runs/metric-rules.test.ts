// tests/runs/metric-rules.test.ts
// Purpose: which way metrics are better and which one matters most, for names as people give them.
// Why: every "best" of the product follows from these guesses; they must not change unseen.
// Relevant files: runs/metric-rules.ts, runs/table/table.ts, runs/compare/compare.ts

import { describe, expect, it } from 'vitest';
import { byImportance, Direction, directionOf, isProgress, mainMetric, telling } from '../../runs/metric-rules.ts';

const HIGHER = [
  ...['accuracy', 'val/accuracy', 'val_acc', 'Val-Acc', 'valAccuracy', 'top1', 'top-5', 'f1', 'val/f1_macro', 'f0.5'],
  ...['AUC', 'roc_auc', 'auroc', 'mAP', 'mAP@50', 'precision', 'recall@10', 'bleu', 'rouge', 'r2', 'iou', 'dice'],
  ...['score', 'eval/reward', 'episode_return', 'win_rate', 'winrate', 'throughput', 'psnr', 'ssim', 'ndcg', 'mrr'],
  ...['hit@10', 'kappa', 'mcc', 'num_correct', 'success'],
];
const LOWER = [
  ...['loss', 'val/loss', 'val_loss', 'trainLoss', 'Loss/train', 'error', 'err', 'mse', 'val.mae', 'RMSE', 'nll'],
  ...['perplexity', 'ppl', 'bpc', 'bpb', 'wer', 'cer', 'fid', 'kl', 'kl_divergence', 'regret', 'cost', 'latency_ms'],
  ...['distance', 'time', 'epoch_time', 'seconds', 'gpu/memory', 'ece', 'brier', 'mape', 'logloss', 'crossEntropy'],
  ...['cross_entropy', 'val/cross-entropy', 'crossentropy'],
];
// A word inside another one says nothing: `glossary` is no loss, `capture` is no `ap`.
const NEITHER = [
  ...['', 'epoch', 'lr', 'step', 'grad_norm', 'temperature', 'glossary', 'capture', 'terror', 'timeline', 'weights'],
  ...['hitting', 'klingon', 'макро', '損失', 'n_params', 'x'],
];

describe('which way is better', () => {
  it.each(HIGHER)('%s: higher', (key) => {
    expect(directionOf(key)).toBe(Direction.Max);
  });
  it.each(LOWER)('%s: lower', (key) => {
    expect(directionOf(key)).toBe(Direction.Min);
  });
  it.each(NEITHER)('%j: not known', (key) => {
    expect(directionOf(key)).toBeNull();
  });
  it.each(['accuracy_loss', 'loss_score', 'error_recall', 'time_to_accuracy'])('%s: what is lost decides', (key) => {
    expect(directionOf(key)).toBe(Direction.Min);
  });
});

describe('how far a run is', () => {
  it.each(['epoch', 'train/epoch', 'step', 'trainer/global_step', 'iter', 'my.iteration', 'lr', 'optim/LR', 'opt-lr'])(
    '%s',
    (key) => {
      expect(isProgress(key)).toBe(true);
    },
  );
  it.each(['epoch_time', 'steps_per_second', 'lrx', 'val/loss', 'collar'])('not %s', (key) => {
    expect(isProgress(key)).toBe(false);
  });
});

describe('the main metric', () => {
  it.each([
    ['held-out before training', ['train/accuracy', 'val/accuracy'], 'val/accuracy'],
    ['held-out losses before training scores', ['train/accuracy', 'val/loss'], 'val/loss'],
    ['scores before losses', ['val/loss', 'val/accuracy'], 'val/accuracy'],
    ['validation before test', ['test/accuracy', 'val/loss'], 'val/loss'],
    ['test before neither', ['accuracy', 'test/loss'], 'test/loss'],
    ['neither before training', ['train/accuracy', 'loss'], 'loss'],
    ['eval and dev are validation', ['test/acc', 'eval/acc'], 'eval/acc'],
    ['the shorter name', ['val/acc_top_5', 'val/acc'], 'val/acc'],
    ['then by name', ['val/acc', 'val/auc'], 'val/acc'],
    ['never one without a direction', ['epoch', 'lr', 'grad_norm', 'train/loss'], 'train/loss'],
    ['none where no name says anything', ['epoch', 'lr', 'grad_norm'], null],
    ['none where there is none', [], null],
  ])('%s', (_, keys, expected) => {
    expect(mainMetric(keys)).toBe(expected);
    expect(mainMetric([...keys].reverse())).toBe(expected);
  });

  it('is the chosen one where it was logged, whatever its name says', () => {
    const keys = ['val/accuracy', 'train/loss', 'epoch'];
    expect(mainMetric(keys, 'train/loss')).toBe('train/loss');
    expect(mainMetric(keys, 'epoch')).toBe('epoch');
    expect(mainMetric(keys, 'not/logged')).toBe('val/accuracy');
    expect(mainMetric(keys, null)).toBe('val/accuracy');
  });
});

describe('the order of metrics', () => {
  const keys = ['lr', 'train/loss', 'grad_norm', 'val/loss', 'epoch', 'test/acc', 'val/acc', 'a_norm'];

  it('is main, held-out, training, unknown, progress', () => {
    expect(byImportance(keys, 'val/acc')).toEqual([
      ...['val/acc', 'val/loss', 'test/acc', 'train/loss', 'a_norm', 'grad_norm', 'epoch', 'lr'],
    ]);
    expect(byImportance(keys, 'epoch').slice(0, 2)).toEqual(['epoch', 'val/acc']);
    expect(keys[0], 'what was given stays as it is').toBe('lr');
  });

  it('leaves the unknown ones out where enough are known, and progress always unless it was chosen', () => {
    expect(telling(keys, 'val/acc')).toEqual(['val/acc', 'val/loss', 'test/acc', 'train/loss']);
    expect(telling(['epoch', 'loss', 'grad_norm', 'lr'], 'loss')).toEqual(['loss', 'grad_norm']);
    expect(telling(['epoch', 'loss', 'lr'], 'epoch')).toEqual(['epoch', 'loss']);
    expect(telling(['epoch', 'lr'], null)).toEqual([]);
  });
});
