// runs/artifacts/artifact-receiving.ts
// Purpose: takes an upload in: refused before it is read where that can be known, streamed to its place, then named.
// Why: runs and models, our own API and MLflow's, take files of any size and type in one and the same way.
// Relevant files: runs/artifacts/artifact-routes.ts, runs/artifacts/artifact-store.ts, runs/artifacts/artifact-queries.ts

import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Db, Store } from '../../shared/db/store.ts';
import { Problem } from '../../shared/errors.ts';
import type { App } from '../../shared/http/types.ts';
import { LIMITS } from '../../shared/limits.ts';
import { checkPath } from './artifact-path.ts';
import { checkPathIsFree, recordArtifact, type ArtifactFile } from './artifact-queries.ts';
import { saveArtifact } from './artifact-store.ts';
import { tooLarge, type Contents } from './contents.ts';
import { dropContents } from './dropped-changes.ts';

export interface Upload {
  /** Id of a run or of a logged model. */
  owner: string;
  path: string;
  /** Throws where the owner takes no files. */
  check: (db: Db) => Promise<unknown>;
  /** The same within the transaction that names the file; says of the owner that it changed. */
  touch: (tx: Db) => Promise<unknown>;
}

/** Of a route that takes uploads: as large as they may be, and a file that is sent as gzip is kept as gzip. */
export const uploadOptions = { bodyLimit: LIMITS.artifact, decompress: false } as const;

/** In a plugin of its own: any type of body, JSON too, is passed on as it arrives. */
export function passBodiesOn(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

export async function receiveArtifact(
  store: Store,
  contents: Contents,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { owner, path, check, touch }: Upload,
): Promise<{ row: ArtifactFile; created: boolean }> {
  // Before anything is read: a wrong upload of gigabytes learns it at once.
  await check(store.read);
  await checkPathIsFree(store.read, owner, checkPath(path));
  if (Number(request.headers['content-length'] ?? 0) > LIMITS.artifact) {
    reply.header('connection', 'close');
    throw tooLarge(LIMITS.artifact);
  }
  const saved = await saveArtifact(store, contents, bodyOf(request)).catch((error: unknown) => {
    if (!request.raw.complete && request.raw.destroyed) throw new Problem(400, 'The upload ended half-way.');
    // What still comes of a refused upload is read and let go: the connection would wait for it, and the next request with it.
    request.raw.resume();
    throw error;
  });
  const recorded = store.write(async (tx) => {
    await touch(tx);
    return recordArtifact(tx, owner, { path, ...saved }, Date.now());
  });
  return recorded.catch(async (error: unknown) => {
    // Refused after all (another upload took the name, the run went to the trash): nobody has the contents.
    if (error instanceof Problem) await store.write((tx) => dropContents(tx, saved.sha256, Date.now()));
    throw error;
  });
}

/** The body as it arrives; a request without one has an empty artifact. */
function bodyOf(request: FastifyRequest): Readable | Uint8Array {
  return request.body instanceof Readable ? request.body : new Uint8Array();
}
