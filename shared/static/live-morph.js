// shared/static/live-morph.js
// Purpose: makes one part of a page like another by changing only what differs.
// Why: whoever types, has ticked rows, unfolded something or scrolled must not notice that the page is newer.
// Relevant files: shared/static/live.js, shared/static/charts.js

/**
 * Elements stay the same objects, so focus, typed text, ticks and scroll stay with them. What scripts put in is marked
 * `data-own` and is left alone; what is open stays open. Rows are told apart by `data-key`.
 * @param {Element} from
 * @param {Element} to
 * @returns {Element[]} where text is new
 */
export function morph(from, to) {
  const focused = document.activeElement;
  /** @type {Element[]} */
  const changed = [];
  morphElement(from, to, changed);
  // A row that moved to another place has lost it.
  if (focused instanceof HTMLElement && focused !== document.activeElement && focused.isConnected)
    focused.focus({ preventScroll: true });
  return changed;
}

/**
 * @param {Element} from
 * @param {Element} to
 * @param {Element[]} changed
 */
function morphElement(from, to, changed) {
  if (from.isEqualNode(to)) return;
  morphAttributes(from, to);
  /** @type {ChildNode | null} */
  let at = notOwn(from.firstChild);
  const keyed = childrenByKey(from);
  for (const next of [...to.childNodes]) {
    const found = matchOf(next, at, keyed);
    if (!found) {
      const added = document.importNode(next, true);
      from.insertBefore(added, at);
      changed.push(added instanceof Element ? added : from);
      continue;
    }
    if (found === at) at = notOwn(at.nextSibling);
    else from.insertBefore(found, at);
    morphNode(found, next, changed);
  }
  while (at) {
    const gone = at;
    at = notOwn(at.nextSibling);
    gone.remove();
  }
}

/**
 * @param {ChildNode} found
 * @param {ChildNode} next
 * @param {Element[]} changed
 */
function morphNode(found, next, changed) {
  if (found instanceof Element && next instanceof Element) return morphElement(found, next, changed);
  if (found.nodeValue === next.nodeValue) return;
  found.nodeValue = next.nodeValue;
  if (found.parentElement) changed.push(found.parentElement);
}

/**
 * @param {Element} from
 * @param {Element} to
 */
function morphAttributes(from, to) {
  const isDetails = from instanceof HTMLDetailsElement;
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !(isDetails && name === 'open')) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value && !(isDetails && name === 'open')) from.setAttribute(name, value);
  }
}

/**
 * The node that becomes `next`: of the same key; else the one in its place or, where something before it is gone, a
 * later one of the same kind. Cells go by their place.
 * @param {ChildNode} next
 * @param {ChildNode | null} at
 * @param {Map<string, Element>} keyed
 * @returns {ChildNode | null}
 */
function matchOf(next, at, keyed) {
  const key = keyOf(next);
  if (key !== '') return keyed.get(key) ?? null;
  const isSame = (/** @type {ChildNode} */ node) => node.nodeName === next.nodeName && keyOf(node) === '';
  if (next instanceof Element && next.parentElement?.nodeName !== 'TR') {
    for (let node = at; node; node = notOwn(node.nextSibling)) {
      if (isSame(node) && classOf(node) === classOf(next)) return node;
    }
  }
  return at && isSame(at) ? at : null;
}

/** @param {Node} node */
function classOf(node) {
  return node instanceof Element ? node.getAttribute('class') : null;
}

/** @param {Element} parent */
function childrenByKey(parent) {
  return new Map([...parent.children].map((child) => [keyOf(child), child]));
}

/** @param {Node} node */
function keyOf(node) {
  if (!(node instanceof Element)) return '';
  const key = node.getAttribute('data-key') ?? node.id;
  return key === '' ? '' : `${node.nodeName} ${key}`;
}

/** @param {ChildNode | null} node */
function notOwn(node) {
  while (node instanceof Element && node.hasAttribute('data-own')) node = node.nextSibling;
  return node;
}
