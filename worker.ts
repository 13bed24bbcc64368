// worker.ts
// Purpose: what a worker thread runs: the list of all heavy reads.
// Why: a thread starts from one file; it must know every job by its name, compiled or not.
// Relevant files: shared/heavy/serve.ts, shared/heavy/threads.ts, shared/setup/compiled.js, exports/export-job.ts

import { exportJob } from './exports/export-job.ts';
import { tableJob } from './runs/view/table-job.ts';
import { curveJob } from './runs/curves/curve-csv.ts';
import { serveJobs } from './shared/heavy/serve.ts';

export default serveJobs([exportJob, curveJob, tableJob]);
