// shared/static/charts.js
// Purpose: makes the server's charts answer: values under the pointer, drag to zoom, double click for all steps.
// Why: the picture, its words and its links are there without this; on any failure they simply stay.
// Relevant files: shared/static/chart-plot.js, runs/templates/_chart.html, runs/curves/curve-schemas.ts

/** @typedef {import('./chart-plot.js').Answer} Answer */
/** @typedef {import('./chart-plot.js').Stretch} Stretch */

/**
 * @typedef {object} Chart
 * @property {HTMLElement} figure
 * @property {HTMLElement} drawing what holds the picture
 * @property {string} whole the caption of all steps
 * @property {Answer | null} answer what is drawn
 * @property {import('./chart-plot.js').Live | null} live
 * @property {number} asked counts requests: an answer that was overtaken is dropped
 * @property {Stretch} stretch of steps that is shown; null: all
 * @property {(string | null)[]} picture what the server drew, as far as the live chart knows it
 */

/** @typedef {typeof import('./chart-plot.js') & typeof import('./chart-data.js')} Library */

/** @type {Promise<Library> | undefined} */
let library;

/** uPlot and what draws with it, fetched when the first chart needs them; all at once, not one after the other that names it. */
function loadLibrary() {
  library ??= Promise.all([
    import('./chart-plot.js'),
    import('./chart-data.js'),
    ...[import('./chart-lines.js'), import('./chart-bands.js'), import('./chart-keys.js')],
    ...[import('./chart-marks.js'), import('./chart-readout.js'), import('./chart-labels.js')],
    loadPlot(),
    addToHead('link', { rel: 'stylesheet', href: new URL('uplot/uPlot.min.css', import.meta.url).href }),
  ]).then(([plots, data]) => ({ ...plots, ...data }));
  library.catch(() => (library = undefined));
  return library;
}

/**
 * While it loads, uPlot makes a writer of numbers and asks for the time zone: the browser's language data, 15 ms, for labels
 * that the server gives us. So meanwhile there is one that knows nothing.
 */
async function loadPlot() {
  const own = Intl;
  const none = function () {
    return { format: String, resolvedOptions: () => ({ timeZone: 'UTC' }) };
  };
  Reflect.set(window, 'Intl', { NumberFormat: none, DateTimeFormat: none });
  try {
    await addToHead('script', { src: new URL('uplot/uPlot.iife.min.js', import.meta.url).href });
  } finally {
    Reflect.set(window, 'Intl', own);
  }
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @returns {Promise<void>}
 */
function addToHead(name, attributes) {
  return new Promise((resolve, reject) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.addEventListener('load', () => resolve());
    element.addEventListener('error', () =>
      reject(new Error(`${attributes['src'] ?? attributes['href']} did not load`)),
    );
    document.head.append(element);
  });
}

/**
 * Asks for the curves (all steps, or a stretch of them) and draws them in place of the picture.
 * @param {Chart} chart
 * @param {Stretch} stretch
 */
async function show(chart, stretch) {
  const asked = (chart.asked += 1);
  const picture = pictureOf(chart);
  try {
    const [plots, answer] = await Promise.all([loadLibrary(), ask(addressOf(chart, stretch))]);
    if (!answer || asked !== chart.asked || !plots.canDraw(answer)) return;
    chart.answer = plots.unfold(answer);
    chart.stretch = stretch;
    chart.picture = picture;
    draw(chart, plots);
    sayStretch(chart, stretch);
  } catch (error) {
    console.warn('The chart stays as it is:', error);
  }
}

/**
 * @param {URL} address
 * @returns {Promise<import('./chart-data.js').Sent | null>}
 */
async function ask(address) {
  const response = await fetch(address, { headers: { accept: 'application/json' } });
  return response.ok ? /** @type {Promise<import('./chart-data.js').Sent>} */ (response.json()) : null;
}

/**
 * @param {Chart} chart
 * @param {Stretch} stretch
 */
function addressOf({ figure }, stretch) {
  const url = new URL(figure.dataset['curves'] ?? '', location.href);
  // A third of the bytes.
  url.searchParams.set('shape', 'columns');
  if (stretch) {
    url.searchParams.set('from', String(stretch.from));
    url.searchParams.set('to', String(stretch.to));
  }
  return url;
}

