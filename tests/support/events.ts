// tests/support/events.ts
// Purpose: listens to server-sent events as a browser does, and waits for one.
// Why: tests count events and read the last one; none of them waits for a time to pass.
// Relevant files: tests/experiments/live.test.ts, experiments/live-routes.ts

import http from 'node:http';

export interface Events {
  headers: http.IncomingHttpHeaders;
  /** The ids of the events so far. */
  seen: string[];
  /** The first event, of those seen or those to come, that is asked for. */
  until: (isIt: (id: string) => boolean) => Promise<string>;
  /** When the server ends the stream. */
  ended: Promise<void>;
  close: () => void;
}

/** Rejects when the server answers anything but 200. */
export function listen(url: string, path: string, headers: Record<string, string> = {}): Promise<Events> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path, headers: { accept: 'text/event-stream', ...headers }, agent: false };
    const request = http.get(options, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        return reject(new Error(`${path} answers ${response.statusCode}`));
      }
      resolve(eventsOf(response, () => request.destroy()));
    });
    request.on('error', reject);
  });
}

function eventsOf(response: http.IncomingMessage, close: () => void): Events {
  const seen: string[] = [];
  let waiting: (() => void)[] = [];
  let text = '';
  response.on('data', (chunk: Buffer) => {
    const events = (text + chunk.toString()).split('\n\n');
    text = events.pop() ?? '';
    seen.push(...events.flatMap((event) => /^id: (.*)$/m.exec(event)?.[1] ?? []));
    for (const wake of waiting.splice(0)) wake();
  });
  const ended = new Promise<void>((resolve) => {
    for (const name of ['end', 'close', 'error']) response.once(name, () => resolve());
  });
  const until: Events['until'] = async (isIt) => {
    for (;;) {
      const found = seen.find(isIt);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return { headers: response.headers, seen, until, ended, close: () => ((waiting = []), close()) };
}
