// tests/support/tracker.ts
// Purpose: a real server on a free port with a fresh data folder, and short ways to talk to it.
// Why: every test runs on the real thing and shares nothing with the others.
// Relevant files: manage.ts, tests/support/database.ts, vitest.config.ts

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { startServer, type RunningServer } from '../../manage.ts';
import type { SettingFlags } from '../../shared/config.ts';
import { giveBack, settingsOf } from './database.ts';

export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
}

export interface Tracker extends RunningServer {
  folder: string;
  /** A JSON request; the body of the answer is parsed where it is JSON, else it is text. No two that write share a time. */
  api: <T = Record<string, unknown>>(method: string, path: string, body?: unknown) => Promise<Answer<T>>;
  /** A page as a browser asks for it, following redirects unless told otherwise. */
  get: (path: string, headers?: Record<string, string>) => Promise<Answer<string>>;
  /** A form as a browser sends it; redirects are not followed, so that they can be looked at. */
  form: (path: string, fields: Record<string, string | string[]>) => Promise<Answer<string>>;
  /** Stops the server and removes its data. */
  stop: () => Promise<void>;
}

export async function startTracker(folder = freshFolder(), flags: SettingFlags = {}): Promise<Tracker> {
  const server = await startServer(await settingsOf(folder, {}, flags));
  const at = (where: string): string => `${server.url}${where}`;
  return {
    ...server,
    folder,
    api: async <T>(method: string, where: string, body?: unknown) => {
      const json =
        body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const answer = await answerOf<T>(await fetch(at(where), { method, ...json }));
      if (method !== 'GET') await untilNextMillisecond();
      return answer;
    },
    get: async (where, headers = {}) =>
      answerOf<string>(await fetch(at(where), { headers: { accept: 'text/html', ...headers } })),
    form: async (where, fields) => {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
      const answer = await answerOf<string>(
        await fetch(at(where), { method: 'POST', body, redirect: 'manual', headers: { accept: 'text/html' } }),
      );
      await untilNextMillisecond();
      return answer;
    },
    stop: async () => {
      await server.close();
      await giveBack(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function freshFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'tracker test '));
}

/** What is written next gets a later time: of equal times lists go by ids, which are drawn, and tests go by what came first. */
async function untilNextMillisecond(): Promise<void> {
  // Not by the clock, which stands still in some tests. A little more than one: the two need not go alike.
  const until = performance.now() + 1.1;
  while (performance.now() < until) await setImmediate();
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '') && text !== '';
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
}
