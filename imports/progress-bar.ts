// imports/progress-bar.ts
// Purpose: a progress bar on a terminal; nothing when the output goes to a file or a script.
// Why: a long import should be seen to move, and logs should not be full of control characters.
// Relevant files: imports/command.ts, imports/check-source.ts

import { Presets, SingleBar } from 'cli-progress';
import type { OnProgress } from './check-source.ts';

export interface ProgressBar {
  onProgress: OnProgress | undefined;
  stop: () => void;
}

export function progressBar(): ProgressBar {
  if (!process.stderr.isTTY) return { onProgress: undefined, stop: () => undefined };
  const format = '{phase} [{bar}] {value} of {total} runs, {eta_formatted} left';
  const bar = new SingleBar({ format, barsize: 30, hideCursor: true, clearOnComplete: true }, Presets.legacy);
  let current = '';
  return {
    onProgress(phase, done, total) {
      if (phase !== current) bar.start(total, 0, { phase });
      current = phase;
      bar.update(done, { phase });
    },
    stop: () => bar.stop(),
  };
}
