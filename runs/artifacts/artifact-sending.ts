// runs/artifacts/artifact-sending.ts
// Purpose: answers a request for an artifact's contents: whole, a range, not modified, headers only.
// Why: checkpoints are gigabytes: downloads go on where they stopped, and a HEAD reads no file.
// Relevant files: runs/artifacts/artifact-routes.ts, runs/artifacts/contents.ts, runs/artifacts/artifact-kinds.ts

import type { FastifyReply, FastifyRequest } from 'fastify';
import parseRange from 'range-parser';
import { Problem } from '../../shared/errors.ts';
import { isKnown } from '../../shared/http/unchanged.ts';
import { disposition, servedAs } from './artifact-kinds.ts';
import type { ArtifactFile } from './artifact-queries.ts';
import type { ByteRange, Contents } from './contents.ts';

export async function sendArtifact(
  request: FastifyRequest,
  reply: FastifyReply,
  contents: Contents,
  row: ArtifactFile,
  download: boolean,
): Promise<FastifyReply> {
  const { type, inline } = servedAs(row.path);
  const etag = `"${row.sha256}"`;
  reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    // Whatever is in the file, opened in a browser it can neither run nor load anything.
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  });
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
  const range = rangeOf(request, row.size, etag);
  if (range === -1) {
    reply.header('content-range', `bytes */${row.size}`);
    throw new Problem(416, `The artifact has ${row.size} bytes: the range lies beyond them.`);
  }
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${row.size}`);
  reply.type(type).headers({
    'content-disposition': disposition(row.path, inline && !download),
    'content-length': range ? range.end - range.start + 1 : row.size,
  });
  if (request.method === 'HEAD') return reply.send();
  return reply.send(await contents.open(row.sha256, { range }));
}

/** The one range that is asked for; −1 beyond the end; undefined for the whole: also for several ranges, and for what is malformed. */
function rangeOf(request: FastifyRequest, size: number, etag: string): ByteRange | -1 | undefined {
  const { range, 'if-range': ifRange } = request.headers;
  if (range === undefined || request.method !== 'GET') return undefined;
  if (ifRange !== undefined && ifRange !== etag) return undefined;
  const ranges = parseRange(size, range, { combine: true });
  if (ranges === -1) return -1;
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}
