// runs/models.ts
// Purpose: the tables of runs, by family.
// Why: one door for everything that asks for a table or a row of runs, drizzle-kit among it; the tables stand with their family.
// Relevant files: runs/models/runs.ts, runs/models/series.ts, shared/db/columns.ts, shared/db/drizzle.config.ts

// A run: itself, its states, its params.
export * from './models/runs.ts';
// Its series: summaries, points, roll-ups.
export * from './models/series.ts';
// Starts and restarts, points that were overtaken.
export * from './models/attempts.ts';
// Files, and the contents that they let go of.
export * from './models/artifacts.ts';
// Data that runs were made with.
export * from './models/datasets.ts';
// What people set: rules of metrics, charts, baselines.
export * from './models/settings.ts';
// Saved views.
export * from './models/saved-views.ts';
// What is done with many runs at once.
export * from './models/bulk.ts';
