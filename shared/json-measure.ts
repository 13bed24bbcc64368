// shared/json-measure.ts
// Purpose: how deep a JSON text nests and how long it would be laid out, without parsing it.
// Why: 16 MB of brackets take seconds to parse, and laying out a few kB of them takes hundreds of MB.
// Relevant files: shared/http/server.ts, runs/artifacts/artifact-preview.ts

/** Deeper than this nests nothing that people write. */
export const JSON_DEPTH_MAX = 64;

const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
const COLON = ':'.charCodeAt(0);
/** Of `[` and `]`; those of `{` and `}` differ from them by one bit. */
const OPEN = '['.charCodeAt(0);
const CLOSE = ']'.charCodeAt(0);
const CURLY = 0x20;

/**
 * `depth`: the deepest nesting; beyond JSON_DEPTH_MAX nothing further is read. `laidOut`: at most so many characters has
 * the text with every item on its own line, indented by two spaces a level. Of text that is not JSON both say little.
 */
export function measureJson(text: string): { depth: number; laidOut: number } {
  let level = 0;
  let depth = 0;
  let laidOut = text.length;
  let isString = false;
  for (let at = 0; at < text.length && depth <= JSON_DEPTH_MAX; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isString = !isString;
    else if (isString) at += code === BACKSLASH ? 1 : 0;
    else if (code === COLON) laidOut += 1;
    else if (code === COMMA) laidOut += 1 + 2 * level;
    else if ((code & ~CURLY) === OPEN) {
      level += 1;
      laidOut += 1 + 2 * level;
      if (level > depth) depth = level;
    } else if ((code & ~CURLY) === CLOSE) {
      level -= 1;
      laidOut += 1 + 2 * level;
    }
  }
  return { depth, laidOut };
}

/** Whether a parsed value nests deeper than `max` levels: a tenth of the cost of measuring its text. */
export function isDeeper(value: unknown, max: number): boolean {
  let level = isObject(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= max) return true;
    const below: object[] = [];
    for (const one of level) collectObjects(one, below);
    level = below;
  }
  return false;
}

/** Plain loops: a batch of metrics has thousands of values. */
function collectObjects(from: object, into: object[]): void {
  if (Array.isArray(from)) {
    for (const one of from as unknown[]) if (isObject(one)) into.push(one);
    return;
  }
  for (const name in from) {
    const one = (from as Record<string, unknown>)[name];
    if (isObject(one)) into.push(one);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
