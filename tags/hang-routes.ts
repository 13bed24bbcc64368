// tags/hang-routes.ts
// Purpose: the JSON API of a tag on one run or experiment: hang it, take it off.
// Why: HTTP only: parse, call, answer.
// Relevant files: tags/hang-changes.ts, tags/hang-pages.ts, tags/schemas.ts, tags/routes.ts

import type { FastifyReply } from 'fastify';
import type { App } from '../shared/http/types.ts';
import { hangOnExperiment, hangOnRun, takeOffExperiment, takeOffRun, type Hanging } from './hang-changes.ts';
import { experimentTagParams, hangBody, hungTagOut, runTagParams } from './schemas.ts';

export function installHangApi(app: App): void {
  const { store } = app;
  const answers = { 200: hungTagOut.describe('It hung there already.'), 201: hungTagOut };
  const put = (what: string): { tags: string[]; summary: string; body: typeof hangBody; response: typeof answers } => ({
    tags: ['tags'],
    summary: `Hang a tag on ${what}, or change its value.`,
    body: hangBody,
    response: answers,
  });
  const remove = (what: string): { tags: string[]; summary: string } => ({
    tags: ['tags'],
    summary: `Take a tag off ${what}.`,
  });
  const sendHanging = (reply: FastifyReply, { tag, created }: Hanging): FastifyReply =>
    reply.code(created ? 201 : 200).send(tag);

  app.put(
    '/api/experiments/:id/tags/:key',
    { schema: { ...put('an experiment'), params: experimentTagParams } },
    async ({ params: { id, key }, body }, reply) =>
      sendHanging(reply, await store.write((tx) => hangOnExperiment(tx, id, key, body?.value ?? '', Date.now()))),
  );

  app.put(
    '/api/runs/:id/tags/:key',
    { schema: { ...put('a run'), params: runTagParams } },
    async ({ params: { id, key }, body }, reply) =>
      sendHanging(reply, await store.write((tx) => hangOnRun(tx, id, key, body?.value ?? '', Date.now()))),
  );

  app.delete(
    '/api/experiments/:id/tags/:key',
    { schema: { ...remove('an experiment'), params: experimentTagParams } },
    async ({ params: { id, key } }, reply) => {
      await store.write((tx) => takeOffExperiment(tx, id, key, Date.now()));
      return reply.code(204).send();
    },
  );

  app.delete(
    '/api/runs/:id/tags/:key',
    { schema: { ...remove('a run'), params: runTagParams } },
    async ({ params: { id, key } }, reply) => {
      await store.write((tx) => takeOffRun(tx, id, key, Date.now()));
      return reply.code(204).send();
    },
  );
}
