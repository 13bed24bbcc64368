// shared/static/app.js
// Purpose: what scripts add to every page: `/` goes to the search, buttons count ticked rows, menus close, links of MLflow lead on; loads what charts and live pages need.
// Why: pages work without JavaScript; this is only nicer.
// Relevant files: shared/templates/base.html, runs/templates/_table.html, shared/static/rows.js, shared/static/charts.js, shared/static/live.js

/** `Compare 2 ticked` while rows are ticked. */
function countTicks() {
  const form = document.getElementById('ticks');
  if (!form) return;
  const elsewhere = Number(form.dataset['elsewhere'] ?? 0);
  const ticked = form.querySelectorAll('input[name=run]:checked').length + elsewhere;
  // What only scripts can do, and what is there for those who have none.
  for (const box of form.querySelectorAll('[data-all]')) box.removeAttribute('hidden');
  for (const button of form.querySelectorAll('[data-plain]')) button.setAttribute('hidden', '');
  for (const button of document.querySelectorAll('[data-ticked]')) {
    const verb = button.getAttribute('data-ticked') ?? '';
    button.textContent = ticked === 0 ? `${verb} ticked` : `${verb} ${ticked} ticked`;
  }
}

/** Somebody types, or means the browser. @param {KeyboardEvent} event */
function isForOthers(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const isTyping = target.closest('input:not([type=checkbox]), textarea, select, dialog[open]');
  return event.ctrlKey || event.metaKey || event.altKey || isTyping !== null;
}

/** Fetched when it is first needed: most pages have no run table. @param {Event} event */
function handToRows(event) {
  if (document.getElementById('ticks')) void import('./rows.js').then(({ handle }) => handle(event));
}

/** @param {KeyboardEvent} event */
function handKeyToRows(event) {
  if (/^[jkxc?]$/.test(event.key) && !isForOthers(event)) handToRows(event);
}

/** @param {Event} event */
function handTickToRows(event) {
  if (/** @type {Element} */ (event.target).matches('#ticks input[name=run], #ticks [data-all]')) handToRows(event);
}

/** @param {MouseEvent} event */
function showKeys(event) {
  if (!(/** @type {Element} */ (event.target).closest('a[data-keys]')) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  handToRows(event);
}

/** @param {KeyboardEvent} event */
function focusSearch(event) {
  if (event.key !== '/' || isForOthers(event)) return;
  const search = ['main', 'header']
    .map((part) => /** @type {HTMLInputElement | null} */ (document.querySelector(`${part} input[type=search]`)))
    .find((one) => one?.checkVisibility());
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

/** @param {Event} event */
function closeMenus(event) {
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute('open');
  }
}

/** @param {KeyboardEvent} event */
function leaveMenus(event) {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (menu.contains(document.activeElement)) menu.querySelector('summary')?.focus();
    menu.removeAttribute('open');
  }
}

/** Links that MLflow's client prints: `/#/experiments/ID/runs/RUN`. The part after # never reaches the server. */
function followFragment() {
  const [, kind = '', id = '', below = '', one = ''] = location.hash.replace(/\?.*$/, '').split('/');
  if (location.hash.startsWith('#/') && /^(experiments|models)$/.test(kind) && id !== '') {
    /** @type {Record<string, string>} */
    const pages = { runs: `/runs/${one}`, models: `/logged-models/${one}` };
    const inside = pages[below] ?? `/${kind}/${id}`;
    location.replace(below === 'versions' ? `${inside}/versions/${one}` : inside);
  }
}

/** Who only passes by opens no connection; what happens meanwhile is told when it opens. */
const SETTLED_MS = 2_000;

/** The page is shown first: a fresh browser has a tenth less to do until then when these are not asked for beside the styles. */
function loadCharts() {
  if (document.querySelector('figure[data-curves]'))
    requestAnimationFrame(() => setTimeout(() => void import('./charts.js')));
}

function followPage() {
  if (document.querySelector('main[data-live]')) setTimeout(() => void import('./live.js'), SETTLED_MS);
}

followFragment();
// Of a link that was put into the address of an open page.
window.addEventListener('hashchange', followFragment);
countTicks();
loadCharts();
followPage();
document.addEventListener('change', countTicks);
// Of live.js: rows have come or gone, or the first chart of a run.
document.addEventListener('page:changed', countTicks);
document.addEventListener('page:changed', loadCharts);
document.addEventListener('keydown', focusSearch);
document.addEventListener('keydown', handKeyToRows);
document.addEventListener('change', handTickToRows);
document.addEventListener('click', showKeys);
document.addEventListener('keydown', leaveMenus);
document.addEventListener('click', closeMenus);
