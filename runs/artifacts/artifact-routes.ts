// runs/artifacts/artifact-routes.ts
// Purpose: artifacts of a run over HTTP: upload, download with ranges, list, delete, and the page that shows one.
// Why: HTTP only: parse, call, answer; contents stream from and to their place and are never held in memory.
// Relevant files: runs/routes.ts, runs/artifacts/artifact-store.ts, runs/artifacts/artifact-queries.ts, runs/artifacts/artifact-sending.ts

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireExperiment } from '../../experiments/queries.ts';
import { Problem } from '../../shared/errors.ts';
import type { App } from '../../shared/http/types.ts';
import { dataOf, pageOf } from '../../shared/http/unchanged.ts';
import { runId } from '../../shared/schemas.ts';
import { showArtifact } from './artifact-page.ts';
import { checkPath } from './artifact-path.ts';
import { contentsUrl } from './artifact-preview.ts';
import { removeArtifact, requireArtifact } from './artifact-queries.ts';
import { passBodiesOn, receiveArtifact, uploadOptions } from './artifact-receiving.ts';
import { sendArtifact } from './artifact-sending.ts';
import { checkContents, contentsAt } from './artifact-store.ts';
import { startSweeping } from './artifact-sweep.ts';
import { onRun } from '../depends.ts';
import { touchRun } from '../ingest.ts';
import { artifactsOf, requireRun } from '../queries.ts';
import { artifactList, artifactOut, runParams } from '../schemas.ts';

const tags = ['artifacts'];
// The name is checked by checkPath, which says `path` where this would say `*`.
const params = z.object({ id: runId, '*': z.string().describe('Names separated by /.') });
const querystring = z.strictObject({ download: z.string().optional().describe('Give it to save instead of show.') });
const contentsOut = {
  description: 'The contents.',
  content: { 'application/octet-stream': { schema: z.unknown().meta({ type: 'string', format: 'binary' }) } },
};
type Where = z.infer<typeof params>;

export async function installArtifacts(app: App): Promise<void> {
  const { store, settings } = app;
  const contents = contentsAt(settings.artifacts);
  await checkContents(store, contents).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error;
    // The storage does not answer: everything else is served, and it may come back.
    app.log.warn(`ARTIFACTS_URL (--artifacts) ${contents.place}: ${error.message}`);
  });
  passBodiesOn(app);
  startSweeping(app);

  app.get(
    '/api/runs/:id/artifacts',
    {
      schema: { tags, summary: 'Artifacts of a run.', params: runParams, response: { 200: artifactList } },
      config: dataOf(onRun(store)),
    },
    async (request) => {
      const run = await requireRun(store.read, request.params.id);
      const items = await artifactsOf(store.read, [run.id]);
      return { items, next_cursor: null, total: items.length };
    },
  );

  app.put(
    '/api/runs/:id/artifacts/*',
    {
      ...uploadOptions,
      schema: {
        tags,
        summary: 'Upload an artifact, or replace one.',
        description: 'The body is the contents, as they are, of any type.',
        params,
        response: { 200: artifactOut, 201: artifactOut },
      },
    },
    async (request, reply) => {
      const { id, '*': path } = request.params;
      const { row, created } = await receiveArtifact(
        store,
        contents,
        { request, reply },
        {
          owner: id,
          path,
          check: (db) => requireRun(db, id),
          touch: async (tx) => touchRun(tx, await requireRun(tx, id), Date.now()),
        },
      );
      return reply
        .code(created ? 201 : 200)
        .header('location', contentsUrl({ ...row, run_id: id }))
        .send(row);
    },
  );

  const send = async (
    request: FastifyRequest<{ Params: Where; Querystring: z.infer<typeof querystring> }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const row = await find(request.params);
    return sendArtifact(request, reply, contents, row, request.query.download !== undefined);
  };
  const sending = { compress: false, exposeHeadRoute: false } as const;
  app.head('/api/runs/:id/artifacts/*', { ...sending, schema: { hide: true, params, querystring } }, send);
  app.get(
    '/api/runs/:id/artifacts/*',
    {
      ...sending,
      schema: {
        tags,
        summary: 'Contents of an artifact.',
        description: 'With `Range` (206, 416), `If-Range`, `If-None-Match` (304); the ETag is the sha256.',
        params,
        querystring,
        response: { 200: contentsOut, 206: contentsOut },
      },
    },
    send,
  );

  app.delete(
    '/api/runs/:id/artifacts/*',
    { schema: { tags, summary: 'Delete an artifact.', params, response: { 204: z.null().describe('It is gone.') } } },
    async (request, reply) => {
      const { id, '*': name } = request.params;
      await store.write(async (tx) => {
        const run = await requireRun(tx, id);
        if (await removeArtifact(tx, id, checkPath(name), Date.now())) await touchRun(tx, run, Date.now());
      });
      return reply.code(204).send(null);
    },
  );

  const shown = { schema: { hide: true, params }, config: pageOf(onRun(store)) };
  app.get('/runs/:id/artifacts/*', shown, async (request, reply) => {
    const run = await requireRun(store.read, request.params.id);
    const row = { ...(await find(request.params)), run_id: run.id };
    const experiment = await requireExperiment(store.read, run.experiment_id);
    const crumbs = [
      { name: 'Experiments', href: '/experiments' },
      { name: experiment.name, href: `/experiments/${experiment.id}` },
      { name: run.name, href: `/runs/${run.id}` },
    ];
    return reply.page('runs/artifact.html', await showArtifact(contents, { name: run.name, crumbs }, row, request.now));
  });

  async function find({ id, '*': name }: Where): ReturnType<typeof requireArtifact> {
    const run = await requireRun(store.read, id);
    return requireArtifact(store.read, run.id, checkPath(name));
  }
}
