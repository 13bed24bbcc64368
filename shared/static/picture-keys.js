// shared/static/picture-keys.js
// Purpose: pictures by keyboard: arrows walk from run to run and Enter opens one; on an axis of parallel coordinates they mark a stretch, Enter keeps it.
// Why: what the pointer can do, everybody can do; what is reached is seen and spoken.
// Relevant files: shared/static/brush.js, shared/static/app.css, runs/templates/pictures.html

const XMLNS = 'http://www.w3.org/2000/svg';
/** Parts of an axis that one key moves by, and a page. */
const STEPS = 50;
const PAGE = 10;

/**
 * @param {HTMLElement} holder the drawing
 * @param {SVGGraphicsElement[]} points
 */
export function walkPoints(holder, points) {
  holder.tabIndex = 0;
  holder.setAttribute('role', 'group');
  holder.setAttribute('aria-label', 'Runs of the picture. Arrow keys go from run to run, Enter opens one.');
  const told = document.createElement('p');
  told.className = 'said';
  told.setAttribute('role', 'status');
  holder.after(told);
  const ring = document.createElementNS(XMLNS, 'circle');
  ring.setAttribute('class', 'reached');
  ring.setAttribute('r', '9');
  /** @type {{ x: number[], y: number[], across: number[], up: number[] } | undefined} */
  let known;
  let at = -1;
  // Measured at the first key: nobody waits for it who has a pointer.
  const measure = () => {
    const boxes = points.map((point) => point.getBBox());
    const [x, y] = [boxes.map((box) => box.x + box.width / 2), boxes.map((box) => box.y + box.height / 2)];
    const all = [...points.keys()];
    const by = (/** @type {number[]} */ one, /** @type {number[]} */ other, /** @type {number} */ sign) =>
      all.toSorted((a, b) => sign * ((one[a] ?? 0) - (one[b] ?? 0)) || (other[b] ?? 0) - (other[a] ?? 0));
    return { x, y, across: by(x, y, 1), up: by(y, x, -1) };
  };
  holder.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    known ??= measure();
    const order = event.key === 'ArrowUp' || event.key === 'ArrowDown' ? known.up : known.across;
    const place = order.indexOf(at);
    /** @type {Record<string, number>} */
    const places = { ArrowRight: place + 1, ArrowUp: place + 1, ArrowLeft: place - 1, ArrowDown: place - 1, Home: 0, End: order.length - 1 };
    const to = places[event.key];
    if (event.key === 'Enter' && at >= 0) return location.assign(`/runs/${points[at]?.dataset['run'] ?? ''}`);
    if (to === undefined) return;
    event.preventDefault();
    at = order[Math.min(order.length - 1, Math.max(0, to))] ?? -1;
    ring.setAttribute('cx', String(known.x[at] ?? 0));
    ring.setAttribute('cy', String(known.y[at] ?? 0));
    points[at]?.ownerSVGElement?.append(ring);
    told.textContent = points[at]?.querySelector('title')?.textContent ?? '';
  }); // prettier-ignore
  holder.addEventListener('blur', () => {
    at = -1;
    ring.remove();
    told.textContent = '';
  });
}

/**
 * An axis as a slider: arrows move along it, with Shift they mark a stretch, Enter keeps it, Escape forgets it.
 * @param {SVGGElement} axis
 * @param {{ valueAt: (y: number) => string, keep: (bounds: [from: string, to: string]) => void }} does
 */
export function markByKeys(axis, { valueAt, keep }) {
  const area = axis.querySelector('rect');
  if (!area) return;
  const number = (/** @type {string} */ name) => Number(axis.getAttribute(`data-${name}`));
  const [bottom, top] = [number('from'), number('to')];
  /** @type {{ cursor: number, anchor: number | null }} */
  const state = { cursor: 0, anchor: null };
  const heightOf = (/** @type {number} */ step) => bottom + ((top - bottom) * step) / STEPS;
  const textAt = (/** @type {number} */ step) => valueAt(heightOf(step));
  const mark = document.createElementNS(XMLNS, 'rect');
  mark.setAttribute('class', 'brushed');
  for (const name of ['x', 'width']) mark.setAttribute(name, area.getAttribute(name) ?? '0');
  axis.ownerSVGElement?.setAttribute('role', 'group');
  axis.tabIndex = 0;
  const label = axis.dataset['axis'] ?? '';
  for (const [name, value] of Object.entries({
    role: 'slider',
    'aria-label': `${label}. Shift and arrow keys mark a stretch, Enter keeps its runs.`,
    'aria-orientation': 'vertical',
    // Places on the axis: its values may be 1e+40, which is no number to everybody. The text says them.
    'aria-valuemin': '0',
    'aria-valuemax': String(STEPS),
  }))
    axis.setAttribute(name, value);
  const show = () => {
    const { cursor, anchor } = state;
    const [low, high] = [Math.min(cursor, anchor ?? cursor), Math.max(cursor, anchor ?? cursor)];
    axis.setAttribute('aria-valuenow', String(cursor));
    axis.setAttribute('aria-valuetext', anchor === null ? textAt(cursor) : `${textAt(low)} to ${textAt(high)}`);
    mark.setAttribute('y', String(heightOf(high) - 1));
    mark.setAttribute('height', String(heightOf(low) - heightOf(high) + 2));
    return { low, high };
  };
  show();
  axis.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { cursor, anchor } = state;
    /** @type {Record<string, number>} */
    const places = { ArrowUp: cursor + 1, ArrowRight: cursor + 1, ArrowDown: cursor - 1, ArrowLeft: cursor - 1, PageUp: cursor + PAGE, PageDown: cursor - PAGE, Home: 0, End: STEPS };
    const to = places[event.key];
    const { low, high } = show();
    if (to !== undefined) {
      state.anchor = event.shiftKey ? (anchor ?? cursor) : null;
      state.cursor = Math.min(STEPS, Math.max(0, to));
      axis.append(mark);
    } else if (event.key === 'Escape') state.anchor = null;
    else if (event.key === 'Enter' && low < high) keep([textAt(low), textAt(high)]);
    else return;
    event.preventDefault();
    show();
  }); // prettier-ignore
  axis.addEventListener('blur', () => {
    state.anchor = null;
    mark.remove();
    show();
  });
}
