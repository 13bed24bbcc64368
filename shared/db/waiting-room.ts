// shared/db/waiting-room.ts
// Purpose: how many requests, and how many bytes of them, may wait to be written; beyond that a 503 at once.
// Why: memory stays flat however fast clients send, and they are told to come again instead of waiting for ever.
// Relevant files: shared/db/postgres-writer.ts, shared/db/write-queue.ts

import { Problem } from '../errors.ts';

const WAITING_MAX = 2_000;
const WAITING_BYTES_MAX = 32 * 1024 * 1024;

export class WaitingRoom {
  #count = 0;
  #bytes = 0;

  /** Throws a 503 where there is no room; a single request of any size finds room in an empty one. Call what it returns once. */
  enter(bytes = 0): () => void {
    const isFull = this.#count >= WAITING_MAX || (this.#bytes > 0 && this.#bytes + bytes > WAITING_BYTES_MAX);
    if (isFull)
      throw new Problem(
        503,
        'More is being logged than the disk takes in: nothing of this request was stored, try again.',
      );
    this.#count += 1;
    this.#bytes += bytes;
    return () => {
      this.#count -= 1;
      this.#bytes -= bytes;
    };
  }
}
