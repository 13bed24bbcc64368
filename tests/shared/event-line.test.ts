// tests/shared/event-line.test.ts
// Purpose: a client that does not read costs no memory, and when it reads again it gets the newest state.
// Why: laptops sleep with pages open; a queue for each of them would grow for ever.
// Relevant files: shared/http/event-line.ts, shared/http/broadcast.ts

import { connect, type AddressInfo } from 'node:net';
import sse from '@fastify/sse';
import Fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { Broadcast, type Watcher } from '../../shared/http/broadcast.ts';
import { openLine, type EventLine } from '../../shared/http/event-line.ts';

const STATES = 2_000;

it('while nothing is taken, only the newest state waits', async () => {
  const app = Fastify();
  onTestFinished(() => app.close());
  await app.register(sse.default);
  let line: EventLine | undefined;
  let held = (): number => NaN;
  app.get('/', { sse: true }, (_request, reply) => {
    held = () => reply.raw.writableLength;
    line = openLine(reply, () => undefined);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    // From the first byte on it reads no more.
    socket.pause();
  });
  socket.write('GET / HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n\r\n');
  await expect.poll(() => text).toContain('text/event-stream');
  const long = 'x'.repeat(20_000);
  for (let n = 1; n <= STATES; n += 1) {
    line?.tell(`${n} ${long}`);
    if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(held()).toBeLessThan(1_000_000);
  socket.removeAllListeners('data');
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.resume();
  await expect.poll(() => text.includes(`id: ${STATES} x`)).toBe(true);
  // Each state has its text twice, as id and as data: what was overtaken was never sent.
  expect(text.length).toBeLessThan(STATES * long.length);
});

it('a look that fails loses nothing: it is tried again', async () => {
  let state = 'a';
  let isBroken = true;
  const told: string[] = [];
  const broadcast = new Broadcast({
    look: async (topics) => {
      if (isBroken) throw new Error('busy');
      return new Map(topics.map((topic) => [topic, state]));
    },
    pause: 1,
    start: () => () => told.push('rest'),
  });
  const watcher: Watcher = { topic: '1', seen: 'a', tell: (one) => void told.push(one) };
  const stop = broadcast.watch(watcher);
  state = 'b';
  broadcast.wake();
  await new Promise((resolve) => setTimeout(resolve, 20));
  isBroken = false;
  await expect.poll(() => told).toEqual(['b']);
  broadcast.wake();
  await new Promise((resolve) => setTimeout(resolve, 20));
  stop();
  expect(told).toEqual(['b', 'rest']);
  expect(broadcast.size).toBe(0);
});
