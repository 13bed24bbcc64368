// shared/http/event-line.ts
// Purpose: one open connection of server-sent events: always the newest state, never a queue, dropped when nobody reads.
// Why: a sleeping laptop must cost neither memory nor a stop of the server that waits for it.
// Relevant files: shared/http/broadcast.ts, experiments/live-routes.ts

import type { FastifyReply } from 'fastify';

/** Who takes nothing for so long is gone. */
const PATIENCE_MS = 30_000;

export interface EventLine {
  /** Sends a state. While the one before is still leaving, only the newest waits. */
  tell: (state: string) => void;
  close: () => void;
}

/** Opens the line. `onClose` is called once, whoever ended it. */
export function openLine(reply: FastifyReply, onClose: () => void): EventLine {
  const { sse, raw } = reply;
  let waiting: string | undefined;
  let isLeaving = false;

  async function send(state: string): Promise<void> {
    isLeaving = true;
    const patience = setTimeout(() => raw.destroy(), PATIENCE_MS);
    try {
      // Resolves when there is room for more.
      await sse.send({ id: state, event: 'changed', data: state });
    } finally {
      clearTimeout(patience);
      isLeaving = false;
    }
    const next = waiting;
    waiting = undefined;
    if (next !== undefined && sse.isConnected) await send(next);
  }

  sse.keepAlive();
  sse.onClose(onClose);
  sse.sendHeaders();
  // The browser knows that it is connected before there is anything to tell.
  raw.flushHeaders();
  return {
    tell: (state) => {
      if (isLeaving) waiting = state;
      else if (sse.isConnected) send(state).catch(() => raw.destroy());
    },
    close: () => {
      sse.close();
      if (raw.writableLength > 0) raw.destroy();
    },
  };
}
