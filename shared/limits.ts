// shared/limits.ts
// Purpose: every limit of the product, in one place, by name.
// Why: a refused request says which limit it met; docs and tests read the same numbers.
// Relevant files: shared/schemas.ts, shared/http/server.ts, README.md

export const LIMITS = {
  /** Characters of an experiment's or run's name. */
  name: 500,
  /** Characters of a param, metric or tag key, or of an artifact's path. */
  key: 500,
  /** Characters of a param value. */
  paramValue: 100_000,
  tagValue: 10_000,
  /** Characters of a description or of notes. */
  notes: 200_000,
  /** Characters of a metric's unit, and decimals that it is shown with. */
  unit: 24,
  digits: 12,
  /** Points of which a rule may take the mean: they are read for each open run by each page that orders by it. */
  lastPoints: 1_000,
  /** Characters of a search. */
  query: 1_000,
  /** Characters of an address that is kept. */
  url: 8_000,
  /** Times that one filter may be repeated in a URL. */
  repeated: 100,
  /** Keys that runs are ordered by, one after the other. */
  orderKeys: 6,
  /** Views saved for an experiment, or for all of them. */
  savedViews: 200,
  /** Characters of the address of one. */
  viewQuery: 12_000,
  /** Items of a list's page. */
  page: 1_000,
  /** Metric points in one log request. */
  batchMetrics: 50_000,
  batchParams: 5_000,
  batchTags: 1_000,
  /** Bytes of a JSON or form body. */
  body: 16 * 1024 * 1024,
  /** Bytes of one artifact. */
  artifact: 5 * 1024 ** 3,
  /** Runs on one compare page. */
  compareRuns: 100,
  /** Points of a page of `…/points`. */
  pointsPage: 10_000,
  /** Pages that are open at once and told of changes. */
  watchers: 250,
  curveBuckets: 5_000,
} as const;
