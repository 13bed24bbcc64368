// tests/client/exactly-once.test.ts
// Purpose: server and clients are killed at random moments, fifty times in all; then every point that was logged is there, once.
// Why: "what is in the journal is sent later, exactly once" is the promise that lets a training trust the tracker.
// Relevant files: clients/python/tracker.py, tests/client/python.ts, tests/support/child.ts

import { randomInt } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { serveFrom, warmChild, type ChildServer } from '../support/child.ts';
import { freshFolder } from '../support/tracker.ts';
import { runSync, startScript, type Script } from './python.ts';

const SERVER_KILLS = 25;
const CLIENT_KILLS = 25;
const CLIENTS = 3;

/** Logs steps 0, 1, 2 … of two metrics and says each when `log` has returned; ends when its input does. */
const LOGS = `
import threading
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
run = tracker.start("killed", params={"pid": os.getpid()})
print("run", run.id, flush=True)
step = 0
while not over.is_set():
    run.log({"loss": step / 7, "accuracy": step}, step=step)
    os.write(1, b"%d\\n" % step)
    step += 1
    if step % 50 == 0: time.sleep(0.01)
run.finish(timeout=120)
print("lost", run.lost, flush=True)`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The run's id and the last step whose `log` had returned. */
function accountOf(script: Script): { run: string; last: number; killed: boolean } | undefined {
  const lines = script.out().split('\n');
  const run = /^run (\w+)$/.exec(lines[0] ?? '')?.[1];
  // The last piece is cut off, or empty.
  const steps = lines.slice(1, -1).filter((line) => /^\d+$/.test(line));
  return run === undefined
    ? undefined
    : { run, last: Number(steps.at(-1) ?? -1), killed: script.process.signalCode !== null };
}

test(`after ${SERVER_KILLS + CLIENT_KILLS} kills every point is there, once`, async () => {
  const [data, dir, port] = [freshFolder(), freshFolder(), await freePort()];
  for (const folder of [data, dir]) onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const serve = async (): Promise<ChildServer> => serveFrom(await warmChild(), data, '--port', String(port));
  const url = `http://127.0.0.1:${port}`;
  let server = await serve();
  const all: Script[] = [];
  const begin = (): Script => {
    const script = startScript(LOGS, { url, dir });
    all.push(script);
    return script;
  };

  const living = Array.from({ length: CLIENTS }, begin);
  let [servers, clients] = [0, 0];
  while (servers < SERVER_KILLS || clients < CLIENT_KILLS) {
    const next = warmChild();
    await setTimeout(randomInt(50, 400));
    if (clients < CLIENT_KILLS) {
      living.shift()?.process.kill('SIGKILL');
      living.push(begin());
      clients += 1;
    }
    if (servers < SERVER_KILLS) {
      await server.kill();
      if (servers % 3 === 0) await setTimeout(randomInt(1, 300));
      server = await serveFrom(await next, data, '--port', String(port));
      servers += 1;
    }
  }
  for (const script of living) script.process.stdin?.end();
  for (const script of living) {
    expect(await script.ended, script.errors()).toBe(0);
    expect(script.out()).toContain('\nlost 0\n');
  }
  await Promise.all(all.map((script) => script.ended));

  const sync = await runSync(dir, url);
  expect(sync.errors).toBe('');
  expect(sync.out).toMatch(/ journals sent, 0 refused, 0 in use/);
  expect(readdirSync(dir)).toEqual([]);
  await server.kill();
  expect(all.flatMap((script) => (/Traceback|Error/.test(script.errors()) ? script.errors() : []))).toEqual([]);
  const accounts = all.flatMap((script) => accountOf(script) ?? []);
  const points = expectEachOnce(path.join(data, 'tracker.db'), accounts);
  console.log(`exactly-once: ${accounts.length} runs, ${points} points, ${servers} + ${clients} kills`);
  expect(points).toBeGreaterThan(10 * (SERVER_KILLS + CLIENT_KILLS));
});

/** Steps 0, 1, 2 … of both metrics without a gap, at least up to the last that was said to be logged; returns how many. */
function expectEachOnce(file: string, accounts: { run: string; last: number; killed: boolean }[]): number {
  const db = new Database(file, { readonly: true });
  let points = 0;
  for (const { run, last, killed } of accounts) {
    for (const key of ['loss', 'accuracy']) {
      const found = db
        .prepare(
          `select p.step, p.value from points p join metrics m on m.run_seq = p.run_seq and m.no = p.no
            join runs r on r.seq = p.run_seq where r.id = ? and m.key = ? order by p.step`,
        )
        .all(run, key) as { step: number; value: number }[];
      expect(found.length, `${run} ${key}`).toBeGreaterThanOrEqual(last + 1);
      expect(found).toEqual(found.map((_, step) => ({ step, value: key === 'loss' ? step / 7 : step })));
      // One more may have been logged and not yet been said.
      expect(found.length).toBeLessThanOrEqual(last + (killed ? 2 : 1));
      points += found.length;
    }
    const { status } = db.prepare('select status from runs where id = ?').get(run) as { status: string };
    expect(status).toBe(killed ? RunStatus.Killed : RunStatus.Finished);
  }
  db.close();
  return points;
}
