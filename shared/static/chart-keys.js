// shared/static/chart-keys.js
// Purpose: the cursor of a live chart by keyboard: arrows, Home, End, + and − to zoom; what stands there is spoken.
// Why: values are read at a step by everybody, also without a pointer.
// Relevant files: shared/static/chart-plot.js, shared/static/chart-readout.js

/** @typedef {import('./chart-plot.js').Plot} Plot */
/** @typedef {import('./chart-plot.js').Stretch} Stretch */

/** Points that Shift and an arrow move by. */
const FAR = 10;
const AWAY = { left: -10, top: -10 };

/**
 * @param {HTMLElement} holder
 * @param {string} key the metric
 */
export function makeFocusable(holder, key) {
  holder.tabIndex = 0;
  holder.setAttribute('role', 'group');
  holder.setAttribute('aria-label', `Chart of ${key}. Arrow keys move the cursor, plus and minus zoom.`);
}

/**
 * @param {HTMLElement} holder
 * @param {Plot} plot
 * @param {{ canZoom: boolean, zoom: (stretch: Stretch) => void, readout: HTMLElement }} options
 * @returns {() => void} ends it
 */
export function listenToKeys(holder, plot, { canZoom, zoom, readout }) {
  const spoken = document.createElement('div');
  spoken.className = 'vh';
  spoken.setAttribute('aria-live', 'polite');
  spoken.toggleAttribute('data-own', true);
  holder.append(spoken);
  const xs = /** @type {number[]} */ (plot.data[0]);
  const last = xs.length - 1;
  // The last argument, which the types do not know: other charts follow.
  const setCursor = (/** @type {{ left: number, top: number }} */ place) =>
    /** @type {(place: object, fires: boolean, tells: boolean) => void} */ (plot.setCursor)(place, true, true);
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = plot.cursor.idx ?? -1;
    const by = event.shiftKey ? FAR : 1;
    /** @type {Record<string, number>} */
    const places = { ArrowRight: at + by, ArrowLeft: at < 0 ? last : at - by, Home: 0, End: last };
    const place = places[event.key];
    if (place !== undefined) move(Math.min(last, Math.max(0, place)));
    else if (event.key === 'Escape') setCursor(AWAY);
    else if (canZoom && event.key === '+') zoom(half(plot, at));
    else if (canZoom && event.key === '-') zoom(null);
    else return;
    event.preventDefault();
  };
  /** @param {number} place */
  const move = (place) => {
    setCursor({ left: plot.valToPos(xs[place] ?? 0, 'x'), top: plot.over.clientHeight / 2 });
    spoken.textContent = [...readout.children].map((row) => [...row.childNodes].map((node) => node.textContent).filter(Boolean).join(' ')).join('; '); // prettier-ignore
  };
  const leave = () => setCursor(AWAY);
  holder.addEventListener('keydown', press);
  holder.addEventListener('blur', leave);
  return () => {
    holder.removeEventListener('keydown', press);
    holder.removeEventListener('blur', leave);
    spoken.remove();
  };
}

/**
 * Half of what is seen, around the cursor.
 * @param {Plot} plot
 * @param {number} at
 * @returns {Stretch}
 */
function half(plot, at) {
  const { min = 0, max = 0 } = plot.scales['x'] ?? {};
  const middle = (at < 0 ? null : plot.data[0][at]) ?? (min + max) / 2;
  const reach = (max - min) / 4;
  return { from: Math.ceil(Math.max(min, middle - reach)), to: Math.floor(Math.min(max, middle + reach)) };
}
