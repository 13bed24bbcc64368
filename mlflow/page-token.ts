// mlflow/page-token.ts
// Purpose: where the next page of a search begins, as an opaque token, and back.
// Why: MLflow's clients hand it back as they got it; what is not one is refused.
// Relevant files: mlflow/search-routes.ts, mlflow/errors.ts

import { z } from 'zod';
import { invalid } from './errors.ts';

/** `newest`: the last thing that was there when the first page was read, where things that arrive would shift the others. */
const schema = z.object({
  offset: z.int().min(1),
  newest: z.int().min(0).optional(),
});

export type PageStart = { offset: number; newest?: number | undefined };

export function toToken(start: PageStart): string {
  return Buffer.from(JSON.stringify(start)).toString('base64');
}

/** An empty token is none. */
export function fromToken(token: string | undefined): PageStart {
  if (!token) return { offset: 0 };
  try {
    return schema.parse(JSON.parse(Buffer.from(token, 'base64').toString()));
  } catch {
    throw invalid('Invalid page token.');
  }
}
