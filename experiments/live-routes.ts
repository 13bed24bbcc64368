// experiments/live-routes.ts
// Purpose: /live: server-sent events that say when experiments have changed, to everybody who has a page of them open.
// Why: a page that is open while a run trains shows what is there now; whoever watches the same shares one query.
// Relevant files: shared/http/broadcast.ts, shared/http/event-line.ts, experiments/depends.ts, shared/static/live.js

import type { FastifyRequest } from 'fastify';
import { watchState } from '../shared/db/state.ts';
import { Problem } from '../shared/errors.ts';
import { Broadcast } from '../shared/http/broadcast.ts';
import { openLine, type EventLine } from '../shared/http/event-line.ts';
import type { App } from '../shared/http/types.ts';
import { LIMITS } from '../shared/limits.ts';
import { statesOf } from './version-queries.ts';
import { liveQuery } from './schemas.ts';

/** Between two looks, ms: at most two events a second, however fast points arrive. */
const PAUSE_MS = 500;
/** How often changes of other processes on the same file are looked for, ms; only while somebody watches. */
const OTHERS_MS = 1_000;

export function installLive(app: App): void {
  const { store } = app;
  const lines = new Set<EventLine>();
  const databaseState = watchState(store);
  const broadcast: Broadcast = new Broadcast({
    look: (topics) => statesOf(store.read, topics),
    pause: PAUSE_MS,
    start: () => {
      const off = store.changes.on((ids) => {
        if (!broadcast.isAwake && isWatched(broadcast.topics(), ids)) broadcast.wake();
      });
      let last = '';
      const others = setInterval(() => {
        void databaseState().then(({ state }) => {
          if (state !== last) broadcast.wake();
          last = state;
        }, ignore);
      }, OTHERS_MS);
      return () => {
        off();
        clearInterval(others);
      };
    },
  });

  app.get(
    '/live',
    {
      sse: true,
      exposeHeadRoute: false,
      schema: { hide: true, querystring: liveQuery },
      // Not in the handler: there the stream has begun, and a problem would look like its end.
      preHandler: (request, _reply, done) => {
        done(whyNot(request, lines.size));
      },
    },
    (request, reply) => {
      const { experiment, since } = request.query;
      const topic = [...experiment].sort((a, b) => a - b).join(',');
      const line = openLine(reply, () => {
        stop();
        lines.delete(line);
      });
      const stop = broadcast.watch({ topic, seen: reply.sse.lastEventId ?? since, tell: line.tell });
      lines.add(line);
    },
  );

  app.addHook('preClose', (done) => {
    for (const line of lines) line.close();
    done();
  });
}

function whyNot({ headers }: FastifyRequest, open: number): Problem | undefined {
  if (!(headers.accept ?? '').includes('text/event-stream'))
    return new Problem(406, 'This is a stream of events: ask for it with Accept: text/event-stream.');
  // Pages of other sites could not read it, but hold it open.
  if (headers['sec-fetch-site'] === 'cross-site') return new Problem(403, 'The page of another site may not watch.');
  if (open >= LIMITS.watchers)
    return new Problem(503, `${LIMITS.watchers} pages are watching already: this one does not change by itself.`);
  return undefined;
}

function isWatched(topics: string[], ids: number[]): boolean {
  return topics.some((topic) => topic === '' || topic.split(',').some((id) => ids.includes(Number(id))));
}

function ignore(): void {
  // The database is busy or closing: the next look tells.
}
