// bench/load-process.ts
// Purpose: the load: keep-alive sockets that send prepared bytes and time the answers, in a process of its own.
// Why: a client library costs more than the server it measures; only the digits that must change are written anew.
// Relevant files: bench/load.ts, bench/load-types.ts, bench/load-socket.ts

import { openSocket, type LoadSocket } from './load-socket.ts';
import { COUNTER, COUNTER_FROM, RUN_ID, type Job, type LoadResult, type Reply, type Step } from './load-types.ts';

/** Never starts again, so that no step of any run comes twice, whatever jobs follow. */
let counter = COUNTER_FROM;

interface Prepared {
  bytes: Buffer;
  counters: number[];
  ids: number[];
  keepsRunId: boolean;
  untimed: boolean;
}

function prepare(step: Step, host: string): Prepared {
  const body = step.body ?? '';
  const type = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  const bytes = Buffer.from(`${step.method} ${step.path} HTTP/1.1\r\nhost: ${host}\r\n${type}\r\n${body}`);
  const counters = placesOf(bytes, COUNTER);
  return {
    bytes,
    counters,
    ids: placesOf(bytes, RUN_ID),
    keepsRunId: step.keepsRunId ?? false,
    untimed: step.untimed ?? false,
  };
}

function placesOf(bytes: Buffer, mark: string): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) places.push(at);
  return places;
}

function write(bytes: Buffer, places: number[], text: Buffer): void {
  for (const at of places) for (let i = 0; i < text.length; i += 1) bytes[at + i] = text[i] ?? 0;
}

async function turn(socket: LoadSocket, steps: Prepared[]): Promise<{ bytes: number; ms: number }> {
  const digits = Buffer.from(String((counter += 1)));
  const sum = { bytes: 0, ms: 0 };
  let id = Buffer.alloc(0);
  for (const step of steps) {
    const start = performance.now();
    write(step.bytes, step.counters, digits);
    if (id.length > 0) write(step.bytes, step.ids, id);
    const answer = await socket.ask(step.bytes);
    if (step.keepsRunId) id = Buffer.from(/"(?:run_)?id":\s*"([0-9a-f]{32})"/.exec(answer.toString())?.[1] ?? '');
    if (step.untimed) continue;
    sum.ms += performance.now() - start;
    sum.bytes += answer.length;
  }
  return sum;
}

async function run(job: Job): Promise<LoadResult> {
  const urls = [job.url].flat().map((url) => new URL(url));
  const urlOf = (i: number): URL => urls[i % urls.length] as URL;
  const sockets = await Promise.all(
    job.connections.map((_, i) => openSocket(urlOf(i).hostname, Number(urlOf(i).port))),
  );
  const times: number[] = [];
  let bytes = 0;
  let left = job.turns ?? Infinity;
  const start = performance.now();
  const until = start + job.seconds * 1000;
  const work = async (socket: LoadSocket, steps: Prepared[]): Promise<void> => {
    // Once at least: of none there is no figure, and on a busy machine a tenth of a second may pass before the first.
    for (let isFirst = true; (isFirst || performance.now() < until) && left > 0; isFirst = false) {
      left -= 1;
      const done = await turn(socket, steps);
      bytes += done.bytes;
      times.push(done.ms);
    }
  };
  const all = job.connections.map((steps, i) => steps.map((step) => prepare(step, urlOf(i).host)));
  try {
    await Promise.all(sockets.map((socket, i) => work(socket, all[i] ?? [])));
  } finally {
    for (const socket of sockets) socket.close();
  }
  const seconds = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
  return { turns: times.length, seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), bytes };
}

process.on('message', (job: Job) => {
  const answer = (reply: Reply): void => void process.send?.(reply);
  run(job).then(
    (result) => answer({ result }),
    (error: unknown) => answer({ error: String(error) }),
  );
});
process.send?.('ready');
