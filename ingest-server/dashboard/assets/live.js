// Keeps the page current: asks for itself every second and puts what has changed in place.

import { sent } from './sent.js';
import { prepare as prepareCharts } from './chart.js';
import { prepare as prepareCopying } from './copy.js';

const INTERVAL_MS = 1000;
const TIMEOUT_MS = 10_000;

const main = document.getElementById('main');
// As the server sent it, without what was opened or pressed since.
let shown = sent;
let tag;

async function refresh() {
  const headers = tag ? { 'If-None-Match': tag } : {};
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(location.href, { headers, signal, cache: 'no-store' });
  if (response.status !== 200) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const next = page.getElementById('main');
  if (!next || isSelected()) return;
  tag = response.headers.get('ETag');
  if (next.innerHTML !== shown) replace(next);
}

/** Whoever marks text wants to copy it; that can be finished first. */
function isSelected() {
  const selection = getSelection();
  return !selection.isCollapsed && main.contains(selection.anchorNode);
}

/** What was open stays open, and what had the focus keeps it. */
function replace(next) {
  shown = next.innerHTML;
  const focused = main.contains(document.activeElement) && finder(document.activeElement);
  const before = count();
  for (const details of main.querySelectorAll('details[open]')) {
    next.querySelector(`#${details.id}`)?.setAttribute('open', '');
  }
  main.replaceChildren(...next.childNodes);
  prepareCopying();
  prepareCharts();
  if (focused) (focused() ?? main).focus({ preventScroll: true });
  if (count() !== before) document.getElementById('announcement').textContent = count();
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
