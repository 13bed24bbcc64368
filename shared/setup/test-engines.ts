// shared/setup/test-engines.ts
// Purpose: which test files run on PostgreSQL, too: all but those named here, each with its reason.
// Why: the contract is one for both engines; an exception must be seen and defended in one place.
// Relevant files: vitest.config.ts, tests/support/on-postgres.ts

/** True of SQLite's file or driver only. */
const ABOUT_SQLITE = [
  'tests/shared/fact-journal.test.ts', // triggers of SQLite's one writer; PostgreSQL has no journal
  'tests/shared/busy.test.ts', // another process keeps the file locked
  'tests/shared/migrate.test.ts', // files that are foreign, newer, half-migrated; PostgreSQL's are in postgres.test.ts
  'tests/shared/store.test.ts', // pragmas and the write-ahead log; PostgreSQL's connections are in postgres.test.ts
  'tests/shared/write-queue.test.ts', // the queue on one connection; PostgreSQL's lanes are in postgres.test.ts
  'tests/shared/memo.test.ts', // counts the statements that SQLite prepares
  'tests/shared/paging-plan.test.ts', // SQLite's EXPLAIN QUERY PLAN
  'tests/shared/plans.test.ts', // SQLite's EXPLAIN QUERY PLAN
  'tests/runs/asked.test.ts', // counts the statements that SQLite prepares
  'tests/runs/usual.test.ts', // the quick way is SQLite's; PostgreSQL has none
  'tests/pages/status.test.ts', // path, size and migrations of the file; PostgreSQL's are in postgres.test.ts
  'tests/cli/commands.test.ts', // what the commands do to files; PostgreSQL's are in postgres.test.ts
  'tests/exports/worker.test.ts', // threads over SQLite's file; PostgreSQL is read on the main thread
  'tests/faults/**', // kill -9 and the file; PostgreSQL's are in tests/postgres
  'tests/client/exactly-once.test.ts', // kill -9 and the file; what the client does is the same on both
  'tests/runs/kill.test.ts', // kill -9 and the file; PostgreSQL has its own log
];

/** Asks no database of ours: once is enough. */
const NO_DATABASE = [
  'tests/lint/**',
  'tests/setup/**',
  'tests/bench/**', // starts its own servers, on both engines
  'tests/cli/settings.test.ts',
  'tests/cli/errors.test.ts', // what files, ports and disks answer
  'tests/exports/cells.test.ts',
  'tests/exports/free-early.test.ts',
  'tests/imports/read-*.test.ts',
  'tests/mlflow/grammar.test.ts', // parsers only
  'tests/runs/artifact-preview.test.ts',
  'tests/runs/cell-html.test.ts',
  'tests/runs/chart-axes.test.ts',
  'tests/runs/chart-colors.test.ts',
  'tests/runs/chart-smoothing.test.ts',
  'tests/runs/default-columns.test.ts',
  'tests/runs/ends.test.ts',
  'tests/runs/metric-rules.test.ts',
  'tests/runs/seqs.test.ts',
  'tests/runs/s3-answers.test.ts',
  'tests/shared/artifacts-place.test.ts',
  'tests/shared/format.test.ts',
  'tests/shared/json-measure.test.ts',
  'tests/shared/json.test.ts',
  'tests/shared/latex.test.ts',
  'tests/shared/line-writer.test.ts',
  'tests/shared/markdown.test.ts',
  'tests/shared/models.test.ts', // looks at both engines itself
];

/** Pages are the same text on both engines, which the tests of pages see to; a browser costs a minute. */
const IN_A_BROWSER = ['tests/browser/**'];

/** MLflow's own server costs a minute; what our engines answer is compared by tests/mlflow/conformance and tests/runs/search. */
const BESIDE_MLFLOW = ['tests/mlflow/beside-*.test.ts'];

export const SQLITE_ONLY = [...ABOUT_SQLITE, ...NO_DATABASE, ...IN_A_BROWSER, ...BESIDE_MLFLOW];

/** Start PostgreSQL servers or several processes on one. */
export const POSTGRES_ONLY = ['tests/postgres/**'];
