// shared/db/underway.ts
// Purpose: statements that were sent to PostgreSQL and whose answers nobody has waited for yet.
// Why: each wait is a journey to the server and back; of many statements on their way the first failure is the one that tells.
// Relevant files: shared/db/postgres-writer.ts, shared/db/store.ts

export class UnderWay {
  #answers: Promise<unknown>[] = [];

  add(answer: Promise<unknown>): void {
    // It is asked for later: until then a failure must not count as one that nobody looks at.
    answer.catch(() => undefined);
    this.#answers.push(answer);
  }

  /** Waits for all of them; throws the first failure: those after it only say that the transaction is lost. */
  async arrive(): Promise<void> {
    const answers = this.#answers;
    this.#answers = [];
    const failed = (await Promise.allSettled(answers)).find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
