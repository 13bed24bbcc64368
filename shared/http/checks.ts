// shared/http/checks.ts
// Purpose: checks the parts of a request by their Zod schemas; a body also by a faster check that says the same.
// Why: every request passes here, and a wrong one learns each wrong field.
// Relevant files: shared/http/server.ts, shared/http/problems.ts, runs/log-body.ts

import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { invalid, zodErrors } from './problems.ts';

type Parse = (data: unknown) => z.ZodSafeParseResult<unknown>;

export const checkBySchema: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) =>
  checker((data) => schema.safeParse(data), httpPart);

/** For one route: its body by `parse`, which must say what its schema would; everything else by the schemas. */
export function bodyChecker<Schema>(parse: Parse): FastifySchemaCompiler<Schema> {
  return (route) =>
    // Fastify's types take the route's whole schema here; at run time it is that of one part.
    route.httpPart === 'body' ? checker(parse, 'body') : checkBySchema(route as unknown as PartOfRoute);
}

type PartOfRoute = Parameters<typeof checkBySchema>[0];

function checker(parse: Parse, part: string | undefined): ReturnType<FastifySchemaCompiler<z.ZodType>> {
  return (data) => {
    const result = parse(data);
    return result.success ? { value: result.data } : { error: invalid(zodErrors(result.error, part)) };
  };
}
