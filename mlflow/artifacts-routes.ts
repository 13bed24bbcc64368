// mlflow/artifacts-routes.ts
// Purpose: MLflow's artifacts: the proxy (put, get, list, delete), lists and downloads of runs and logged models.
// Why: HTTP only: parse, call, answer. Bodies are bytes: a scope with parsers of its own.
// Relevant files: mlflow/artifact-place.ts, mlflow/serve.ts, runs/artifacts/artifact-receiving.ts, models/owner-changes.ts

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { findLoggedModel } from '../models/logged-queries.ts';
import { requireReadable, requireWritable, touchOwner } from '../models/owner-changes.ts';
import { requireVersion } from '../models/registry-queries.ts';
import { entriesOf, findArtifact, removeTree, type FolderEntry } from '../runs/artifacts/artifact-queries.ts';
import { passBodiesOn, receiveArtifact, uploadOptions } from '../runs/artifacts/artifact-receiving.ts';
import { sendArtifact } from '../runs/artifacts/artifact-sending.ts';
import { contentsAt } from '../runs/artifacts/artifact-store.ts';
import type { App } from '../shared/http/types.ts';
import { placeOf, safePath, type ArtifactPlace } from './artifact-place.ts';
import { invalid, missing, MlflowError } from './errors.ts';
import { required, text, withRun } from './fields.ts';
import { oneModelUri, runUri, versionUri } from './locations.ts';
import { modelIdParams, versionOf } from './model-fields.ts';
import { check, PREFIXES, sendJson, serve, served, type Method } from './serve.ts';
import { someOf } from './wire.ts';

const PATH_MAX = 2_000;
const FILES = '/2.0/mlflow-artifacts/artifacts';
const anyPath = z.object({ '*': z.string() });

export function installArtifacts(app: App): void {
  installLists(app);
  void app.register(installFiles);
  // A client that was told to send or fetch in parts goes on with the plain way when the message begins like this.
  for (const step of ['create', 'complete', 'abort'])
    serve(app, 'POST', `/2.0/mlflow-artifacts/mpu/${step}/*`, anyPath, () =>
      Promise.reject(noParts('Multipart upload')),
    );
  serve(app, 'GET', '/2.0/mlflow-artifacts/presigned/*', anyPath, () => Promise.reject(noParts('Presigned download')));
}

function noParts(what: string): MlflowError {
  return new MlflowError('NOT_IMPLEMENTED', `${what} is not supported for the current artifact repository.`);
}

const listQuery = withRun({ path: text(PATH_MAX).default('') });
const foldersQuery = modelIdParams.extend({ artifact_directory_path: text(PATH_MAX).default('') });

function installLists(app: App): void {
  const { read } = app.store;
  serve(app, 'GET', FILES, z.object({ path: text(PATH_MAX).default('') }), async ({ path }) => {
    const place = path === '' ? undefined : placeOf(path);
    const entries = place ? await entriesOf(read, place.owner, place.path) : [];
    return { files: someOf(entries.map((entry) => fileView(entry, entry.path.split('/').at(-1)))) };
  });

  serve(app, 'GET', '/2.0/mlflow/artifacts/list', listQuery, async ({ run_id, path }) => {
    const folder = safePath(path);
    return { root_uri: await runUri(read, run_id), ...(await filesIn(run_id, folder)) };
  });

  serve(app, 'GET', '/2.0/mlflow/logged-models/:model_id/artifacts/directories', foldersQuery, async (asked) => {
    const folder = safePath(asked.artifact_directory_path);
    const model = await findLoggedModel(read, asked.model_id);
    if (!model) throw missing(`Logged model with id=${asked.model_id}`);
    return { root_uri: await oneModelUri(read, model), ...(await filesIn(model.id, folder)) };
  });

  async function filesIn(owner: string, folder: string): Promise<object> {
    return { files: someOf((await entriesOf(read, owner, folder)).map((entry) => fileView(entry))) };
  }
}

function fileView({ path, size }: FolderEntry, name = path): object {
  return { path: name, is_dir: size === null, file_size: size ?? undefined };
}

const runFile = withRun({ path: required(PATH_MAX) });
const modelFile = modelIdParams.extend({ artifact_file_path: required(PATH_MAX) });
const versionFile = versionOf.extend({ path: required(PATH_MAX) });

/** What streams: neither bodies nor answers are JSON. */
async function installFiles(app: App): Promise<void> {
  const { store, settings } = app;
  const contents = contentsAt(settings.artifacts);
  passBodiesOn(app);

  route(app, 'PUT', FILES_BELOW, async (request, reply) => {
    const { owner, path } = requirePlace(request);
    const upload = {
      ...{ owner, path },
      check: () => requireWritable(store.read, owner),
      touch: (tx: typeof store.read) => touchOwner(tx, owner, Date.now()),
    };
    await receiveArtifact(store, contents, { request, reply }, upload);
    return reply.send('');
  });

  route(app, 'GET', FILES_BELOW, (request, reply) => send(request, reply, requirePlace(request)));

  route(app, 'DELETE', FILES_BELOW, async (request, reply) => {
    const place = placeOf(pathOf(request));
    if (place)
      await store.write(async (tx) => {
        if ((await removeTree(tx, place.owner, place.path, Date.now())) > 0)
          await touchOwner(tx, place.owner, Date.now());
      });
    return sendJson(reply, {});
  });

  /** Always as a download: whatever is in it, it cannot run as a page of this site. */
  async function send(
    request: FastifyRequest,
    reply: FastifyReply,
    { owner, path }: ArtifactPlace,
  ): Promise<FastifyReply> {
    await requireReadable(store.read, owner);
    const file = await findArtifact(store.read, owner, path);
    if (!file) throw missing(`Artifact ${JSON.stringify(path)}`);
    return sendArtifact(request, reply, contents, file, true);
  }

  const forRun = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { run_id, path } = check(runFile, request.query);
    return send(request, reply, { owner: run_id, path: safePath(path) });
  };
  app.get('/get-artifact', options, forRun);
  route(app, 'GET', '/2.0/mlflow/get-artifact', forRun);

  route(app, 'GET', '/2.0/mlflow/logged-models/:model_id/artifacts/files', (request, reply) => {
    const asked = check(modelFile, { ...(request.query as object), ...(request.params as object) });
    return send(request, reply, { owner: asked.model_id, path: safePath(asked.artifact_file_path) });
  });

  const forVersion = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { name, version, path } = check(versionFile, request.query);
    const root = await versionUri(store.read, await requireVersion(store.read, name, version));
    const place = placeOf(`${root.replace(/^mlflow-artifacts:\/+/, '')}/${safePath(path)}`);
    if (!place) throw invalid(`The files of this version are not kept here, but at ${root}.`);
    return send(request, reply, place);
  };
  app.get('/model-versions/get-artifact', options, forVersion);
}

const FILES_BELOW = `${FILES}/*`;
const options = { schema: { hide: true }, compress: false } as const;

function route(
  app: App,
  method: Method,
  path: string,
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
): void {
  served.add(`${method} ${path}`);
  for (const prefix of PREFIXES) app.route({ ...options, ...uploadOptions, method, url: prefix + path, handler });
}

function pathOf(request: FastifyRequest): string {
  return (request.params as { '*': string })['*'];
}

/** A file's place. */
function requirePlace(request: FastifyRequest): ArtifactPlace {
  const path = pathOf(request);
  const place = placeOf(path);
  if (!place || place.path === '')
    throw invalid(`Invalid path: ${JSON.stringify(path)} is not a file below <id of a run or model>/artifacts/.`);
  return place;
}
