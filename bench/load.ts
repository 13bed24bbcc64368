// bench/load.ts
// Purpose: starts a load process and gives it jobs.
// Why: the load runs beside the bench and the server, never inside one of them.
// Relevant files: bench/load-process.ts, bench/load-types.ts

import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectRoot } from '../shared/setup/root.js';
import type { Job, LoadResult, Reply } from './load-types.ts';

export interface Loader {
  run: (job: Job) => Promise<LoadResult>;
  stop: () => void;
}

export async function startLoader(): Promise<Loader> {
  const child = fork(path.join(projectRoot, 'bench/load-process.ts'), {
    cwd: projectRoot,
    execArgv: ['--import', 'tsx'],
  });
  await once(child, 'message');
  return {
    run: async (job) => {
      child.send(job);
      const [reply] = (await once(child, 'message')) as [Reply];
      if ('error' in reply) throw new Error(`${[job.url].flat().join(' ')}: ${reply.error}`);
      return reply.result;
    },
    stop: () => void child.kill(),
  };
}
