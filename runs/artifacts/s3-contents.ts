// runs/artifacts/s3-contents.ts
// Purpose: contents of artifacts in S3-compatible storage, at <prefix>/3f/3f2a… by their sha256.
// Why: several processes on several machines share them, and no disk of ours has to hold them.
// Relevant files: runs/artifacts/contents.ts, runs/artifacts/s3-client.ts, runs/artifacts/s3-owner.ts, shared/artifacts-place.ts

import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  checkSha256,
  contentsGone,
  Intake,
  type ByteRange,
  type Contents,
  type ContentSource,
  type Received,
  type SavedContent,
} from './contents.ts';
import { connect, problemOf, Trouble, troubleOf, type S3 } from './s3-client.ts';
import { checkOwner } from './s3-owner.ts';

/**
 * Up to this size contents are held in memory and written once, with their name known. What is larger goes by parts of
 * this size (S3's smallest, two at a time, and no more is taken from the sender meanwhile) to a name of its own and is copied, inside S3.
 */
export const PART_BYTES = 5 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
/** S3 copies 5 GiB, the largest artifact, in one step; that takes a while. */
const COPY_TIMEOUT_MS = 10 * 60 * 1000;

export class S3Contents implements Contents {
  readonly place: string;
  readonly #bucket: string;
  readonly #prefix: string;
  #connection: Promise<S3> | undefined;
  /** Contents, by their sha256, that are being written. */
  readonly #keeping = new Map<string, Promise<void>>();

  /** `place` is s3://bucket or s3://bucket/prefix */
  constructor(place: string) {
    this.place = place;
    const [bucket = '', ...prefix] = place.slice('s3://'.length).split('/');
    this.#bucket = bucket;
    this.#prefix = prefix.map((name) => `${name}/`).join('');
  }

  async receive(source: ContentSource, limit: number): Promise<Received> {
    const intake = new Intake();
    const chunks = intake.chunks(source, limit);
    const beginning = await take(chunks, PART_BYTES);
    if (!beginning.isWhole) return this.#receiveLarge(intake, beginning.chunks, chunks);
    const saved = intake.saved();
    const bytes = Buffer.concat(beginning.chunks);
    const keep = (): Promise<void> => this.#once(saved, () => this.#put(this.#key(saved.sha256), bytes));
    return { ...saved, keep, discard: () => Promise.resolve() };
  }