/**
 * @param {Chart} chart
 * @param {Library} plots
 */
function draw(chart, plots) {
  const { drawing, answer } = chart;
  if (!answer) return;
  chart.live?.destroy();
  // The picture stays for screen readers: its label says in words what is drawn.
  const picture = drawing.querySelector('svg');
  const height = chart.live?.height ?? picture?.getBoundingClientRect().height ?? 200;
  chart.live = plots.drawLive(drawing, answer, Math.max(height, 150), (stretch) => void show(chart, stretch));
  picture?.classList.add('vh');
}

/**
 * The caption says which steps are shown, and a button leads back.
 * @param {Chart} chart
 * @param {Stretch} stretch
 */
function sayStretch(chart, stretch) {
  const caption = chart.figure.querySelector('.points');
  if (caption) caption.textContent = stretch ? (chart.answer?.caption ?? '') : chart.whole;
  chart.figure.querySelector('.tools .back')?.remove();
  if (!stretch) return;
  const back = document.createElement('button');
  back.type = 'button';
  back.className = 'link back';
  back.toggleAttribute('data-own', true);
  back.textContent = 'all steps';
  back.addEventListener('click', () => void show(chart, null));
  chart.figure.querySelector('.tools')?.prepend(back);
}

/** @type {Map<HTMLElement, Chart>} */
const charts = new Map();

/**
 * Its lines, colours and texts as they stand there: to write it all as one text takes as long as drawing it. A page that
 * does not change needs none.
 * @param {Chart} chart
 */
function pictureOf({ drawing }) {
  if (!document.querySelector('main[data-live]')) return [];
  const parts = [...(drawing.querySelector('svg')?.getElementsByTagName('*') ?? [])];
  return parts.flatMap((part) => [
    part.getAttribute('class'),
    part.getAttribute('d'),
    part.childElementCount === 0 ? part.textContent : null,
  ]);
}

/** @param {Chart} chart */
function isStill(chart) {
  const now = pictureOf(chart);
  return now.length === chart.picture.length && now.every((part, i) => part === chart.picture[i]);
}

/** After live.js has put a newer page in: new charts are prepared, and those that show other curves asked for again. */
function prepareAll() {
  for (const [figure, chart] of charts) {
    if (chart.drawing.isConnected && 'curves' in figure.dataset) bringUp(chart);
    else {
      chart.live?.destroy();
      charts.delete(figure);
    }
  }
  for (const figure of document.querySelectorAll('figure[data-curves]')) {
    if (!charts.has(/** @type {HTMLElement} */ (figure))) prepare(/** @type {HTMLElement} */ (figure));
  }
}

/** @param {Chart} chart */
function bringUp(chart) {
  const { drawing, figure } = chart;
  drawing.onpointerleave = null;
  chart.whole = figure.querySelector('.points')?.textContent ?? '';
  if (!chart.live) return;
  chart.live.focusable();
  drawing.querySelector('svg')?.classList.add('vh');
  sayStretch(chart, chart.stretch);
  if (isStill(chart)) return;
  // Whoever reads a value there reads on; it is drawn again when the pointer has left.
  if (drawing.matches(':hover')) drawing.onpointerleave = () => void show(chart, chart.stretch);
  else void show(chart, chart.stretch);
}

/** @param {HTMLElement} figure */
function prepare(figure) {
  const drawing = figure.querySelector('.drawing');
  if (!(drawing instanceof HTMLElement)) return;
  /** @type {Chart} */
  const chart = {
    figure,
    drawing,
    whole: figure.querySelector('.points')?.textContent ?? '',
    answer: null,
    live: null,
    asked: 0,
    stretch: null,
    picture: [],
  };
  charts.set(figure, chart);
  const start = () => void show(chart, null);
  // A small chart beside a table is mostly just looked at: it costs nothing until somebody points at it.
  if (figure.classList.contains('small')) drawing.addEventListener('pointerenter', start, { once: true });
  else whenSeen(figure, start);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    if (chart.live) void loadLibrary().then((plots) => draw(chart, plots));
  });
}

/**
 * @param {HTMLElement} element
 * @param {() => void} then
 */
function whenSeen(element, then) {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    then();
  });
  observer.observe(element);
}

prepareAll();
document.addEventListener('page:changed', prepareAll);
