// shared/setup/loggers.js
// Purpose: PyTorch Lightning and Transformers with MLflow's client, in a virtual environment of its own, for the nightly tests.
// Why: 5.5 GB and some minutes are too much for each run of the tests; what PyTorch adds for GPUs it pins itself.
// Relevant files: shared/setup/python.js, shared/setup/loggers.txt, tests/nightly/loggers.nightly.ts

import { fileURLToPath } from 'node:url';
import { ensurePython } from './python.js';

/** @type {() => string} the Python that has them */
export function ensureLoggers() {
  const packages = fileURLToPath(new URL('./loggers.txt', import.meta.url));
  return ensurePython({ packages, what: 'PyTorch, Lightning and Transformers (5.5 GB)', duration: 'five minutes' });
}
