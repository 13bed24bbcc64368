// shared/http/broadcast.ts
// Purpose: tells everybody who watches the same thing that it has changed: one look for all, a few times a second at most.
// Why: points arrive by the thousand and many people watch; neither may cost more than one small query now and then.
// Relevant files: experiments/live-routes.ts, shared/http/event-line.ts, shared/db/changes.ts

/** What is watched, as `look` understands it: `5,7`; '' for all. */
export type Topic = string;

export interface Watcher {
  topic: Topic;
  /** The state that the watcher has seen. */
  seen: string;
  /** Called with every state that is another one than was seen. */
  tell: (state: string) => void;
}

export interface BroadcastOptions {
  /** The states of these topics as they are now. */
  look: (topics: Topic[]) => Promise<Map<Topic, string>>;
  /** Two looks are at least so far apart, ms. */
  pause: number;
  /** Called when the first watcher comes; what it returns, when the last one has gone. */
  start: () => () => void;
}

export class Broadcast {
  readonly #watchers = new Set<Watcher>();
  readonly #options: BroadcastOptions;
  #stop: (() => void) | undefined;
  #next: NodeJS.Timeout | undefined;
  #isLooking = false;
  #lookedAt = -Infinity;

  constructor(options: BroadcastOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#watchers.size;
  }

  /** A look is coming anyway: nobody needs to find out whether there is a reason for one. */
  get isAwake(): boolean {
    return this.#next !== undefined;
  }

  topics(): Topic[] {
    return [...new Set([...this.#watchers].map(({ topic }) => topic))];
  }

  /** What has changed since `seen` is told at once. Returns what ends it. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    this.#stop ??= this.#options.start();
    this.wake();
    return () => {
      if (this.#watchers.delete(watcher) && this.#watchers.size === 0) this.#rest();
    };
  }

  /** Something may have changed: looks at once, or when the pause since the last look is over. */
  wake(): void {
    if (this.#next || this.#watchers.size === 0) return;
    const wait = Math.max(0, this.#lookedAt + this.#options.pause - performance.now());
    this.#next = setTimeout(() => void this.#look(), wait);
  }

  #rest(): void {
    clearTimeout(this.#next);
    this.#next = undefined;
    this.#stop?.();
    this.#stop = undefined;
  }

  async #look(): Promise<void> {
    this.#next = undefined;
    // A look that takes longer than the pause is not overtaken.
    if (this.#isLooking) return this.wake();
    this.#isLooking = true;
    this.#lookedAt = performance.now();
    try {
      const states = await this.#options.look(this.topics());
      for (const watcher of this.#watchers) tellIfNew(watcher, states.get(watcher.topic));
    } catch {
      // The database is busy: what changed is told when it is not.
      this.wake();
    } finally {
      this.#isLooking = false;
    }
  }
}

function tellIfNew(watcher: Watcher, state: string | undefined): void {
  if (state === undefined || state === watcher.seen) return;
  watcher.seen = state;
  watcher.tell(state);
}
