// shared/static/columns.js
// Purpose: the search for columns answers while it is typed: the form is asked for again, and its two lists are put in place.
// Why: among ten thousand keys one types until the wanted one is there. Without it the button Search does the same.
// Relevant files: runs/templates/columns.html, runs/view/chooser-pages.ts

const PAUSE_MS = 150;

/** @param {HTMLFormElement} form */
function searchAsTyped(form) {
  const box = form.elements.namedItem('find');
  if (!(box instanceof HTMLInputElement)) return;
  let timer = 0;
  /** Of the last question; answers to earlier ones come too late. */
  let asked = 0;

  async function ask() {
    const question = ++asked;
    const url = new URL(form.action);
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') url.searchParams.append(name, value);
    const answer = await fetch(url).catch(() => undefined);
    if (!answer?.ok || question !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (question !== asked) return;
    for (const part of form.querySelectorAll('[data-part]')) {
      const made = page.querySelector(`[data-part="${part.getAttribute('data-part')}"]`);
      if (made) part.replaceChildren(...made.childNodes);
    }
  }

  box.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE_MS);
  });
}

for (const form of document.querySelectorAll('form[data-chooser]'))
  if (form instanceof HTMLFormElement) searchAsTyped(form);
