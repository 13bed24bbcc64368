// tests/support/patient.ts
// Purpose: `fetch` of the tests waits for a connection as long as the test may last, not ten seconds.
// Why: server and test share a process; on a busy machine it reads modules for longer than that before it accepts.
// Relevant files: vitest.config.ts, tests/support/tracker.ts

/** Where Node keeps what `fetch` sends by. Not its own module's: that is not open to others. */
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');
type Dispatcher = { constructor: new (options: { connect: { timeout: number } }) => Dispatcher };
const place = globalThis as unknown as Record<symbol, Dispatcher | undefined>;

await fetch('data:,'); // makes it
const usual = place[DISPATCHER];
if (usual) place[DISPATCHER] = new usual.constructor({ connect: { timeout: 300_000 } });