  async #receiveLarge(
    intake: Intake,
    beginning: Uint8Array[],
    rest: AsyncGenerator<Uint8Array, void>,
  ): Promise<Received> {
    const Key = `${this.#prefix}parts/${randomUUID()}`;
    await this.#ask(async ({ client }) => {
      const { Upload } = await import('@aws-sdk/lib-storage');
      const Body = Readable.from(joined(beginning, rest));
      const params = { Bucket: this.#bucket, Key, Body };
      // When it fails it tells S3 to forget the parts (AbortMultipartUpload), then rejects.
      await new Upload({ client, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done();
    }).catch((error: unknown) => {
      throw intake.failure ?? error;
    });
    const saved = intake.saved();
    const keep = (): Promise<void> => this.#once(saved, () => this.#copy(Key, saved));
    return { ...saved, keep, discard: () => this.#delete(Key).catch(() => undefined) };
  }

  async open(
    sha256: string,
    { range, signal }: { range?: ByteRange | undefined; signal?: AbortSignal } = {},
  ): Promise<Readable> {
    const Range = range && `bytes=${range.start}-${range.end}`;
    const params = { Bucket: this.#bucket, Key: this.#key(sha256), ...(Range === undefined ? {} : { Range }) };
    const options = signal ? { abortSignal: signal } : {};
    try {
      const { Body } = await this.#ask(({ sdk, client }) => client.send(new sdk.GetObjectCommand(params), options));
      return Body as Readable;
    } catch (error) {
      throw troubleOf(error) === Trouble.Missing ? contentsGone(sha256, 'storage') : error;
    }
  }

  async sizeOf(sha256: string): Promise<number | undefined> {
    const params = { Bucket: this.#bucket, Key: this.#key(sha256) };
    try {
      return (await this.#ask(({ sdk, client }) => client.send(new sdk.HeadObjectCommand(params)))).ContentLength;
    } catch (error) {
      if (troubleOf(error) === Trouble.Missing) return undefined;
      throw error;
    }
  }

  /** No other database has anything below this prefix (see `check`): what was claimed can go. */
  async remove(sha256: string): Promise<boolean> {
    await this.#delete(this.#key(sha256));
    return true;
  }

  /** At most a thousand of each at a time; the next sweep takes the next. */
  async removeParts(before: number): Promise<number> {
    const where = { Bucket: this.#bucket, Prefix: `${this.#prefix}parts/` };
    const isOld = (at: Date | undefined): boolean => at !== undefined && at.getTime() < before;
    return this.#ask(async ({ sdk, client }) => {
      const { Contents = [] } = await client.send(new sdk.ListObjectsV2Command(where));
      const objects = Contents.filter(({ LastModified }) => isOld(LastModified));
      for (const { Key = '' } of objects) await this.#delete(Key);
      const { Uploads = [] } = await client.send(new sdk.ListMultipartUploadsCommand(where));
      const uploads = Uploads.filter(({ Initiated }) => isOld(Initiated));
      for (const { Key, UploadId } of uploads)
        await client.send(new sdk.AbortMultipartUploadCommand({ Bucket: this.#bucket, Key, UploadId }));
      return objects.length + uploads.length;
    });
  }

  async check(owner: string): Promise<void> {
    const s3 = await (this.#connection ??= connect());
    await checkOwner(s3, { place: this.place, bucket: this.#bucket, key: `${this.#prefix}tracker.json` }, owner);
  }

  #key(sha256: string): string {
    return `${this.#prefix}${checkSha256(sha256).slice(0, 2)}/${sha256}`;
  }

  /** Equal contents that come at once are written once: storage may refuse writes of one key that meet each other. */
  #once({ sha256 }: SavedContent, write: () => Promise<void>): Promise<void> {
    const known = this.#keeping.get(sha256);
    if (known) return known;
    const keeping = write().finally(() => this.#keeping.delete(sha256));
    this.#keeping.set(sha256, keeping);
    return keeping;
  }

  async #put(Key: string, Body: Uint8Array): Promise<void> {
    await this.#ask(({ sdk, client }) => client.send(new sdk.PutObjectCommand({ Bucket: this.#bucket, Key, Body })));
  }

  async #copy(from: string, { sha256 }: SavedContent): Promise<void> {
    const CopySource = encodeURI(`${this.#bucket}/${from}`);
    const params = { Bucket: this.#bucket, Key: this.#key(sha256), CopySource };
    const options = { requestTimeout: COPY_TIMEOUT_MS };
    await this.#ask(({ sdk, client }) => client.send(new sdk.CopyObjectCommand(params), options));
  }

  async #delete(Key: string): Promise<void> {
    await this.#ask(({ sdk, client }) => client.send(new sdk.DeleteObjectCommand({ Bucket: this.#bucket, Key })));
  }

  async #ask<T>(work: (s3: S3) => Promise<T>): Promise<T> {
    try {
      return await work(await (this.#connection ??= connect()));
    } catch (error) {
      throw troubleOf(error) === Trouble.Missing ? error : problemOf(error);
    }
  }
}

/** Chunks until there are more than `bytes` of them; the rest is still to be read. */
async function take(
  source: AsyncGenerator<Uint8Array, void>,
  bytes: number,
): Promise<{ chunks: Uint8Array[]; isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  for (let size = 0; size <= bytes;) {
    const { value, done } = await source.next();
    if (done) return { chunks, isWhole: true };
    chunks.push(value);
    size += value.length;
  }
  return { chunks, isWhole: false };
}

async function* joined(beginning: Uint8Array[], rest: AsyncGenerator<Uint8Array, void>): AsyncGenerator<Uint8Array> {
  // Emptied as it goes: it is up to a part's size of memory.
  for (let chunk = beginning.shift(); chunk; chunk = beginning.shift()) yield chunk;
  // Not yield*: that would hand an upload's failure on to the source, as if it were the source's own.
  for await (const chunk of rest) yield chunk;
}
