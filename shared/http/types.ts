// shared/http/types.ts
// Purpose: the server's type with Zod schemas, what is decorated on it, and what a feature plugin is.
// Why: routes get their parsed body, query and params typed from the schemas they declare.
// Relevant files: shared/http/server.ts, shared/http/pages.ts, manage.ts

import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Settings } from '../config.ts';
import type { Store } from '../db/store.ts';
import type { HeavyReads } from '../heavy/job.ts';
import type { Flash } from './flash.ts';
import type { KeptPages } from './kept-pages.ts';
import type { EarlyAnswer } from './problems.ts';

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** A feature's plugin: its routes. Mounted by manage.ts. */
export type Feature = (app: App) => void | Promise<void>;

/** A line of the status page that a feature knows: `runs: 27`. */
export interface StatusFact {
  label: string;
  value: string;
}

declare module 'fastify' {
  interface FastifyInstance {
    settings: Settings;
    store: Store;
    /** Reads that take long: exports. */
    heavy: HeavyReads;
    /** Pages as they were rendered last. */
    keptPages: KeptPages;
    /** Features add what the status page says of them. */
    statusFacts: (() => Promise<StatusFact[]>)[];
    /** Features with errors of another shape add how they answer a path that cannot be decoded. */
    earlyAnswers: EarlyAnswer[];
  }
  interface FastifyRequest {
    /** Size of a JSON body as it was parsed, unpacked. */
    bodyBytes: number;
  }
  interface FastifyReply {
    /** Renders a template with what every page needs (title, navigation, flash). */
    page: (template: string, context: PageContext) => Promise<FastifyReply>;
    /** POST-redirect-GET: leaves a message for the next page. */
    redirectWith: (url: string, flash: Flash) => FastifyReply;
  }
}

export interface PageContext {
  title: string;
  [name: string]: unknown;
}
