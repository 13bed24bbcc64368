// exports/catalogue.ts
// Purpose: the one list of what can be exported: path, formats, query, and how it is opened.
// Why: routes, page and command line offer the same things because they read the same list.
// Relevant files: exports/routes.ts, exports/command.ts, exports/request.ts, exports/schemas.ts

import type { z } from 'zod';
import { requireExperiment } from '../experiments/queries.ts';
import { requireMetric } from '../runs/metric-queries.ts';
import { requireRun } from '../runs/queries.ts';
import { refuseWrong } from '../runs/query/known-queries.ts';
import { orderOf, runOrder } from '../runs/run-filter.ts';
import type { Db } from '../shared/db/store.ts';
import { writeExperiments } from './experiments-writers.ts';
import { slug } from './file-names.ts';
import { writePoints } from './points-writers.ts';
import { runGroups } from './queries.ts';
import { writeRuns } from './runs-writers.ts';
import {
  experimentParams,
  experimentPointsQuery,
  experimentsQuery,
  noParams,
  noQuery,
  pointsQuery,
  runParams,
  runsQuery,
} from './schemas.ts';
import { writeExperiment, writeRun } from './whole-writers.ts';
import type { Format, Prepared } from './writers.ts';

export interface ExportKind {
  /** Below /exports/, without the ending. */
  path: string;
  summary: string;
  /** What a row of it is: `run`. */
  row: string;
  formats: readonly Format[];
  params: z.ZodObject;
  query: z.ZodObject;
  /** Checks that it is there (404, 409) before anything is written. `params` and `query` have passed their schemas. */
  open: (db: Db, params: unknown, query: unknown, format: Format) => Promise<Prepared>;
}

/** Gives `open` the types of its schemas; outside, the list is uniform. */
function kind<P extends z.ZodObject, Q extends z.ZodObject>(
  one: Omit<ExportKind, 'open'> & {
    params: P;
    query: Q;
    open: (db: Db, params: z.infer<P>, query: z.infer<Q>, format: Format) => Promise<Prepared>;
  },
): ExportKind {
  return one as ExportKind;
}

const named = ({ id, name }: { id: number; name: string }): string => slug(name, `experiment-${id}`);
const filtered = (query: {
  q?: string | undefined;
  where?: string | undefined;
  status?: unknown[] | undefined;
  tag?: unknown[] | undefined;
}): string => (query.q || query.where || query.status?.length || query.tag?.length ? ', filtered' : '');

export const CATALOGUE: readonly ExportKind[] = [
  kind({
    path: 'experiments',
    summary: 'All experiments, one row each.',
    row: 'experiment',
    formats: ['csv', 'json'],
    params: noParams,
    query: experimentsQuery,
    open: async (db, _params, query, format) => ({
      what: `experiments${filtered(query)}`,
      fileName: 'experiments',
      pieces: writeExperiments(db, query, format),
    }),
  }),
  kind({
    path: 'experiments/:id',
    summary: 'Everything of an experiment: runs, params, tags, notes, metrics with all points.',
    row: 'run',
    formats: ['json'],
    params: experimentParams,
    query: noQuery,
    open: async (db, { id }) => {
      const experiment = await requireExperiment(db, id);
      const what = `everything of ${experiment.name}`;
      return { what, fileName: named(experiment), pieces: writeExperiment(db, experiment) };
    },
  }),
  kind({
    path: 'experiments/:id/runs',
    summary: 'The runs of an experiment, a column for each param and metric summary.',
    row: 'run',
    formats: ['csv', 'json'],
    params: experimentParams,
    query: runsQuery,
    open: async (db, { id }, query, format) => {
      const experiment = await requireExperiment(db, id);
      // What is wrong is a 400 now, not a broken download later.
      await refuseWrong(db, { ...query, experiment: id });
      runOrder(orderOf(query));
      return {
        what: `runs of ${experiment.name}${filtered(query)}`,
        fileName: `${named(experiment)}-runs`,
        pieces: writeRuns(db, experiment, { ...query, experiment: id }, format),
      };
    },
  }),
  kind({
    path: 'experiments/:id/points',
    summary: 'All metric points of an experiment, one row each.',
    row: 'point',
    formats: ['csv', 'ndjson'],
    params: experimentParams,
    query: experimentPointsQuery,
    open: async (db, { id }, { key, where }, format) => {
      const experiment = await requireExperiment(db, id);
      await refuseWrong(db, { where, experiment: id });
      return {
        what: `points of ${key === undefined ? '' : `${key} in `}${experiment.name}${filtered({ where })}`,
        fileName: `${named(experiment)}-points`,
        pieces: writePoints(db, runGroups(db, { experiment: id, where, order: 'number' }), key, format),
      };
    },
  }),
  kind({
    path: 'runs/:id',
    summary: 'Everything of a run: params, tags, notes, metrics with all points.',
    row: 'run',
    formats: ['json'],
    params: runParams,
    query: noQuery,
    open: async (db, { id }) => {
      const run = await requireRun(db, id);
      return { what: `everything of run ${run.name}`, fileName: slug(run.name, run.id), pieces: writeRun(db, run) };
    },
  }),
  kind({
    path: 'runs/:id/points',
    summary: 'All metric points of a run, one row each.',
    row: 'point',
    formats: ['csv', 'ndjson'],
    params: runParams,
    query: pointsQuery,
    open: async (db, { id }, { key }, format) => {
      const run = await requireRun(db, id);
      if (key !== undefined) await requireMetric(db, id, key);
      return {
        what: `points of ${key === undefined ? '' : `${key} in `}run ${run.name}`,
        fileName: `${slug(run.name, run.id)}-points`,
        pieces: writePoints(db, [[run]], key, format),
      };
    },
  }),
];
