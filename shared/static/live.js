// shared/static/live.js
// Purpose: keeps an open page up to date: hears that something changed, asks for the page again, puts in what differs.
// Why: people watch a training; without this the page is as it was when it was loaded, and nothing is lost.
// Relevant files: shared/static/live-morph.js, shared/static/app.js, experiments/live-routes.ts

import { morph } from './live-morph.js';

/** How long ago things were, and that a run says nothing any more, is seen without a change. */
const TIMES_MS = 60_000;
/** From one request to the next: eyes do not follow faster. */
const REST_MS = 1_000;

const main = /** @type {HTMLElement} */ (document.getElementById('main'));
const note = /** @type {HTMLElement | null} */ (document.querySelector('[data-live-note]'));

/** @type {EventSource | undefined} */
let source;
let isAsking = false;
let isBehind = false;

/** Only pages that are looked at watch: a browser has six connections to a server, and tabs are many. */
function connect() {
  if (source || document.hidden) return;
  source = new EventSource(main.dataset['live'] ?? '');
  source.addEventListener('changed', () => void refresh());
  source.addEventListener('open', () => sayLive(true));
  source.addEventListener('error', () => {
    sayLive(false);
    // Refused for good; otherwise the browser tries again by itself.
    if (source?.readyState === EventSource.CLOSED) disconnect();
  });
}

function disconnect() {
  source?.close();
  source = undefined;
  sayLive(false);
}

/** @param {boolean} isLive */
function sayLive(isLive) {
  if (note) note.hidden = !isLive;
}

/** One request at a time; what is told meanwhile makes one more. */
async function refresh() {
  isBehind = true;
  if (isAsking) return;
  isAsking = true;
  try {
    while (isBehind && !document.hidden) {
      isBehind = false;
      const rest = new Promise((resolve) => setTimeout(resolve, REST_MS));
      const answer = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-cache' });
      // In the trash by now, or not here any more: what was shown last stays.
      if (answer.ok && !answer.redirected) show(await answer.text());
      await rest;
    }
  } catch {
    // The server is away; it is asked again after the next event.
  } finally {
    isAsking = false;
  }
}

/** @param {string} html */
function show(html) {
  const fresh = new DOMParser().parseFromString(html, 'text/html');
  const next = fresh.getElementById('main');
  if (!next?.dataset['live']) return;
  document.title = fresh.title;
  const changed = morph(main, next);
  document.dispatchEvent(new CustomEvent('page:changed'));
  for (const element of changed) cue(element);
}

/** A short tint on values that are new; not on how long ago something was, which always is. @param {Element} element */
function cue(element) {
  if (element.closest('time') || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const place = element.closest('tr, td, dd, .facts b, .lead b, .st');
  if (place?.classList.contains('muted')) return;
  place?.animate([{ backgroundColor: 'var(--fresh)' }, { backgroundColor: 'transparent' }], 1_500);
}

connect();
setInterval(() => {
  if (source && main.querySelector('.st.run')) void refresh();
}, TIMES_MS);
document.addEventListener('visibilitychange', () => (document.hidden ? disconnect() : connect()));
addEventListener('pagehide', disconnect);
addEventListener('pageshow', (event) => event.persisted && connect());
