// tests/api/openapi.test.ts
// Purpose: /openapi.json is an OpenAPI 3.1 document of exactly the routes that there are.
// Why: what is documented must be what is served, now and after the next endpoint.
// Relevant files: shared/http/openapi.ts, tests/support/tracker.ts

import { beforeAll, expect, test } from 'vitest';
import { useTracker } from '../support/use.ts';

interface Operation {
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses?: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
}

const tracker = useTracker();
let document: Document;
let operations: [string, Operation][];
beforeAll(async () => {
  document = (await tracker.api<Document>('GET', '/openapi.json')).body;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as [string, Operation],
    ),
  );
});

/** `GET /api/runs/:id` for each route of the server, as Fastify's router prints them. */
function routesOf(): string[] {
  const lines = tracker.app.printRoutes({ commonPrefix: false }).split('\n');
  const parents: string[] = [];
  return lines.flatMap((line) => {
    const found = /^([│ ]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/u.exec(line);
    if (!found) return [];
    const depth = (found[1] ?? '').length / 4;
    const path = (parents[depth - 1] ?? '') + (found[2] ?? '');
    parents[depth] = path;
    return (found[3] ?? '')
      .split(', ')
      .filter(Boolean)
      .map((method) => `${method} ${path}`);
  });
}

test('it is a 3.1 document with a title and a version', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/);
  expect(document.info.title).not.toBe('');
  expect(document.info.version).toMatch(/^\d+\.\d+\.\d+/);
});

test('it lists every route of /api, and nothing that is not there', () => {
  const served = routesOf()
    // MLflow's API under its own versions is described by MLflow; README.md lists it (tests/mlflow/wrong-things.test.ts).
    .filter((route) => / \/api\/(?![23]\.0\/)/.test(route) && !/^(HEAD|OPTIONS) /.test(route))
    .map((route) => route.replace(/:(\w+)/g, '{$1}').replace(/\/?\*$/, '/{path}'))
    .sort();
  const documented = operations
    .map(([name]) => name)
    .filter((name) => name.includes(' /api/'))
    .sort();
  expect(served.length).toBeGreaterThan(25);
  expect(documented).toEqual(served);
});

test('every operation says what it does, what it takes and what it answers', () => {
  for (const [name, operation] of operations) {
    expect(operation.summary, name).toMatch(/^[A-Z].*\.$/);
    expect(operation.tags, name).toHaveLength(1);
    const answers = Object.entries(operation.responses ?? {});
    expect(
      answers.some(([status]) => /^2\d\d$/.test(status)),
      name,
    ).toBe(true);
    expect(Object.keys(operation.responses ?? {}), name).toContain('4XX');
    for (const [status, answer] of answers) expect(answer.description, `${name} ${status}`).toEqual(expect.any(String));
    const inPath = [...name.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(declared.map((parameter) => parameter.name).sort(), name).toEqual(inPath);
    for (const parameter of declared) expect(parameter.required, `${name} ${parameter.name}`).toBe(true);
  }
});

test('bodies are described field by field, and unknown fields are refused', () => {
  const body = document.paths['/api/runs']?.['post']?.requestBody?.content['application/json']?.schema;
  expect(body).toMatchObject({
    type: 'object',
    additionalProperties: false,
    properties: { experiment: { type: 'string' } },
  });
});

test('references lead somewhere', () => {
  const text = JSON.stringify(document);
  for (const [, reference = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = reference
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
    expect(target, reference).toBeDefined();
  }
  expect(text).not.toContain('"$ref":"#/definitions');
});

test('the page /docs shows every operation', async () => {
  const page = (await tracker.get('/docs')).body;
  for (const [name] of operations) {
    const [method, path] = name.split(' ');
    expect(page, name).toContain(`<b>${method}</b> ${path}`);
  }
});
