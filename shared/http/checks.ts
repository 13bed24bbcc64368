// shared/http/checks.ts
// Purpose: checks the parts of a request by their Zod schemas; a body also by a faster check that says the same.
// Why: every request passes here, and a wrong one learns each wrong field.
// Relevant files: shared/http/server.ts, shared/http/problems.ts, runs/log-body.ts

import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { invalid, zodErrors } from './field-errors.ts';

type Parse = (data: unknown) => z.ZodSafeParseResult<unknown>;

export const checkBySchema: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) =>
  checker((data) => schema.safeParse(data), httpPart);

/** Says of a part that its schema would let it through as it is; of any other it says nothing. */
type IsPlain = (data: Record<string, unknown>) => boolean;

/**
 * For one route: its body by `parse`, which must say what its schema would; everything else by the schemas, where `plain`
 * does not know it for right.
 */
export function bodyChecker<Schema>(
  parse: Parse,
  plain: Partial<Record<string, IsPlain>> = {},
): FastifySchemaCompiler<Schema> {
  return (route) => {
    if (route.httpPart === 'body') return checker(parse, 'body');
    // Fastify's types take the route's whole schema here; at run time it is that of one part.
    const check = checkBySchema(route as unknown as PartOfRoute);
    const isPlain = plain[route.httpPart ?? ''];
    if (!isPlain) return check;
    return (data: Record<string, unknown>) => (isPlain(data) ? { value: data } : check(data));
  };
}

type PartOfRoute = Parameters<typeof checkBySchema>[0];

function checker(parse: Parse, part: string | undefined): ReturnType<FastifySchemaCompiler<z.ZodType>> {
  return (data) => {
    const result = parse(data);
    return result.success ? { value: result.data } : { error: invalid(zodErrors(result.error, part)) };
  };
}
