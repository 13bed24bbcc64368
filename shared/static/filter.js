// shared/static/filter.js
// Purpose: offers the fields that there are while a filter is typed: arrows choose, Enter or Tab takes, Escape closes.
// Why: metrics have long names. Without it the box is a plain text field, and the server says what is wrong.
// Relevant files: runs/templates/_filter.html, runs/query/completion-api.ts

/** @typedef {{ name: string, kind: string }} Field */

const PAUSE_MS = 120;
/** The word that ends at the cursor, with a quoted key in it. */
const WORD = /(?:\b(?:metrics?|params?|tags?)[.:]["'`][^"'`]*|[^\s()"'`,=<>!~]+)$/i;

/** @param {HTMLInputElement} box */
function complete(box) {
  const list = document.createElement('ul');
  list.id = 'filter-fields';
  list.className = 'offers';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Fields');
  list.hidden = true;

  /** Each time: live.js may have made the page as the server sent it. */
  function attach() {
    if (!list.isConnected) box.after(list);
    box.setAttribute('role', 'combobox');
    box.setAttribute('aria-autocomplete', 'list');
    box.setAttribute('aria-controls', list.id);
    box.setAttribute('aria-expanded', String(!list.hidden));
    box.autocomplete = 'off';
  }

  let chosen = -1;
  let timer = 0;
  /** Of the last question; answers to earlier ones come too late. */
  let asked = 0;

  function wordAtCursor() {
    return WORD.exec(box.value.slice(0, box.selectionStart ?? box.value.length))?.[0] ?? '';
  }

  function close() {
    list.hidden = true;
    asked += 1;
    chosen = -1;
    box.setAttribute('aria-expanded', 'false');
    box.removeAttribute('aria-activedescendant');
  }

  async function ask() {
    const word = wordAtCursor();
    if (word.length < 2) return close();
    const question = ++asked;
    const url = new URL('/api/fields', location.href);
    url.searchParams.set('find', word.slice(0, 500));
    if (box.dataset['experiment']) url.searchParams.set('experiment', box.dataset['experiment']);
    const answer = await fetch(url).catch(() => undefined);
    /** @type {{ items: Field[] }} */
    const { items } = answer?.ok ? await answer.json() : { items: [] };
    if (question === asked) offer(items.filter(({ name }) => name !== word));
  }

  /** @param {Field[]} items */
  function offer(items) {
    if (items.length === 0 || document.activeElement !== box) return close();
    list.replaceChildren(...items.map(option));
    list.hidden = false;
    attach();
    choose(-1);
  }

  /** @param {Field} field @param {number} place */
  function option({ name, kind }, place) {
    const line = document.createElement('li');
    line.id = `filter-field-${place}`;
    line.setAttribute('role', 'option');
    line.setAttribute('aria-selected', 'false');
    line.dataset['name'] = name;
    const about = document.createElement('span');
    about.className = 'faint';
    about.textContent = kind;
    line.append(name, ' ', about);
    line.addEventListener('mousedown', (event) => {
      event.preventDefault(); // the box keeps the focus
      take(name);
    });
    return line;
  }

  /** @param {number} place */
  function choose(place) {
    const count = list.children.length;
    chosen = place < -1 ? count - 1 : place >= count ? -1 : place;
    for (const [i, line] of [...list.children].entries()) line.setAttribute('aria-selected', String(i === chosen));
    const line = list.children[chosen];
    line?.scrollIntoView({ block: 'nearest' });
    if (line) box.setAttribute('aria-activedescendant', line.id);
    else box.removeAttribute('aria-activedescendant');
  }

  /** @param {string} name */
  function take(name) {
    const end = box.selectionStart ?? box.value.length;
    const start = end - wordAtCursor().length;
    box.setRangeText(`${name} `, start, end, 'end');
    close();
  }

  attach();
  box.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), PAUSE_MS);
  });
  box.addEventListener('blur', close);
  box.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    if (event.key === 'ArrowDown') choose(chosen + 1);
    else if (event.key === 'ArrowUp') choose(chosen - 1);
    else if (event.key === 'Escape') close();
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen >= 0)
      take(/** @type {HTMLElement} */ (list.children[chosen]).dataset['name'] ?? '');
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

const box = /** @type {HTMLInputElement | null} */ (document.querySelector('input[name=where]'));
if (box) complete(box);
