// shared/db/postgres-changes.ts
// Purpose: tells the listeners of all processes on one PostgreSQL database which experiments changed (LISTEN/NOTIFY).
// Why: a page that is open on one process must hear of what is logged into another.
// Relevant files: shared/db/changes.ts, shared/db/postgres.ts, shared/db/postgres-writer.ts

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { ChangeFeed, type ChangeListener, type Changes } from './changes.ts';

const CHANNEL = 'tracker_changes';
/** Gathered for so long, ms, and sent after the commit: a NOTIFY inside of transactions makes their commits wait for each other. */
const GATHER_MS = 50;
/** Ids in one message: PostgreSQL takes 8,000 bytes. */
const IDS_MAX = 500;
const RETRY_MS = 1_000;

interface Message {
  from: string;
  ids: number[];
}

export class PostgresChanges implements Changes {
  readonly #feed = new ChangeFeed();
  readonly #process = randomUUID();
  readonly #config: pg.ClientConfig;
  readonly #pool: pg.Pool;
  readonly #toSend = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #sending = Promise.resolve();
  #listening: Promise<pg.Client | undefined> | undefined;
  #isClosed = false;

  constructor(config: pg.ClientConfig, pool: pg.Pool) {
    this.#config = config;
    this.#pool = pool;
  }

  on(listener: ChangeListener): () => void {
    this.#listening ??= this.#listen(false);
    return this.#feed.on(listener);
  }

  /** What this process committed: its own listeners hear it at once, those of others a moment later. */
  readonly tell = (ids: number[]): void => {
    if (ids.length === 0) return;
    this.#hear(ids);
    for (const id of ids) this.#toSend.add(id);
    this.#timer ??= setTimeout(() => this.#send(), GATHER_MS);
  };

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#send();
    await this.#sending;
    await (await this.#listening)?.end().catch(() => undefined);
  }

  #hear(ids: number[]): void {
    for (const id of ids) this.#feed.note(id);
    this.#feed.tell();
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ids = [...this.#toSend];
    this.#toSend.clear();
    for (let start = 0; start < ids.length; start += IDS_MAX) {
      const message: Message = { from: this.#process, ids: ids.slice(start, start + IDS_MAX) };
      const sent = this.#pool.query('select pg_notify($1, $2)', [CHANNEL, JSON.stringify(message)]);
      // Only a hint: a page that misses it is brought up to date by the next change.
      this.#sending = Promise.all([this.#sending, sent.catch(() => undefined)]).then(() => undefined);
    }
  }

  /** `again`: the connection was lost, and with it what others said meanwhile. */
  async #listen(again: boolean): Promise<pg.Client | undefined> {
    if (this.#isClosed) return undefined;
    const client = new pg.Client(this.#config);
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => {
      const { from, ids } = JSON.parse(payload ?? '') as Message;
      if (from !== this.#process) this.#hear(ids);
    });
    client.on('end', () => this.#listenLater());
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      if (again) await this.#hearOfAll(client);
    } catch {
      await client.end().catch(() => undefined);
    }
    return client;
  }

  #listenLater(): void {
    if (this.#isClosed) return;
    const later = new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    this.#listening = later.then(() => this.#listen(true));
  }

  /** Listeners look at the version, so that one told of too much does nothing. */
  async #hearOfAll(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ id: number }>('select id from experiments where trashed_at is null');
    this.#hear(rows.map(({ id }) => id));
  }
}
