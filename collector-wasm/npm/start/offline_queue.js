/** Beacons that had not arrived when their page was left, for the next page of the site: one item a page. */
const PREFIX = 'rhumb.waiting.';
const PAGES_MAX = 8;
/** Characters of a page's. */
const LENGTH_MAX = 8192;

/** This page's item. */
const key = PREFIX + Math.random();

/** Storage may be full or forbidden; then nothing is remembered. */
export function remember(waiting) {
  try {
    localStorage.removeItem(key);
    const text = JSON.stringify(
      waiting.map(({ body, madeAt }) => [btoa(String.fromCharCode(...body)), madeAt]),
    );
    if (waiting.length && text.length <= LENGTH_MAX && keys().length < PAGES_MAX) {
      localStorage.setItem(key, text);
    }
  } catch {}
}

export function recall() {
  try {
    return keys().flatMap(take);
  } catch {
    return [];
  }
}

function take(key) {
  const stored = JSON.parse(localStorage.getItem(key));
  localStorage.removeItem(key);
  return stored.map(([text, madeAt]) => ({
    body: Uint8Array.from(atob(text), (character) => character.charCodeAt(0)),
    madeAt,
    attempts: 0,
  }));
}

function keys() {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}
