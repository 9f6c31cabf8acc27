// Keeps the page current: asks for itself every second and puts what has changed in place.

const INTERVAL_MS = 1000;
const TIMEOUT_MS = 10_000;

let tag;

async function refresh() {
  const headers = tag ? { 'If-None-Match': tag } : {};
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(location.href, { headers, signal, cache: 'no-store' });
  if (response.status !== 200) return;
  tag = response.headers.get('ETag');
  const text = await response.text();
  const next = new DOMParser().parseFromString(text, 'text/html').getElementById('main');
  if (next) replace(document.getElementById('main'), next);
}

/** What was open stays open, and what had the focus keeps it. */
function replace(main, next) {
  if (main.innerHTML === next.innerHTML || main.contains(getSelection().anchorNode) && !getSelection().isCollapsed) return;
  const open = [...main.querySelectorAll('details[open]')].map((details) => details.id);
  const focused = main.contains(document.activeElement) && path(document.activeElement);
  const before = count(main);
  for (const id of open) next.querySelector(`#${id}`)?.setAttribute('open', '');
  main.replaceChildren(...next.childNodes);
  prepare(main);
  if (focused) main.querySelector(focused)?.focus({ preventScroll: true });
  if (count(main) !== before) document.getElementById('announcement').textContent = count(main);
}

const count = (main) => main.querySelector('#count')?.textContent;

/** Finds the same element in the new content. */
function path(element) {
  const details = element.closest('details');
  return element.id ? `#${element.id}` : details ? `#${details.id} > summary` : null;
}

/** What works only with JavaScript is hidden without it. */
function prepare(main) {
  for (const button of main.querySelectorAll('[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const text = document.getElementById(button.dataset.copy).textContent;
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
    });
  }
}

async function live() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    if (document.visibilityState === 'hidden') continue;
    // A server that is away may come back.
    await refresh().catch(() => {});
  }
}

prepare(document.getElementById('main'));
live();
