// tests/support/s3.ts
// Purpose: a real S3 server on a free port, buckets in it, and looks at what lies and hangs in a bucket.
// Why: what S3 promises (multipart, ranges, copies, who may write what) is met, not imagined.
// Relevant files: shared/setup/s3-server.js, runs/artifacts/s3-contents.ts, tests/support/tracker.ts

import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
  type _Object,
} from '@aws-sdk/client-s3';
import { ensureS3Server } from '../../shared/setup/s3-server.js';

export interface S3Server {
  client: S3Client;
  /** Sets AWS_… of this process, so that the tracker's own connections lead here. */
  freshBucket: () => Promise<string>;
  /** Keys below a prefix, without the one that says whose it is. */
  keys: (bucket: string, prefix?: string) => Promise<string[]>;
  objects: (bucket: string) => Promise<_Object[]>;
  /** Uploads that were begun and neither completed nor aborted. */
  unfinished: (bucket: string) => Promise<string[]>;
  /** At once, as a power cut; all that was in it is gone. */
  kill: () => Promise<void>;
  /** On the same port, empty. */
  restart: () => Promise<void>;
  /** It takes connections and answers nothing. */
  pause: () => void;
  resume: () => void;
  stop: () => Promise<void>;
}

export async function startS3(): Promise<S3Server> {
  const python = ensureS3Server();
  let running = await run(python, '0');
  const { port } = new URL(running.url);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'a-secret-of-the-tests' };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: running.url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  const client = new S3Client({ endpoint: running.url, region: 'us-east-1', credentials, forcePathStyle: true });
  const objects = async (Bucket: string): Promise<_Object[]> =>
    (await client.send(new ListObjectsV2Command({ Bucket }))).Contents ?? [];
  const kill = async (): Promise<void> => {
    const { child } = running;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode !== null || child.signalCode !== null || !child.kill('SIGKILL')) return;
    await ended;
  };
  return {
    client,
    freshBucket: async () => {
      const Bucket = `tracker-${randomBytes(6).toString('hex')}`;
      await client.send(new CreateBucketCommand({ Bucket }));
      return Bucket;
    },
    objects,
    keys: async (bucket, prefix = '') =>
      (await objects(bucket))
        .map(({ Key = '' }) => Key)
        .filter((key) => key.startsWith(prefix) && !key.endsWith('tracker.json')),
    unfinished: async (Bucket) =>
      ((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? []).map(({ Key = '' }) => Key),
    kill,
    restart: async () => {
      running = await run(python, port);
    },
    pause: () => void running.child.kill('SIGSTOP'),
    resume: () => void running.child.kill('SIGCONT'),
    stop: async () => {
      client.destroy();
      await kill();
    },
  };
}

/** Its first words say where it listens. */
function run(python: string, port: string): Promise<{ url: string; child: ChildProcess }> {
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', port];
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  process.once('exit', () => child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (text: Buffer): void => {
      said = (said + text.toString()).slice(-4000);
      const [, url] = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said) ?? [];
      if (url !== undefined) resolve({ url, child });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The S3 server ended with ${code}: ${said}`)));
  });
}
