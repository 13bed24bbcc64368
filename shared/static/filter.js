// shared/static/filter.js
// Purpose: offers fields, values and orders that there are while a filter is typed: arrows choose, Enter or Tab takes, Escape closes.
// Why: metrics have long names. Without it the box is a plain text field, and the server says what is wrong.
// Relevant files: runs/templates/_filter.html, runs/query/completion-api.ts

/** @typedef {{ name: string, kind: string }} Field */

const PAUSE_MS = 120;

/** @param {HTMLInputElement} box */
function complete(box) {
  const list = document.createElement('ul');
  list.id = 'filter-fields';
  list.className = 'offers';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'What may stand here');
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

  /** Where the word begins that an offer takes the place of: said by the server, which reads the filter. */
  let from = 0;

  function beforeCursor() {
    return box.value.slice(0, box.selectionStart ?? box.value.length);
  }

  function close() {
    list.hidden = true;
    asked += 1;
    chosen = -1;
    box.setAttribute('aria-expanded', 'false');
    box.removeAttribute('aria-activedescendant');
  }

  async function ask() {
    const before = beforeCursor();
    if (before.trim() === '') return close();
    const question = ++asked;
    const url = new URL('/api/fields', location.href);
    url.searchParams.set('before', before);
    if (box.dataset['experiment']) url.searchParams.set('experiment', box.dataset['experiment']);
    const answer = await fetch(url).catch(() => undefined);
    /** @type {{ items: Field[], from: number }} */
    const found = answer?.ok ? await answer.json() : { items: [], from: 0 };
    if (question !== asked) return;
    from = found.from;
    const word = before.slice(from);
    offer(found.items.filter(({ name }) => name !== word));
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
    // What is begun (`min(metrics.`) goes on, and is offered its rest at once.
    const isBegun = /[.(]$/.test(name);
    box.setRangeText(isBegun ? name : `${name} `, from, beforeCursor().length, 'end');
    close();
    if (isBegun) void ask();
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
