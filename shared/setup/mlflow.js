// shared/setup/mlflow.js
// Purpose: MLflow's client and its own server, with scikit-learn, for the tests, in a virtual environment of its own.
// Why: scripts that log to MLflow must log here unchanged, which only MLflow itself can show.
// Relevant files: shared/setup/python.js, shared/setup/run-tests.js, shared/setup/mlflow.txt

import { fileURLToPath } from 'node:url';
import { ensurePython } from './python.js';

/** @type {() => string} the Python that has it: `python -m mlflow server`, `import mlflow` */
export function ensureMlflow() {
  const packages = fileURLToPath(new URL('./mlflow.txt', import.meta.url));
  return ensurePython({ packages, what: 'MLflow and scikit-learn', duration: 'a minute' });
}
