// shared/lint/no-raw-status.js
// Purpose: ESLint rule: a status is said as RunStatus.Finished, never as the string 'finished'.
// Why: a misspelt string compiles, matches nothing and loses runs from a list without a word.
// Relevant files: runs/models.ts, experiments/models.ts, eslint.config.js, tests/lint/no-raw-status.test.ts

import { fromRoot } from './paths.js';

/** @typedef {{ type: string, [key: string]: any }} AnyNode a syntax node, ESTree or TypeScript */

/** The same words as in the models; tests/lint/no-raw-status.test.ts compares them. */
export const STATUS_WORDS = new Map([
  ['RunStatus', ['scheduled', 'running', 'finished', 'failed', 'killed']],
  ['ExperimentStatus', ['draft', 'active', 'completed', 'archived']],
]);

/** `finished` → `RunStatus.Finished` */
const PROPER = new Map(
  [...STATUS_WORDS].flatMap(([object, words]) =>
    words.map((word) => [word, `${object}.${word.charAt(0).toUpperCase()}${word.slice(1)}`]),
  ),
);

const STATUS_NAME = /(?:^|_)status(?:es)?$|Status(?:es)?$|^STATUS(?:ES)?$|_STATUS(?:ES)?$/;
/** A feature's models.ts, or a folder in its place; the feature models/ itself is none. */
const DEFINED_IN = /^[^/]+\/models(?:\.ts$|\/)/;

/** @type {import('eslint').Rule.RuleModule} */
export const noRawStatus = {
  meta: {
    type: 'problem',
    docs: { description: 'say statuses by RunStatus and ExperimentStatus' },
    messages: { raw: "Say {{ proper }} instead of '{{ word }}': import the object from the feature's models.ts." },
    schema: [],
  },
  create(context) {
    if (DEFINED_IN.test(fromRoot(context.filename))) return {};
    const seen = new Set();
    /** @type {(values: (AnyNode | null | undefined)[]) => void} */
    const refuse = (values) => {
      for (const literal of values.flatMap(literalsIn)) {
        const word = textOf(literal);
        if (word === undefined || !PROPER.has(word) || seen.has(literal)) continue;
        seen.add(literal);
        context.report({
          node: /** @type {any} */ (literal),
          messageId: 'raw',
          data: { word, proper: PROPER.get(word) ?? '' },
        });
      }
    };
    /** @type {(name: AnyNode | null | undefined, ...values: (AnyNode | null | undefined)[]) => void} */
    const refuseIfStatus = (name, ...values) => {
      if (isStatus(name)) refuse(values);
    };
    return {
      BinaryExpression(node) {
        if (!['==', '===', '!=', '!=='].includes(node.operator)) return;
        refuseIfStatus(node.left, node.right);
        refuseIfStatus(node.right, node.left);
      },
      SwitchStatement: (node) => refuseIfStatus(node.discriminant, ...node.cases.map((branch) => branch.test)),
      VariableDeclarator: (node) => refuseIfStatus(node.id, node.init),
      AssignmentExpression: (node) => refuseIfStatus(node.left, node.right),
      AssignmentPattern: (node) => refuseIfStatus(node.left, node.right),
      Property: (node) => refuseIfStatus(node.key, node.value),
      PropertyDefinition: (node) => refuseIfStatus(node.key, node.value),
      /** @type {(node: AnyNode) => void} */
      TSPropertySignature: (node) => refuseIfStatus(node.key, node.typeAnnotation?.typeAnnotation),
      /** @type {(node: AnyNode) => void} */
      TSTypeAliasDeclaration: (node) => refuseIfStatus(node.id, node.typeAnnotation),
      CallExpression(node) {
        if (namesStatus(node)) refuse([...node.arguments, receiver(node)]);
      },
    };
  },
};

/**
 * `setStatus('failed')`, `eq(runs.status, 'failed')`, `['failed'].includes(run.status)`, `expect(run.status).toBe('failed')`
 * @type {(call: AnyNode) => boolean}
 */
function namesStatus(call) {
  return isStatus(call.callee) || call.arguments.some(isStatus) || expectsStatus(call.callee);
}

/** The `expect(run.status)` at the root of `expect(run.status).not.toBe(…)`. @type {(callee: AnyNode) => boolean} */
function expectsStatus(callee) {
  let root = callee;
  while (root.type === 'MemberExpression') root = root.object;
  return (
    root !== callee && root.type === 'CallExpression' && root.callee.name === 'expect' && root.arguments.some(isStatus)
  );
}

/** @type {(call: AnyNode) => AnyNode | undefined} */
function receiver(call) {
  return call.callee.type === 'MemberExpression' ? call.callee.object : undefined;
}

/** Is it named `status` or `…Status`: a variable, a property, a key? @type {(node: AnyNode | null | undefined) => boolean} */
function isStatus(node) {
  if (!node) return false;
  if (node.type === 'Identifier') return STATUS_NAME.test(node.name);
  if (node.type === 'Literal')
    return node.value === 'status' || (typeof node.value === 'string' && /Status$/.test(node.value));
  if (node.type === 'MemberExpression') return isStatus(node.property);
  if (node.type === 'ChainExpression' || WRAPPERS.has(node.type)) return isStatus(node.expression);
  return false;
}

const WRAPPERS = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'AwaitExpression']);

/**
 * The literals a value can become: through `? :`, `??`, arrays, unions, `as const` and `z.enum([…])`.
 * @type {(node: AnyNode | null | undefined) => AnyNode[]}
 */
function literalsIn(node) {
  switch (node?.type) {
    case 'Literal':
    case 'TemplateLiteral':
      return [node];
    case 'TSLiteralType':
      return [node.literal];
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].flatMap(literalsIn);
    case 'LogicalExpression':
      return [node.left, node.right].flatMap(literalsIn);
    case 'ArrayExpression':
      return node.elements.flatMap(literalsIn);
    case 'TSUnionType':
      return node.types.flatMap(literalsIn);
    case 'CallExpression':
      return isZod(node.callee) ? node.arguments.concat(receiver(node)).flatMap(literalsIn) : [];
    default:
      return node && WRAPPERS.has(node.type) ? literalsIn(node.expression) : [];
  }
}

/** `z.enum`, also in `z.enum([…]).optional`. @type {(callee: AnyNode) => boolean} */
function isZod(callee) {
  if (callee.type === 'MemberExpression') return isZod(callee.object);
  return callee.type === 'CallExpression' ? isZod(callee.callee) : callee.name === 'z';
}

/** @type {(node: AnyNode) => string | undefined} */
function textOf(node) {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  return node.expressions.length === 0 ? node.quasis[0].value.cooked : undefined;
}
