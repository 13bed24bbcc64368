// exports/export-job.ts
// Purpose: an export as a heavy read: what it is called at once, then its bytes.
// Why: the same writers serve downloads (in a worker thread) and the command line.
// Relevant files: exports/catalogue.ts, exports/writers.ts, exports/produce.ts, shared/heavy/job.ts, worker.ts

import type { HeavyJob } from '../shared/heavy/job.ts';
import { CATALOGUE } from './catalogue.ts';
import type { ExportRequest } from './request.ts';
import { inBytes } from '../shared/heavy/pieces.ts';
import type { Format } from './writers.ts';

export interface ExportArgs {
  /** Of the catalogue. */
  path: string;
  format: Format;
  params: unknown;
  query: unknown;
}

export interface ExportHead {
  what: string;
  fileName: string;
}

export const exportJob: HeavyJob<ExportArgs, ExportHead> = {
  name: 'export',
  open: async (db, { path, format, params, query }) => {
    const kind = CATALOGUE.find((one) => one.path === path);
    if (!kind) throw new Error(`The catalogue has no ${path}.`);
    const { what, fileName, pieces } = await kind.open(db, params, query, format);
    return { head: { what, fileName }, pieces: inBytes(pieces) };
  },
};

export function argsOf({ kind, format, params, query }: ExportRequest): ExportArgs {
  return { path: kind.path, format, params, query };
}
