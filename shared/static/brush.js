// shared/static/brush.js
// Purpose: a stretch of an axis of parallel coordinates is drawn with the pointer and becomes a filter; a click on a point opens its run.
// Why: what is seen is kept by one move. Without it the fields below the picture do the same.
// Relevant files: shared/static/picture-keys.js, runs/pictures/parallel.ts, runs/templates/pictures.html, runs/pictures/brush.ts

import { markByKeys, walkPoints } from './picture-keys.js';

/** Shorter moves are clicks, in units of the picture. */
const LEAST = 5;
/** So near to an end of an axis is at it. */
const EDGE = 2;
const XMLNS = 'http://www.w3.org/2000/svg';

/**
 * Units of the picture, from the top.
 * @param {SVGGraphicsElement} group @param {PointerEvent} event
 */
function heightOf(group, event) {
  const matrix = group.getScreenCTM();
  return matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()).y : 0;
}

/** '' is no bound: at an end where values far beyond are held. @param {Element} axis @param {number} y */
function valueAt(axis, y) {
  const [low, high, from, to] = ['low', 'high', 'from', 'to'].map((name) => Number(axis.getAttribute(`data-${name}`)));
  const [least = 0, most = 0, bottom = 0, top = 1] = [low, high, from, to];
  const open = (axis.getAttribute('data-open') ?? '').split(' ');
  if ((open.includes('low') && y > bottom - EDGE) || (open.includes('high') && y < top + EDGE)) return '';
  const value = least + (most - least) * Math.min(1, Math.max(0, (bottom - y) / (bottom - top)));
  return String(Number((axis.hasAttribute('data-log') ? 10 ** value : value).toPrecision(4)));
}

/** @param {HTMLFormElement} form @param {string} name @param {string[]} bounds */
function keep(form, name, bounds) {
  const field = [...form.querySelectorAll('fieldset')].find((one) => {
    const hidden = one.querySelector('input[name="brush"]');
    return hidden instanceof HTMLInputElement && hidden.value === name;
  });
  for (const [place, side] of ['from', 'to'].entries()) {
    const input = field?.querySelector(`input[name="${side}"]`);
    if (input instanceof HTMLInputElement) input.value = bounds[place] ?? '';
  }
  form.requestSubmit();
}

/** @param {SVGGElement} axis @param {HTMLFormElement} form */
function brush(axis, form) {
  const area = axis.querySelector('rect');
  if (!area) return;
  axis.addEventListener('pointerdown', (down) => {
    if (down.button !== 0) return;
    down.preventDefault();
    const start = heightOf(axis, down);
    const mark = document.createElementNS(XMLNS, 'rect');
    for (const name of ['x', 'width']) mark.setAttribute(name, area.getAttribute(name) ?? '0');
    mark.setAttribute('class', 'brushed');
    axis.append(mark);
    axis.setPointerCapture(down.pointerId);
    const end = new AbortController();
    const { signal } = end;
    axis.addEventListener(
      'pointermove',
      (move) => {
        const y = heightOf(axis, move);
        mark.setAttribute('y', String(Math.min(start, y)));
        mark.setAttribute('height', String(Math.abs(y - start)));
      },
      { signal },
    );
    axis.addEventListener(
      'pointerup',
      (up) => {
        end.abort();
        const stop = heightOf(axis, up);
        if (Math.abs(stop - start) < LEAST) return mark.remove();
        keep(form, axis.dataset['axis'] ?? '', [Math.max(start, stop), Math.min(start, stop)].map((y) => valueAt(axis, y))); // prettier-ignore
      },
      { signal },
    );
    axis.addEventListener(
      'pointercancel',
      () => {
        end.abort();
        mark.remove();
      },
      { signal },
    );
  });
}

const form = document.querySelector('form[data-brush]');
if (form instanceof HTMLFormElement)
  for (const axis of document.querySelectorAll('g[data-axis]'))
    if (axis instanceof SVGGElement) {
      brush(axis, form);
      markByKeys(axis, {
        valueAt: (y) => valueAt(axis, y),
        keep: (bounds) => keep(form, axis.dataset['axis'] ?? '', bounds),
      });
    }

/** @type {SVGGraphicsElement[]} */
const points = [];
for (const point of document.querySelectorAll('.picture [data-run]'))
  if (point instanceof SVGGraphicsElement) {
    points.push(point);
    point.addEventListener('click', () => location.assign(`/runs/${point.dataset['run'] ?? ''}`));
  }
const drawing = document.querySelector('.picture .drawing');
if (drawing instanceof HTMLElement && points.length > 0) walkPoints(drawing, points);
