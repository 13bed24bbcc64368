// shared/lint/import-direction.js
// Purpose: ESLint rule: imports run manage → features → shared, and features meet only at agreed doors.
// Why: with one direction and no circles, a feature can be read, changed and tested without the others.
// Relevant files: shared/lint/directions.js, eslint.config.js, tests/lint/import-direction.test.ts

import path from 'node:path';
import { whyRefused } from './directions.js';
import { fromRoot } from './paths.js';

/** @typedef {import('estree').Node & { specifiers?: { imported?: { name?: string }, local?: { name?: string }, type: string }[] }} ImportingNode */

/** @type {import('eslint').Rule.RuleModule} */
export const importDirection = {
  meta: {
    type: 'problem',
    docs: { description: 'imports run one way: manage → features → shared' },
    messages: { refused: '{{ reason }}' },
    schema: [],
  },
  create(context) {
    /** @type {(node: ImportingNode, source: import('estree').Node | null | undefined) => void} */
    const check = (node, source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string' || !source.value.startsWith('.')) return;
      const target = fromRoot(path.resolve(path.dirname(context.filename), source.value));
      const reason = whyRefused(fromRoot(context.filename), target, importedNames(node), isTypeOnly(node));
      if (reason) context.report({ node: source, messageId: 'refused', data: { reason } });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source),
      ExportNamedDeclaration: (node) => check(node, node.source),
      ExportAllDeclaration: (node) => check(node, node.source),
      ImportExpression: (node) => check(node, node.source),
    };
  },
};

/** @type {(node: ImportingNode) => string[]} what is taken by name; '*' for the whole module */
function importedNames(node) {
  if (!node.specifiers?.length) return ['*'];
  return node.specifiers.map((specifier) => {
    const name = specifier.type === 'ExportSpecifier' ? specifier.local?.name : specifier.imported?.name;
    return name ?? '*';
  });
}

/** @type {(node: ImportingNode & { importKind?: string, exportKind?: string }) => boolean} */
function isTypeOnly(node) {
  return node.importKind === 'type' || node.exportKind === 'type';
}
