// shared/http/docs-view.ts
// Purpose: the OpenAPI document as a page shows it: groups of endpoints with their fields in words.
// Why: readable without scripts and without a viewer of several megabytes.
// Relevant files: shared/http/openapi.ts, shared/templates/docs.html

import { renderInline } from '../markdown.ts';

interface JsonSchema {
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  required?: string[];
}

interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: JsonSchema }[];
  requestBody?: { content: Record<string, { schema?: JsonSchema }> };
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: JsonSchema }> }>;
}

export interface OpenApiDocument {
  info: { version: string; description?: string };
  paths?: Record<string, Record<string, Operation>>;
}

interface FieldView {
  name: string;
  type: string;
  required: boolean;
  /** HTML, escaped but for `code`. */
  description: string;
}

interface EndpointView {
  anchor: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  parameters: FieldView[];
  body: FieldView[];
  answers: { status: string; fields: string }[];
}

export interface DocsView {
  description: string;
  groups: { name: string; endpoints: EndpointView[] }[];
}

export function showDocs(document: OpenApiDocument): DocsView {
  const groups = new Map<string, EndpointView[]>();
  for (const [path, operations] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(operations)) {
      const name = operation.tags?.[0] ?? 'other';
      groups.set(name, [...(groups.get(name) ?? []), showEndpoint(path, method, operation)]);
    }
  }
  return {
    description: renderInline(document.info.description ?? ''),
    groups: [...groups].map(([name, endpoints]) => ({ name, endpoints })),
  };
}

function showEndpoint(path: string, method: string, operation: Operation): EndpointView {
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  return {
    anchor: `${method}${path}`.replace(/[^a-z0-9]+/gi, '-').toLowerCase(),
    method: method.toUpperCase(),
    path,
    summary: renderInline(operation.summary ?? ''),
    description: renderInline(operation.description ?? ''),
    parameters: (operation.parameters ?? []).map((parameter) => ({
      name: parameter.in === 'query' ? `?${parameter.name}` : parameter.name,
      type: typeOf(parameter.schema),
      required: parameter.required ?? false,
      description: renderInline(parameter.description ?? parameter.schema.description ?? ''),
    })),
    body: body ? fieldsOf(body) : [],
    answers: Object.entries(operation.responses ?? {}).map(([status, answer]) => ({
      status,
      fields: shapeOf(Object.values(answer.content ?? {})[0]?.schema),
    })),
  };
}

function fieldsOf(schema: JsonSchema): FieldView[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).map(([name, field]) => ({
    name,
    type: typeOf(field),
    required: required.has(name),
    description: renderInline(field.description ?? ''),
  }));
}

/** A schema in words: `integer`, `"a" | "b"`, `list of {key, value}`. */
function typeOf(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (schema.properties) return shapeOf(schema);
  if (typeof schema.additionalProperties === 'object') return `object of ${typeOf(schema.additionalProperties)}`;
  const type = [schema.type ?? 'any'].flat().join(' or ');
  return schema.default === undefined ? type : `${type} = ${JSON.stringify(schema.default)}`;
}

function shapeOf(schema: JsonSchema | undefined): string {
  if (!schema) return '';
  return schema.properties ? `{ ${Object.keys(schema.properties).join(', ')} }` : typeOf(schema);
}
