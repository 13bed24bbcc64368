// tests/support/tracker.ts
// Purpose: a real server on a free port with a fresh data folder, and short ways to talk to it.
// Why: every test runs on the real thing and shares nothing with the others.
// Relevant files: manage.ts, tests/support/database.ts, vitest.config.ts

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
  /** A JSON request; the body of the answer is parsed where it is JSON, else it is text. */
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
      return answerOf<T>(await fetch(at(where), { method, ...json }));
    },
    get: async (where, headers = {}) =>
      answerOf<string>(await fetch(at(where), { headers: { accept: 'text/html', ...headers } })),
    form: async (where, fields) => {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
      return answerOf<string>(
        await fetch(at(where), { method: 'POST', body, redirect: 'manual', headers: { accept: 'text/html' } }),
      );
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

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '') && text !== '';
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
}
