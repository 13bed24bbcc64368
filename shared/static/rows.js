// shared/static/rows.js
// Purpose: the keys of a run table (j, k, x, c, ?), ticks that go along in the page's address, and the list of keys.
// Why: who goes through hundreds of runs keeps the hands on the keys; without this, links and buttons do the same.
// Relevant files: shared/static/app.js, runs/templates/_table.html, runs/table/ticks.ts, runs/table/keys-pages.ts

/** The row that is at hand, by its key: it stays so when the table is made new around it. */
let current = '';

/** @returns {HTMLFormElement | null} */
function form() {
  return /** @type {HTMLFormElement | null} */ (document.getElementById('ticks'));
}

/** @returns {HTMLInputElement[]} */
function boxes() {
  return [...(form()?.querySelectorAll('input[name=run]') ?? [])].map((box) => /** @type {HTMLInputElement} */ (box));
}

/** Rows that lead to a run: not those that are being removed. @returns {HTMLElement[]} */
function rows() {
  const all = [...(form()?.querySelectorAll('tbody tr[data-key]') ?? [])];
  return all.map((row) => /** @type {HTMLElement} */ (row)).filter(linkOf);
}

/** @param {Element} row @returns {HTMLElement | null} */
function linkOf(row) {
  return row.querySelector('td.first a.k');
}

/** @returns {HTMLElement | undefined} */
function currentRow() {
  const focused = /** @type {HTMLElement | null | undefined} */ (
    document.activeElement?.closest('#ticks tr[data-key]')
  );
  return focused ?? rows().find((row) => row.dataset['key'] === current);
}

/** The row's link gets the focus: it is seen, read out, and Enter opens it. @param {1 | -1} by */
function move(by) {
  const all = rows();
  const at = currentRow();
  const place = at ? all.indexOf(at) + by : by > 0 ? 0 : all.length - 1;
  const row = all[Math.max(0, Math.min(all.length - 1, place))];
  if (!row) return;
  current = row.dataset['key'] ?? '';
  linkOf(row)?.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}

function tick() {
  const box = /** @type {HTMLInputElement | null | undefined} */ (currentRow()?.querySelector('input[name=run]'));
  box?.click();
}

function compare() {
  const button = /** @type {HTMLButtonElement | null | undefined} */ (form()?.querySelector('[data-ticked]'));
  if (button) form()?.requestSubmit(button);
}

/** Ticks of this page and of others as they stand in an address: `3_12.14`. @returns {string[]} */
function ticks() {
  /** @type {Map<string, string[]>} */
  const all = new Map();
  const own = boxes().filter((box) => box.checked).map((box) => box.dataset['tick'] ?? ''); // prettier-ignore
  for (const one of [...own, ...kept()]) {
    const [experiment = '', numbers = ''] = one.split('_');
    all.set(experiment, [...(all.get(experiment) ?? []), ...numbers.split('.')]);
  }
  return [...all].map(([experiment, numbers]) => `${experiment}_${numbers.join('.')}`);
}

/** @returns {string[]} */
function kept() {
  const fields = [...(form()?.querySelectorAll('input[name=tick]') ?? [])];
  return fields.map((field) => /** @type {HTMLInputElement} */ (field).value);
}

/** Every address of this view takes the ticks along: of the page itself, of its links, of the filter. */
function carry() {
  const now = ticks();
  history.replaceState(history.state, '', withTicks(location.href, now));
  for (const link of document.querySelectorAll('main a[href]')) {
    const { pathname, href } = /** @type {HTMLAnchorElement} */ (link);
    if (pathname === location.pathname && !link.hasAttribute('data-untick')) link.setAttribute('href', withTicks(href, now));
  }
  for (const filter of document.querySelectorAll('main form[role=search]')) {
    for (const field of filter.querySelectorAll('input[name=tick]')) field.remove();
    for (const value of now) filter.append(hidden('tick', value));
  }
} // prettier-ignore

/** @param {string} href @param {string[]} values */
function withTicks(href, values) {
  const url = new URL(href);
  url.searchParams.delete('tick');
  for (const value of values) url.searchParams.append('tick', value);
  return url.pathname + url.search + url.hash;
}

/** @param {string} name @param {string} value */
function hidden(name, value) {
  const field = document.createElement('input');
  field.type = 'hidden';
  Object.assign(field, { name, value });
  return field;
}

/** The list of keys, as its own page has it. */
async function help() {
  const known = /** @type {HTMLDialogElement | null} */ (document.getElementById('keys-dialog'));
  if (known) return known.showModal();
  const page = new DOMParser().parseFromString(await (await fetch('/docs/keys')).text(), 'text/html');
  const list = page.getElementById('keys');
  if (!list) return;
  const dialog = document.createElement('dialog');
  dialog.id = 'keys-dialog';
  dialog.setAttribute('aria-labelledby', 'keys-title');
  const title = Object.assign(document.createElement('h2'), { id: 'keys-title', textContent: 'Keys for this table' });
  const close = Object.assign(document.createElement('button'), { className: 'btn', textContent: 'Close' });
  close.addEventListener('click', () => dialog.close());
  dialog.append(title, list, close);
  document.body.append(dialog);
  dialog.showModal();
}

/** @type {Record<string, () => unknown>} */
const KEYS = { j: () => move(1), k: () => move(-1), x: tick, c: compare, '?': help };

/** What app.js hands on: keys that nobody types into a field, ticks, clicks on what only scripts do. @param {Event} event */
export function handle(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event instanceof KeyboardEvent) KEYS[event.key]?.();
  else if (event.type === 'click') void help();
  else if (target.hasAttribute('data-all')) tickAll(/** @type {HTMLInputElement} */ (target).checked);
  else carry();
}

/** @param {boolean} isTicked */
function tickAll(isTicked) {
  for (const box of boxes()) box.checked = isTicked;
  // The buttons count, and this file hears of it again.
  boxes()[0]?.dispatchEvent(new Event('change', { bubbles: true }));
}
