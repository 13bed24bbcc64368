// tests/support/html.ts
// Purpose: what every page must be: valid HTML, without inline script or style, without anything from another host.
// Why: the policy of the pages (strict CSP, nothing leaves the host) is checked on what is sent, not on the templates.
// Relevant files: tests/browser/pages.test.ts, tests/tags/tags-pages.test.ts, shared/http/security.ts

import { HtmlValidate, StaticConfigLoader, type ResolvedConfig } from 'html-validate';

/** The rules are put together once: the library does it again for each page, which is a fifth of what a page costs. */
class OneConfig extends StaticConfigLoader {
  #resolved: ResolvedConfig | Promise<ResolvedConfig> | undefined;
  override getConfigFor(file: string): ResolvedConfig | Promise<ResolvedConfig> {
    return (this.#resolved ??= super.getConfigFor(file));
  }
}

const rules = new OneConfig({
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    'input-missing-label': 'error',
    // Names that people gave are as long as they are; browsers cut titles themselves.
    'long-title': 'off',
    // A form that sends a list repeats its name: run=a&run=b.
    'form-dup-name': 'off',
    // Layout of the source, of which readers see nothing.
    'no-trailing-whitespace': 'off',
    // The style guide's spelling; HTML allows both.
    'doctype-style': 'off',
    'attribute-boolean-style': 'off',
  },
});
const validator = new HtmlValidate(rules);

/** What is wrong with a page, one line each; nothing when it is as it must be. */
export async function faultsOf(html: string): Promise<string[]> {
  const report = await validator.validateString(html);
  const invalid = report.results.flatMap((result) =>
    result.messages.map(
      ({ line, column, ruleId, message }) =>
        `${ruleId}: ${message} at ${line}:${column} «${(html.split('\n')[line - 1] ?? '').slice(Math.max(0, column - 30), column + 60)}»`,
    ),
  );
  return [...invalid, ...policyFaults(html)];
}

interface Tag {
  name: string;
  text: string;
  attributes: Map<string, string>;
}

/** Attributes that make a browser fetch something as the page is read. */
const FETCHED = new Set(['src', 'srcset', 'poster', 'data', 'background']);

function policyFaults(html: string): string[] {
  return tagsOf(html).flatMap((tag) => {
    const faults: string[] = [];
    if (tag.name === 'style') faults.push('has an inline style sheet');
    if (tag.name === 'script' && !tag.attributes.has('src') && !isData(tag)) faults.push('is an inline script');
    for (const [name, value] of tag.attributes) {
      if (name === 'style') faults.push('has an inline style');
      if (/^on[a-z]/.test(name)) faults.push(`has an inline handler ${name}`);
      if (/^\s*javascript:/i.test(value)) faults.push(`runs a script from ${name}`);
      const isFetched = FETCHED.has(name) || (name === 'href' && ['link', 'image', 'use'].includes(tag.name));
      if (isFetched && !isLocal(value)) faults.push(`fetches ${value.slice(0, 80)}`);
    }
    return faults.map((fault) => `policy: ${tag.text.slice(0, 120)} ${fault}`);
  });
}

/** Data blocks are not run: JSON that a script of ours reads. */
function isData({ attributes }: Tag): boolean {
  return attributes.get('type') === 'application/json';
}

function isLocal(value: string): boolean {
  return /^(\/(?![/\\])|#|data:image\/)/.test(value);
}

const TAG = /<([a-z][a-z0-9-]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*\/?>/gi;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;

/** The opening tags of a page, in order, with their attributes decoded. */
export function tagsOf(html: string): Tag[] {
  return [...html.matchAll(TAG)].map(([text, name = '', rest = '']) => ({
    name: name.toLowerCase(),
    text,
    attributes: new Map(
      [...rest.matchAll(ATTRIBUTE)].map(([, key = '', a, b, c]) => [key.toLowerCase(), decode(a ?? b ?? c ?? '')]),
    ),
  }));
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function decode(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      return String.fromCodePoint(decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal));
    },
  );
}
