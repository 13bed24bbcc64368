// tests/nightly/loggers.nightly.ts
// Purpose: PyTorch Lightning's and Transformers' own MLflow loggers log a tiny training here, and all of it is read back.
// Why: most training code calls no MLflow by itself; it names one of these loggers.
// Relevant files: tests/nightly/loggers_script.py, tests/nightly/vitest.config.ts, shared/setup/loggers.js

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { ensureLoggers } from '../../shared/setup/loggers.js';
import { startTracker } from '../support/tracker.ts';

interface Told {
  status: string;
  params: Record<string, string>;
  /** How many points each metric has. */
  histories: Record<string, number>;
}

const SCRIPT = fileURLToPath(new URL('./loggers_script.py', import.meta.url));
const [INSTALL_MS, TRAIN_MS] = [60 * 60_000, 10 * 60_000];
let python: string;

beforeAll(() => {
  python = ensureLoggers();
}, INSTALL_MS);

it(
  'log params, each step and the end',
  async () => {
    const tracker = await startTracker();
    try {
      const { stdout } = await promisify(execFile)(python, [SCRIPT, tracker.url], { timeout: TRAIN_MS });
      const told = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<'lightning' | 'transformers', Told>;
      // Three epochs of four batches, in both.
      expect(told.lightning).toEqual({
        status: 'FINISHED',
        params: { lr: '0.1' },
        histories: { 'train/loss_step': 12, 'train/loss_epoch': 3, epoch: 15 },
      });
      const { status, params, histories } = told.transformers;
      expect(status).toBe('FINISHED');
      expect(params).toMatchObject({ model_type: 'bert', num_train_epochs: '3', learning_rate: '5e-05' });
      expect(Object.keys(params).length).toBeGreaterThan(100);
      expect(histories).toMatchObject({ loss: 12, learning_rate: 12, train_loss: 1 });
    } finally {
      await tracker.stop();
    }
  },
  TRAIN_MS,
);
