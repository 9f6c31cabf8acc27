// Keeps the page current: asks for itself every second and puts what has changed in place.

import { sent } from './sent.js';
import { prepare as prepareCharts } from './chart.js';
import { prepare as prepareCopying } from './copy.js';

const INTERVAL_MS = 1000;
const TIMEOUT_MS = 10_000;
/** Whoever listens to the page is not to hear of nothing else. */
const ANNOUNCE_INTERVAL_MS = 60_000;

const main = document.getElementById('main');
// As the server sent it, without what was opened or pressed since.
let shown = sent;
let tag;
let announced;
let announcedAt = -Infinity;

async function refresh() {
  const headers = tag ? { 'If-None-Match': tag } : {};
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(location.href, { headers, signal, cache: 'no-store' });
  if (response.status !== 200) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const next = page.getElementById('main');
  if (!next || isInUse()) return;
  tag = response.headers.get('ETag');
  if (next.innerHTML !== shown) replace(next);
}

/** Whoever marks text wants to copy it, who presses something wants to let go of it, and who has begun to write to end: that can be finished first. */
function isInUse() {
  const selection = getSelection();
  const isSelected = !selection.isCollapsed && main.contains(selection.anchorNode);
  return isSelected || main.querySelector(':active, input:focus, select:focus') !== null;
}

/** What was open stays open, what had the focus keeps it, and what one reads stays where it is. */
function replace(next) {
  shown = next.innerHTML;
  const focused = main.contains(document.activeElement) && finder(document.activeElement);
  announced ??= count();
  const scrollBack = places();
  for (const details of main.querySelectorAll('details[open]')) {
    next.querySelector(`#${details.id}`)?.setAttribute('open', '');
  }
  main.replaceChildren(...next.childNodes);
  prepareCopying();
  prepareCharts();
  if (focused) (focused() ?? main).focus({ preventScroll: true });
  scrollBack();
  if (count() === announced || performance.now() < announcedAt + ANNOUNCE_INTERVAL_MS) return;
  announcedAt = performance.now();
  announced = count();
  document.getElementById('announcement').textContent = announced;
}

/** Where the window and its boxes are scrolled to; for the window by the first element with a name that is seen. */
function places() {
  const boxes = [...main.querySelectorAll('.scroll')].map(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop]);
  const top = ({ id }) => document.getElementById(id)?.getBoundingClientRect().top;
  const seen = [...main.querySelectorAll('[id]')].find((it) => it.getBoundingClientRect().bottom > 0);
  const before = scrollY > 0 && seen ? top(seen) : undefined;
  return () => {
    for (const [at, box] of main.querySelectorAll('.scroll').entries()) box.scrollTo(...(boxes[at] ?? [0, 0]));
    if (before !== undefined) scrollBy(0, (top(seen) ?? before) - before);
  };
}

const count = () => main.querySelector('#count')?.textContent;

/** Finds the same element in the new content: by what names it, and the same one of several. */
function finder(element) {
  const name = ['id', 'href', 'aria-labelledby', 'aria-label'].find((it) => element.hasAttribute(it));
  const isSummary = element.matches('summary');
  if (!isSummary && !name) return () => {};
  const named = isSummary ? `#${element.parentElement.id} > summary` : `[${name}="${CSS.escape(element.getAttribute(name))}"]`;
  const place = [...main.querySelectorAll(named)].indexOf(element);
  return () => main.querySelectorAll(named)[place];
}

async function live() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    if (document.visibilityState === 'hidden') continue;
    // A server that is away may come back.
    await refresh().catch(() => {});
  }
}

live();
